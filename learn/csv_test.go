package learn

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestReadCSV(t *testing.T) {
	const plain = "id,Composition,Band gap (eV),T (K),method\n1,GaAs,1.42,300,optical\n2,Si,> 1.1,,\n3,ZnO,bad,300,x\n"
	for _, test := range []struct {
		name, text string
		columns    Columns
		inputs     []Input
		rows       string // inputs, value and bound of each row
		unread     int
		err        string
	}{
		{name: "property by name", text: plain, columns: Columns{Property: []string{"band gap"}}, inputs: []Input{{"Composition", Composition}}, rows: "GaAs 1.42 0|Si 1.1 1", unread: 1},
		{name: "further inputs", text: plain, columns: Columns{Value: "band gap", Inputs: []string{"T", "method"}}, inputs: []Input{{"Composition", Composition}, {"T", Number}, {"method", Category}},
			rows: "GaAs,300,optical 1.42 0|Si,, 1.1 1", unread: 1},
		{name: "two columns of numbers", text: plain, columns: Columns{Subjects: []string{"composition"}}, err: "several columns hold numbers; say with --value"},
		{name: "one column of numbers", text: "formula;x\nGaAs;1\nSi;2 ± 1\n", inputs: []Input{{"formula", Composition}}, rows: "GaAs 1 0|Si 2 0"},
		{name: "tabs, no head that is known", text: "what\tx [GPa]\nGaAs\t1–3\nSi\t<2e-3\n", inputs: []Input{{"what", Composition}}, rows: "GaAs 2 0|Si 0.002 -1"},
		{name: "byte order mark", text: "\uFEFFformula,value\nGaAs,1\n", inputs: []Input{{"formula", Composition}}, rows: "GaAs 1 0"},
		{name: "molecules", text: "name,smiles,logS\nethanol,CCO,1.1\nbenzene,c1ccccc1,-1.6\n", inputs: []Input{{"smiles", Molecule}}, rows: "CCO 1.1 0|c1ccccc1 -1.6 0"},
		{name: "molecules without a head that is known", text: "what,x\nCCO,1\nc1ccccc1,2\nC(=O)O,3\n", inputs: []Input{{"what", Molecule}}, rows: "CCO 1 0|c1ccccc1 2 0|C(=O)O 3 0"},
		{name: "no composition", text: "a,b\n1,2\n", err: "no column holds compositions"},
		{name: "process variables only", text: "a,b\n1,2\n3,4\n", columns: Columns{Value: "b", Inputs: []string{"a"}}, inputs: []Input{{"a", Number}}, rows: "1 2 0|3 4 0"},
		{name: "wrong column", text: plain, columns: Columns{Value: "hardness"}, err: `no column "hardness"; there are id, Composition`},
		{name: "ragged", text: "formula,value\nGaAs,1\nSi\n", err: "t.csv:3: 1 cells, but line 1 names 2 columns"},
		{name: "broken quote", text: "formula,value\n\"GaAs,1\n", err: "t.csv: "},
		{name: "empty", text: "", err: "t.csv: the file is empty"},
	} {
		f, err := ReadCSV(strings.NewReader(test.text), "t.csv", test.columns)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %q", test.name, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var rows []string
		for _, r := range f.Rows {
			rows = append(rows, strings.Join([]string{strings.Join(r.Inputs, ","), trim(r.Value), trim(float64(r.Bound))}, " "))
		}
		if got := strings.Join(rows, "|"); got != test.rows || !slices.Equal(f.Inputs, test.inputs) || len(f.Unread) != test.unread {
			t.Errorf("%s: inputs %v, rows %q, unread %v; want %v, %q, %d", test.name, f.Inputs, got, f.Unread, test.inputs, test.rows, test.unread)
		}
	}
}

func TestUnitOfHead(t *testing.T) {
	f, err := ReadCSV(strings.NewReader("formula,E_g [eV]\nGaAs,1\n"), "t.csv", Columns{})
	if err != nil || f.Unit != "eV" || f.ValueColumn != "E_g [eV]" || f.Rows[0].Source != "t.csv:2" {
		t.Errorf("%+v, %v", f, err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("composition,band gap (eV)\nGaAs,1.42\nSi,> 1.1\n", "band gap")
	f.Add("formula;x\nGaAs;1\nSi;\"2\"\n", "")
	f.Add("a\tb\nFe2O3\t~1–2\n", "b")
	f.Fuzz(func(t *testing.T, text, value string) {
		table, err := ReadCSV(strings.NewReader(text), "t.csv", Columns{Value: value})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "t.csv") {
				t.Fatalf("the error does not say where: %v", err)
			}
			return
		}
		if err := table.validate(); err != nil {
			t.Fatal(err)
		}
		if len(table.Rows)+len(table.Unread) > strings.Count(text, "\n")+strings.Count(text, "\r") {
			t.Fatalf("%d rows of %q", len(table.Rows), text)
		}
	})
}

// trim writes v in its shortest form.
func trim(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
