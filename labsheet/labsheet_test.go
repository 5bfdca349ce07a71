package labsheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/sheet"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/field/declared"
	"github.com/alkahest/alkahest/labsheet"
)

const cells = `Coin cells of March
Sample,Cathode,Specific capacity (mAh/g),T (°C),Mass loading,Average voltage / V,Remarks
A1,LiMn2O4,118.5,25,2.1,4.0,clear
A2,LiNi0.5Mn1.5O4,"135,2",25,2.0,4.7,
A3,LiFePO4,n.d.,55,2.2,3.4,lost
A4,LiCoO2,99999,25,2.2,3.9,
`

func setUp(t testing.TB, text string) (*document.Document, *field.Set) {
	t.Helper()
	fields, err := declared.Load()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := sheet.Read("cells.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc, fields
}

func TestGuess(t *testing.T) {
	doc, fields := setUp(t, cells)
	m := labsheet.Guess(doc, fields)
	if len(m.Tables) != 1 {
		t.Fatalf("%d tables", len(m.Tables))
	}
	want := []string{"ignore", "subject", "battery/specific-capacity mAh/g", "condition temperature °C", "ignore", "battery/discharge-voltage V", "ignore"}
	for i, c := range m.Tables[0].Columns {
		if got := strings.TrimSpace(c.Is + " " + c.Unit); got != want[i] {
			t.Errorf("column %d (%s): %s because %s, want %s", c.Column, c.Head, got, c.Because, want[i])
		}
		if c.Because == "" {
			t.Errorf("column %d (%s): no reason", c.Column, c.Head)
		}
	}
	if b := m.Tables[0].Columns[2].Because; !strings.Contains(b, "1 of 3 values are implausible") {
		t.Errorf("because %q does not warn of the value that cannot be", b)
	}
}

func TestRecords(t *testing.T) {
	doc, fields := setUp(t, cells)
	yaml, err := labsheet.Guess(doc, fields).YAML()
	if err != nil {
		t.Fatal(err)
	}
	m, err := labsheet.Parse("cells.csv.map.yaml", yaml, fields)
	if err != nil {
		t.Fatal(err)
	}
	records, rejected, err := m.Records(doc, fields)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, fmt.Sprintf("%s %s %g %s at %g %s", r.Subject.Formula, r.Property, *r.Low, r.Unit, *r.Conditions[0].Low, r.Conditions[0].Unit))
		if text := doc.Blocks[r.Evidence.Block].Text[r.Evidence.Start:r.Evidence.End]; text != r.Text || r.ID == "" {
			t.Errorf("the evidence is %q, the value %q", text, r.Text)
		}
	}
	want := []string{
		"LiMn2O4 battery/specific-capacity 118.5 mA h g^-1 at 298.15 K", "LiMn2O4 battery/discharge-voltage 4 V at 298.15 K",
		"LiMn1.5Ni0.5O4 battery/specific-capacity 135.2 mA h g^-1 at 298.15 K", "LiMn1.5Ni0.5O4 battery/discharge-voltage 4.7 V at 298.15 K",
		"LiFePO4 battery/discharge-voltage 3.4 V at 328.15 K", "LiCoO2 battery/discharge-voltage 3.9 V at 298.15 K",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(rejected) != 2 || !strings.Contains(rejected[0], `table 1, row 3, Specific capacity (mAh/g): "n.d." is not a value`) || !strings.Contains(rejected[1], `"99999" is not a plausible`) {
		t.Errorf("rejected %q", rejected)
	}
	// Another sheet.
	other, _ := setUp(t, strings.Replace(cells, "Cathode", "Anode", 1))
	if _, _, err := m.Records(other, fields); err == nil || !strings.Contains(err.Error(), `cells.csv.map.yaml:13: column 2 is headed "Cathode", table 1 of cells.csv has "Anode"`) {
		t.Errorf("a mapping of another sheet: %v", err)
	}
}

func TestParseErrors(t *testing.T) {
	_, fields := setUp(t, cells)
	column := func(is, unit string) string {
		return fmt.Sprintf("tables:\n  - table: 1\n    columns:\n      - {column: 1, head: x, is: %q, unit: %q}\n", is, unit)
	}
	for data, want := range map[string]string{
		"":                                           "m.yaml: the file is empty",
		"tables: [":                                  "m.yaml:1: ",
		"{\"tables\": [{\"table\": 1,}":              "m.yaml:1: ",
		"tabels: []":                                 `m.yaml:1:1: unknown key "tabels" in the mapping of a sheet; did you mean "tables"?`,
		"sheet: x\n":                                 "m.yaml:1:1: tables is missing",
		"tables: []\n":                               "m.yaml:1:9: tables is empty: nothing would be read",
		"tables:\n  - table: 1\n":                    "m.yaml:2:5: columns is missing",
		column("battery/specifc-capacity", ""):       `m.yaml:4:34: "battery/specifc-capacity" is neither subject, ignore, condition NAME nor a property that a field declares; did you mean "battery/specific-capacity"?`,
		column("nothing", ""):                        `m.yaml:4:34: "nothing" is neither subject, ignore, condition NAME nor a property that a field declares; alkahest fields lists the properties`,
		column("condition temprature", ""):           `m.yaml:4:34: the condition "temprature" is not known; did you mean "temperature"?`,
		column("condition ", ""):                     "m.yaml:4:34: a condition needs a name",
		column("condition temperature", "V"):         `m.yaml:4:65: the unit "V" is not one of a temperature`,
		column("battery/specific-capacity", "frob"):  `m.yaml:4:69: the unit "frob" is not known`,
		column("battery/specific-capacity", "V"):     `m.yaml:4:69: the unit "V" is not one of battery/specific-capacity, which is in mA h g^-1`,
		column("battery/specific-capacity", "mAh/g"): `m.yaml:4:9: table 1 has values, but no column is their subject`,
		strings.Replace(column("subject", ""), "column: 1", "column: 0", 1):   `m.yaml:4:18: the number of a column should be a whole number from 1, not "0"`,
		strings.Replace(column("subject", ""), "head: x, ", "", 1):            "m.yaml:4:9: head is missing",
		column("subject", "") + "      - {column: 2, head: y, is: subject}\n": "m.yaml:5:9: 2 columns are the subject",
		column("subject", "") + "      - {column: 1, head: y, is: ignore}\n":  "m.yaml:5:9: column 1 is mapped twice",
		column("subject", "") + column("subject", "")[8:]:                     "m.yaml:5:5: table 1 is mapped twice",
	} {
		if _, err := labsheet.Parse("m.yaml", []byte(data), fields); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", data, err, want)
		}
	}
	if m, err := labsheet.Parse("m.yaml", []byte(column("condition frobs", "")), fields); err != nil || m.Tables[0].Columns[0].Is != "condition frobs" {
		t.Errorf("a condition of one's own: %v", err)
	}
	if _, err := labsheet.Parse("m.json", []byte(`{"tables": [{"table": 1, "columns": [{"column": 1, "head": "x", "is": "subject"}]}]}`), fields); err != nil {
		t.Errorf("JSON: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	doc, fields := setUp(f, cells)
	yaml, err := labsheet.Guess(doc, fields).YAML()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(yaml)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := labsheet.Parse("fuzz", data, fields)
		if err != nil {
			return
		}
		records, _, err := m.Records(doc, fields)
		if err != nil {
			return
		}
		for _, r := range records {
			if doc.Blocks[r.Evidence.Block].Text[r.Evidence.Start:r.Evidence.End] != r.Text {
				t.Errorf("the evidence is not the value %q", r.Text)
			}
		}
	})
}

func BenchmarkGuess(b *testing.B) {
	doc, fields := setUp(b, cells+strings.Repeat("A1,LiMn2O4,118.5,25,2.1,4.0,clear\n", 500))
	b.ReportAllocs()
	for b.Loop() {
		labsheet.Guess(doc, fields)
	}
}
