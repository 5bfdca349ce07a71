package works

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
)

const title = "Superionic conduction in lithium argyrodites with aliovalent substitution"

func paper(change func(*document.Document)) *document.Document {
	doc := &document.Document{Title: title, Authors: []string{"Minji Kim", "A. Müller"}, Date: "2020-03-01"}
	if change != nil {
		change(doc)
	}
	return doc
}

func TestCompare(t *testing.T) {
	ids := func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	identified := func(pairs ...string) *document.Document {
		return paper(func(d *document.Document) { d.Identifiers = ids(pairs...) })
	}
	for _, test := range []struct {
		name   string
		a, b   *document.Document
		want   Relation
		reason string
	}{
		{"DOI in two forms", identified("doi", "10.1021/ACS.jpcl.0c00001"), identified("doi", "https://doi.org/10.1021/acs.jpcl.0c00001"), Same, "same DOI 10.1021/acs.jpcl.0c00001"},
		{"versions of a preprint", identified("arxiv", "arXiv:2001.01234v1"), identified("arxiv", "2001.01234v3"), Same, "same arXiv number 2001.01234"},
		{"arXiv's DOI", identified("doi", "10.48550/arXiv.2001.01234"), identified("arxiv", "2001.01234"), Same, "same arXiv number 2001.01234"},
		{"PMC", identified("pmcid", "PMC0712"), identified("pmcid", "712"), Same, "same PMC number PMC712"},
		{"patent with kind code", identified("patent", "US 7,123,456 B2"), identified("patent", "US7123456"), Same, "same patent number US7123456"},
		{"application and grant", identified("patent", "US20200012345A1", "application", "US16/123,456"), identified("patent", "US11000000B2", "application", "US16123456"), Same, "same patent application US16123456"},
		{"preprint and article", identified("doi", "10.26434/chemrxiv-2020-abcde-v2"), identified("doi", "10.1021/x1"), Alike, "same title, first author and year"},
		{"two articles", identified("doi", "10.1021/x1"), identified("doi", "10.1021/x2"), Different, ""},
		{"two patents of one title", identified("patent", "US1000001"), identified("patent", "US1000002"), Different, ""},
		{"name the other way round", paper(nil), paper(func(d *document.Document) { d.Authors = []string{"Kim, M."}; d.Date = "2021" }), Alike, "same title, first author and year"},
		{"other type of the title", paper(nil), paper(func(d *document.Document) {
			d.Title = "Superionic Conduction in Lithium-Argyrodites with Aliovalent Substi\u00ADtution."
		}), Alike, "same title, first author and year"},
		{"no authors", paper(nil), paper(func(d *document.Document) { d.Authors = nil }), Alike, "same title"},
		{"other author", paper(nil), paper(func(d *document.Document) { d.Authors = []string{"J. Doe"} }), Unknown, ""},
		{"years apart", paper(nil), paper(func(d *document.Document) { d.Date = "2010" }), Unknown, ""},
		{"title that says nothing", &document.Document{Title: "Introduction", Authors: []string{"Kim"}}, &document.Document{Title: "Introduction", Authors: []string{"Kim"}}, Unknown, ""},
		{"short title without authors", &document.Document{Title: "Journal of Power Sources"}, &document.Document{Title: "Journal of Power Sources"}, Unknown, ""},
		{"Korean title", &document.Document{Title: "리튬 황화물 고체 전해질의 이온 전도도와 합성 조건"}, &document.Document{Title: "리튬 황화물 고체전해질의 이온전도도와 합성조건"}, Alike, "same title"},
		{"number of a cited paper", identified("doi", "10.1021/x1"), &document.Document{Title: "Something quite unlike it in every respect", Authors: []string{"Jane Doe"}, Identifiers: ids("doi", "10.1021/x1")}, Different, ""},
		{"supporting information", paper(nil), paper(func(d *document.Document) { d.Title = "Supporting Information for: " + title }), Alike, "same title, first author and year"},
		{"retracted article", paper(nil), paper(func(d *document.Document) { d.Title = "RETRACTED ARTICLE: " + title }), Alike, "same title, first author and year"},
		{"notice by title", identified("doi", "10.1021/x1"), paper(func(d *document.Document) {
			d.Title, d.Authors, d.Identifiers = "Retraction notice to “"+title+"” [J. Power Sources 195 (2010) 939]", nil, ids("doi", "10.1021/x9")
		}), Alike, "a notice names its title"},
		{"notice by identifier", identified("doi", "10.1021/x1"), &document.Document{Title: "Retraction", Identifiers: ids("doi", "10.1021/x9"), About: ids("doi", "10.1021/X1")}, Same, "same DOI 10.1021/x1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := Describe(test.a), Describe(test.b)
			got, reason := Compare(a, b)
			if got != test.want || reason != test.reason {
				t.Errorf("Compare = %v, %q, want %v, %q\n%+v\n%+v", got, reason, test.want, test.reason, a, b)
			}
			if back, backReason := Compare(b, a); back != got || backReason != reason {
				t.Errorf("the other way round: %v, %q", back, backReason)
			}
			shared := false
			for _, k := range a.Keys() {
				for _, o := range b.Keys() {
					shared = shared || k == o
				}
			}
			if (test.want == Alike || test.want == Same) && !shared {
				t.Error("no key is shared, so they would never be compared")
			}
		})
	}
}

func TestNotice(t *testing.T) {
	for s, want := range map[string]struct {
		title  string
		part   Part
		notice document.Notice
	}{
		"RETRACTED: On water":                          {"On water", Main, document.Retracted},
		"[Retracted] On water":                         {"On water", Main, document.Retracted},
		"WITHDRAWN: On water":                          {"On water", Main, document.Retracted},
		"Retraction Note to: On water":                 {"On water", NoticePart, document.Retracted},
		"Retraction: On water":                         {"On water", NoticePart, document.Retracted},
		"Correction to “On cold water” [Lit. 1 (1) 1]": {"On cold water", NoticePart, document.Corrected},
		"Author Correction: On water":                  {"On water", NoticePart, document.Corrected},
		"Erratum for On water":                         {"On water", NoticePart, document.Corrected},
		"Expression of Concern: On water":              {"On water", NoticePart, document.Concern},
		"Supplementary Material":                       {"", Supplement, document.NoNotice},
		"Retraction of the tongue in frogs":            {"Retraction of the tongue in frogs", Main, document.NoNotice},
		"Retracted states of a cantilever":             {"Retracted states of a cantilever", Main, document.NoNotice},
		"Corrections in density functional theory":     {"Corrections in density functional theory", Main, document.NoNotice},
		"Correction of baseline drift":                 {"Correction of baseline drift", Main, document.NoNotice},
		"Supplementary motor areas":                    {"Supplementary motor areas", Main, document.NoNotice},
	} {
		if got := readTitle(s); got.title != want.title || got.part != want.part || got.notice != want.notice {
			t.Errorf("readTitle(%q) = %+v, want %+v", s, got, want)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for kind, ids := range map[string][]string{
		"doi": {"", "10.1", "doi", "11.1000/x", "10.1000/"}, "arxiv": {"2001", "abc"}, "pmid": {"x1", ""}, "pmcid": {"PMC"},
		"patent": {"US", "B2"}, "other": {"1"},
	} {
		for _, id := range ids {
			if got := Normalise(kind, id); got != "" {
				t.Errorf("Normalise(%s, %q) = %q, want nothing", kind, id, got)
			}
		}
	}
}

// prose returns n words drawn from a vocabulary, by paragraphs.
func prose(rng *rand.Rand, n int) []string {
	words := strings.Fields(`alpha battery cathode density electrolyte film garnet hydride interface junction kinetics lattice
		membrane nickel oxide phase quartz reaction sample temperature uranium voltage water yield zinc measured between
		heated under argon with crystal structure electron microscope diffraction pattern peak shift`)
	var out []string
	for len(out) < n/50 {
		var p strings.Builder
		for range 50 {
			p.WriteString(words[rng.IntN(len(words))] + " ")
		}
		out = append(out, p.String())
	}
	return out
}

func text(paragraphs []string) *document.Document {
	doc := &document.Document{}
	for _, p := range paragraphs {
		doc.Blocks = append(doc.Blocks, document.Block{Kind: document.Paragraph, Text: p})
	}
	return doc
}

func TestText(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 8))
	one, two := prose(rng, 5000), prose(rng, 5000)
	original := Describe(text(one))
	// A preprint: other numbers, formulas set apart, one paragraph in six another.
	changed := append([]string{}, one...)
	for i := range changed {
		if i%6 == 0 {
			changed[i] = two[i]
		}
		changed[i] = strings.ToUpper(changed[i][:1]) + changed[i][1:] + " 12.5 Li 7 La 3 Zr 2 O 12"
	}
	if got, reason := Compare(original, Describe(text(changed))); got != Alike || !strings.HasPrefix(reason, "same text") {
		t.Errorf("a changed version: %v, %q", got, reason)
	}
	if got, reason := Compare(original, Describe(text(two))); got != Unknown {
		t.Errorf("another text: %v, %q", got, reason)
	}
	// A shared section is not a shared work.
	if got, reason := Compare(original, Describe(text(append(one[:25:25], two[25:]...)))); got != Unknown {
		t.Errorf("a text with a third in common: %v, %q", got, reason)
	}
	if s := Describe(text(one[:2])).Sketch; !s.IsZero() {
		t.Error("a short text has a sketch")
	}
}

// TestCandidates measures that versions of a text share a key as often as
// bands says.
func TestCandidates(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	const trials = 60
	shared := 0
	for range trials {
		one, two := prose(rng, 3000), prose(rng, 3000)
		changed := append(append([]string{}, one[:50]...), two[50:]...) // of similarity 50/70 = .71
		a, b := Describe(text(one)).Keys(), Describe(text(changed)).Keys()
		found := false
		for _, k := range a {
			for _, o := range b {
				found = found || k == o
			}
		}
		if found {
			shared++
		}
	}
	if shared < trials*9/10 {
		t.Errorf("%d of %d versions share a key", shared, trials)
	}
}

func FuzzTraits(f *testing.F) {
	f.Add(title, "Kim, Minji", "2020-03", "10.1021/X", "US 7,123,456 B2", "Text of the paper")
	f.Add("Retraction Note to: “"+title+"”", "김철수", "20", "https://doi.org/10.48550/arXiv.2001.01234v2", "", strings.Repeat("고체 전해질 ", 200))
	f.Fuzz(func(t *testing.T, title, author, date, doi, patent, body string) {
		doc := &document.Document{Title: title, Authors: []string{author, "B"}, Date: date, Identifiers: map[string]string{"doi": doi, "patent": patent, "arxiv": doi},
			Blocks: []document.Block{{Kind: document.Paragraph, Text: body}}}
		a := Describe(doc)
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		b := &Traits{}
		if err := json.Unmarshal(data, b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.Keys(), b.Keys()) {
			t.Errorf("keys change in storage: %s", data)
		}
		for kind, id := range a.Identifiers {
			if again := Normalise(kind, id); again != id {
				t.Errorf("Normalise(%s, %q) = %q: not one form", kind, id, again)
			}
		}
		if r, reason := Compare(a, b); r == Different {
			t.Errorf("different from itself: %s: %s", reason, data)
		}
	})
}

func BenchmarkDescribe(b *testing.B) {
	doc := text(prose(rand.New(rand.NewPCG(1, 2)), 5000))
	doc.Title, doc.Authors = title, []string{"Minji Kim"}
	n := 0
	for _, block := range doc.Blocks {
		n += len(block.Text)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		Describe(doc)
	}
}

func BenchmarkCompare(b *testing.B) {
	x := Describe(text(prose(rand.New(rand.NewPCG(1, 2)), 5000)))
	y := Describe(text(prose(rand.New(rand.NewPCG(3, 4)), 5000)))
	b.ReportAllocs()
	for b.Loop() {
		Compare(x, y)
	}
}

func ExampleCompare() {
	preprint := &document.Document{Title: title, Authors: []string{"M. Kim"}, Date: "2019", Identifiers: map[string]string{"arxiv": "1912.01234v2"}}
	article := &document.Document{Title: title, Authors: []string{"Kim, Minji"}, Date: "2020-05", Identifiers: map[string]string{"doi": "10.1021/x1"}}
	_, reason := Compare(Describe(preprint), Describe(article))
	fmt.Println(reason)
	// Output: same title, first author and year
}
