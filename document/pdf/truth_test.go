package pdf

import (
	"context"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/alkahest/alkahest/document"
)

// corpus is where PDF files lie beside the JATS of the same papers; it is not
// part of the repository.
const corpus = "../../../shared/corpora/battery-papers"

// truth is what the JATS of a paper says.
type truth struct {
	words     []string // of the paragraphs of the body
	breaks    []int    // where a paragraph begins in words
	exponents []string // "10^−4", "g^−1": a superscript with a digit and what is before it
	cells     []string // of tables
}

func readTruth(t *testing.T, path string) truth {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var out truth
	var stack []string
	in := func(name string) bool {
		for _, s := range stack {
			if s == name {
				return true
			}
		}
		return false
	}
	var para, cell, sup strings.Builder
	tail := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			stack = append(stack, tok.Name.Local)
			switch tok.Name.Local {
			case "p":
				if in("body") && !in("table-wrap") && !in("fig") {
					para.Reset()
				}
			case "td", "th":
				cell.Reset()
			case "sup":
				sup.Reset()
				tail = lastWord(para.String())
			}
		case xml.EndElement:
			switch tok.Name.Local {
			case "p":
				if in("body") && !in("table-wrap") && !in("fig") {
					out.breaks = append(out.breaks, len(out.words))
					out.words = append(out.words, words(para.String())...)
				}
			case "td", "th":
				if s := squeeze(cell.String()); s != "" {
					out.cells = append(out.cells, s)
				}
			case "sup":
				if s := squeeze(sup.String()); in("body") && in("p") && !in("table-wrap") && !in("fig") && !in("xref") && exponent.MatchString(s) && tail != "" {
					out.exponents = append(out.exponents, tail+"^"+s)
				}
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if in("tex-math") || in("math") || in("disp-formula") {
				continue
			}
			if in("body") && in("p") && !in("table-wrap") && !in("fig") {
				para.Write(tok)
			}
			if in("td") || in("th") {
				cell.Write(tok)
			}
			if in("sup") {
				sup.Write(tok)
			}
		}
	}
}

var exponent = regexp.MustCompile(`^[-−–]?[0-9.]+$`)

// squeeze removes all white space and makes dashes one.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '−' || r == '–' || r == '‐' || r == '‑' || r == '—':
			return '-'
		case r == 'μ':
			return 'µ'
		}
		return r
	}, s)
}

// words are stretches of letters and digits, in small letters.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// lastWord returns the letters or digits at the end of s, with nothing between.
func lastWord(s string) string {
	i := len(s)
	for i > 0 {
		r := rune(s[i-1])
		if r > 127 || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i--
	}
	return s[i:]
}

func TestAgainstJATS(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(corpus, "pdf", "*.pdf"))
	if len(files) == 0 {
		t.Skip("no papers beside the repository: " + corpus)
	}
	r := newReader(t)
	var all [6]int
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".pdf")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.Read(context.Background(), name, data)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if err := doc.Check(); err != nil {
			t.Error(err)
		}
		want := readTruth(t, filepath.Join(corpus, "jats", name+".xml"))
		grams := map[string]bool{}
		exponents := map[string]int{}
		cells := map[string]int{}
		for _, b := range doc.Blocks {
			w := words(b.Text)
			for i := 0; i+5 <= len(w); i++ {
				grams[strings.Join(w[i:i+5], " ")] = true
			}
			for _, s := range b.Shifts {
				if s.Raised {
					exponents[lastWord(b.Text[:s.Start])+"^"+squeeze(b.Text[s.Start:s.End])]++
				}
			}
			if b.Kind == document.Tabular {
				for _, c := range b.Table.Cells {
					cells[squeeze(b.Text[c.Start:c.End])]++
				}
			}
		}
		var got [6]int
		for i := 0; i+5 <= len(want.words); i++ {
			crosses := false
			for _, at := range want.breaks {
				crosses = crosses || at > i && at < i+5
			}
			if crosses {
				continue
			}
			got[1]++
			g := strings.Join(want.words[i:i+5], " ")
			if grams[g] {
				got[0]++
			} else if testing.Verbose() && os.Getenv("MISSING") == name {
				t.Log("missing: ", g)
			}
		}
		for _, e := range want.exponents {
			got[3]++
			if exponents[e] > 0 {
				exponents[e]--
				got[2]++
			} else if testing.Verbose() && os.Getenv("MISSING") == name {
				t.Log("missing: ", e)
			}
		}
		for _, c := range want.cells {
			got[5]++
			if cells[c] > 0 {
				cells[c]--
				got[4]++
			} else if testing.Verbose() && os.Getenv("MISSING") == name {
				t.Log("missing cell: ", c)
			}
		}
		t.Logf("%s: 5-grams %d/%d, exponents %d/%d, cells %d/%d; %q %v", name, got[0], got[1], got[2], got[3], got[4], got[5], doc.Title, doc.Identifiers)
		for i := range got {
			all[i] += got[i]
		}
	}
	t.Logf("5-grams of the body found: %d of %d, %.4f", all[0], all[1], float64(all[0])/float64(all[1]))
	t.Logf("exponents found raised: %d of %d, %.4f", all[2], all[3], float64(all[2])/float64(all[3]))
	t.Logf("table cells found: %d of %d, %.4f", all[4], all[5], float64(all[4])/float64(all[5]))
	// What was reached when this was written, less a little.
	for i, least := range []float64{0.97, 0.99, 0.95} {
		if share := float64(all[2*i]) / float64(all[2*i+1]); share < least {
			t.Errorf("share %d is %.4f, less than %.2f", i, share, least)
		}
	}
}
