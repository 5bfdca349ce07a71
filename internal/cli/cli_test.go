package cli

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field/declared"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/sqlite"
	"github.com/alkahest/alkahest/record"
)

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {170, "170"}, {3.4, "3.4"}, {-5.8, "−5.8"}, {0.0121, "0.0121"}, {0.0003, "3×10⁻⁴"},
		{2.3e-6, "2.3×10⁻⁶"}, {1e16, "1×10¹⁶"}, {1.0 / 3, "0.333333"}, {298.15, "298.15"}, {453.1500000001, "453.15"},
		{123456, "123456"}, {1234567, "1234567"}, {math.Inf(1), "+Inf"},
	} {
		if got := number(test.x); got != test.want {
			t.Errorf("number(%v) = %q, want %q", test.x, got, test.want)
		}
	}
}

func TestUnit(t *testing.T) {
	for symbol, want := range map[string]string{
		"mA h g^-1": "mA h g⁻¹", "S cm^-1": "S cm⁻¹", "cm^2 s^-1": "cm² s⁻¹", "K": "K", "": "", "a^b": "a^b", "m^-12": "m⁻¹²", "x^": "x^",
	} {
		if got := unit(symbol); got != want {
			t.Errorf("unit(%q) = %q, want %q", symbol, got, want)
		}
	}
}

func TestValue(t *testing.T) {
	at := func(x float64) *float64 { return &x }
	for _, test := range []struct {
		r    record.Record
		want string
	}{
		{record.Record{Low: at(170), High: at(170), Unit: "mA h g^-1"}, "170 mA h g⁻¹"},
		{record.Record{Low: at(60), High: at(65), Unit: "°C"}, "60–65 °C"},
		{record.Record{Low: at(90), Unit: "GPa"}, "≥ 90 GPa"},
		{record.Record{High: at(-2), Unit: "K"}, "≤ −2 K"},
		{record.Record{Low: at(94), High: at(94), Error: 2, Unit: "%"}, "94 ± 2 %"},
		{record.Record{Low: at(2.2), High: at(2.2), Approx: true}, "~2.2"},
		{record.Record{}, "?"},
	} {
		if got := value(&test.r); got != test.want {
			t.Errorf("value = %q, want %q", got, test.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		s     string
		limit int
		want  string
	}{
		{"LiFePO4", 7, "LiFePO4"}, {"LiFePO4", 6, "LiFeP…"}, {"유리전이온도", 12, "유리전이온도"},
		{"유리전이온도", 8, "유리전…"}, {"유리전이온도", 7, "유리전…"}, {"La₂O₃−δ", 4, "La₂…"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"}, {"ab", 1, "…"},
	} {
		got := clip(test.s, test.limit)
		if got != test.want || width(got) > test.limit {
			t.Errorf("clip(%q, %d) = %q of width %d, want %q", test.s, test.limit, got, width(got), test.want)
		}
	}
}

func TestGrid(t *testing.T) {
	g := &grid{columns: []column{{head: "SUBJECT", least: 8}, {head: "VALUE"}, {head: "CONF", right: true}}}
	g.add("폴리락트산", "60 °C", "0.98")
	g.add("Li9.54Si1.74P1.44S11.7Cl0.3", "25 mS cm⁻¹", "0.5")
	g.add("control\x1b[31m", "1", "1")
	for _, test := range []struct {
		limit int
		want  string
	}{
		{0, `
SUBJECT                      VALUE       CONF
폴리락트산                   60 °C       0.98
Li9.54Si1.74P1.44S11.7Cl0.3  25 mS cm⁻¹   0.5
control` + "\uFFFD" + `[31m                 1              1
`},
		{30, `
SUBJECT       VALUE       CONF
폴리락트산    60 °C       0.98
Li9.54Si1.7…  25 mS cm⁻¹   0.5
control` + "\uFFFD" + `[31m  1              1
`},
		{10, `
SUBJECT   VALUE       CONF
폴리락…   60 °C       0.98
Li9.54S…  25 mS cm⁻¹   0.5
control…  1              1
`},
	} {
		var b bytes.Buffer
		if err := g.write(&b, test.limit); err != nil {
			t.Fatal(err)
		}
		if got := "\n" + b.String(); got != test.want {
			t.Errorf("in %d columns:%s\nwant:%s", test.limit, got, test.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("There is more to say about this. ", 40)
	text := long + "The band gap of CdTe is 1.5 eV. It follows that the cell works. " + long
	value := strings.Index(text, "1.5 eV")
	subject := strings.Index(text, "CdTe")
	doc := &document.Document{Name: "a.txt", Blocks: []document.Block{
		{Kind: document.Paragraph, Text: text},
		{Kind: document.Paragraph, Text: "It is 1.5 eV wide.\x1b[2J"},
	}}
	for _, test := range []struct {
		name string
		r    record.Record
		want string
	}{
		{"sentence", record.Record{
			Evidence: record.Evidence{Block: 0, Start: value, End: value + 6, Sentence: "The band gap of CdTe is 1.5 eV."},
			Subject:  record.Subject{Block: 0, Start: subject, End: subject + 4},
		}, "  The band gap of «CdTe» is «1.5 eV».\n"},
		{"no sentence", record.Record{
			Evidence: record.Evidence{Block: 0, Start: value, End: value + 6},
			Subject:  record.Subject{Block: 0, Start: subject, End: subject + 4},
		}, "  The band gap of «CdTe» is «1.5 eV».\n"},
		{"subject in another block, control characters", record.Record{
			Evidence: record.Evidence{Block: 1, Start: 6, End: 12, Sentence: "It is 1.5 eV wide.\x1b[2J"},
			Subject:  record.Subject{Block: 0, Start: subject, End: subject + 4},
		}, "  The band gap of «CdTe» is 1.5 eV.\n  It is «1.5 eV» wide.\uFFFD[2J\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			e := &environment{out: &b}
			if err := e.excerpt(doc, &test.r); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", b.String(), test.want)
			}
		})
	}
	outside := &record.Record{Evidence: record.Evidence{Block: 7}}
	if err := (&environment{out: &bytes.Buffer{}}).excerpt(doc, outside); err == nil {
		t.Error("a record that points outside its document is shown")
	}
}

func TestShellQuoted(t *testing.T) {
	for s, want := range map[string]string{
		"papers": "papers", "": "''", "my papers": "'my papers'", "it's": `'it'\''s'`, "논문": "논문", "a;b": "'a;b'", "$HOME": "'$HOME'",
	} {
		if got := shellQuoted(s); got != want {
			t.Errorf("shellQuoted(%q) = %s, want %s", s, got, want)
		}
	}
}

// interrupting is a shelf whose reader is interrupted while it reads.
type interrupting struct {
	shelf
	after  int
	cancel context.CancelFunc
}

func (s *interrupting) read(ctx context.Context, name string) (*document.Document, error) {
	if s.after--; s.after < 0 {
		s.cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.shelf.read(ctx, name)
}

// TestInterrupt checks that what was read before an interrupt is kept, that
// the user is told how to go on, and that going on leaves nothing out and
// doubles nothing.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	papers := filepath.Join(dir, "papers")
	if err := os.Mkdir(papers, 0o777); err != nil {
		t.Fatal(err)
	}
	const documents = 60
	for i := range documents {
		text := fmt.Sprintf("The Curie temperature of sample %d of nickel is %d K.\n", i, 600+i)
		if err := os.WriteFile(filepath.Join(papers, fmt.Sprintf("%02d.txt", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	fields, err := declared.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	onDisk := openFiles(nil)
	defer onDisk.Close()
	db, err := sqlite.Open(ctx, filepath.Join(dir, "db"))
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{store: db, reader: grammars{extract.New(fields)}, version: "test", workers: 1, shelf: &interrupting{onDisk, 25, cancel}}
	sum, err := in.run(ctx, []string{papers})
	if err == nil || ctx.Err() == nil {
		t.Fatalf("the run was not interrupted: %v", err)
	}
	var out bytes.Buffer
	e := &environment{out: &out, errOut: &out, program: "alkahest", db: filepath.Join(dir, "db")}
	if status := e.report(ctx, e.summarise(ctx, sum, err, []string{"papers"})); status != statusFailed {
		t.Errorf("exit status %d", status)
	}
	if !strings.Contains(out.String(), "to go on: alkahest read papers --db") || !strings.Contains(out.String(), "alkahest: interrupted") {
		t.Errorf("the user is told:\n%s", out.String())
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, err = sqlite.Open(t.Context(), filepath.Join(dir, "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := countRecords(t, db.Query(t.Context(), &knowledge.Query{}, knowledge.ByDocument, 0)); n == documents {
		t.Error("nothing was left to read: the test interrupts too late")
	}
	in = &intake{store: db, reader: grammars{extract.New(fields)}, version: "test", shelf: onDisk}
	sum, err = in.run(t.Context(), []string{papers})
	if err != nil || sum.failed > 0 {
		t.Fatalf("going on: %v, failures %v", err, sum.failures)
	}
	if n := countRecords(t, db.Query(t.Context(), &knowledge.Query{}, knowledge.ByDocument, 0)); n != documents {
		t.Errorf("%d records after both runs, want %d", n, documents)
	}
}

func countRecords(t *testing.T, records iter.Seq2[*record.Record, error]) int {
	t.Helper()
	n := 0
	for _, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}
