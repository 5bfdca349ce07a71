package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
)

// all returns what a list of items yields.
func all(t testing.TB, items iter.Seq2[*Item, error]) []*Item {
	t.Helper()
	var out []*Item
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item)
	}
	return out
}

// Answers as the services send them; the papers are made up.
const (
	europePMCPage1 = `{"version":"6.9","hitCount":3,"nextCursorMark":"AoIIP","nextPageUrl":"https://x","request":{"queryString":"x","resultType":"core"},
"resultList":{"result":[
{"id":"111","source":"MED","pmid":"111","pmcid":"PMC1001","doi":"10.5555/One","title":"Garnet Li<sub>7</sub>La<sub>3</sub>Zr<sub>2</sub>O<sub>12</sub> &amp; its conductivity.","authorString":"Seo J, Han M.","authorList":{"author":[{"fullName":"Seo J","firstName":"Jiwoo","lastName":"Seo","initials":"J"},{"fullName":"Han M"}]},"pubYear":"2021","firstPublicationDate":"2021-03-04","isOpenAccess":"Y","inEPMC":"Y","license":"cc by-nc","pubTypeList":{"pubType":["research-article","Journal Article"]}},
{"id":"222","source":"MED","pmid":"222","pmcid":"PMC1002","doi":"10.5555/two","title":"A retracted paper","authorString":"Kim K.","pubYear":"2019","isOpenAccess":"Y","pubTypeList":{"pubType":["Retracted Publication"]},"commentCorrectionList":{"commentCorrection":[{"id":"999","source":"MED","type":"Retraction in","reference":"J Ex. 2020","orderIn":1}]}},
{"id":"333","source":"MED","pmid":"333","title":"Abstract only","isOpenAccess":"N"}
]}}`
	europePMCPage2 = `{"hitCount":3,"nextCursorMark":"AoIIP","resultList":{"result":[
{"id":"PMC1003","source":"PMC","pmcid":"PMC1003","title":"Corrected","isOpenAccess":"Y","pubYear":"2020","commentCorrectionList":{"commentCorrection":[{"type":"Erratum in"},{"type":"Comment in"}]}},
{"id":"x","pmcid":"PMC1/../../x","title":"Hostile","isOpenAccess":"Y"}]}}`

	arXivPage = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<link href="http://arxiv.org/api/query?search_query%3Dall:garnet" rel="self" type="application/atom+xml"/>
<title type="html">ArXiv Query: search_query=all:garnet</title><id>http://arxiv.org/api/abc</id><updated>2026-01-01T00:00:00-05:00</updated>
<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">3</opensearch:totalResults>
<opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">0</opensearch:startIndex>
<entry><id>http://arxiv.org/abs/2001.01234v2</id><updated>2020-02-01T00:00:00Z</updated><published>2020-01-05T10:00:00Z</published>
<title>Lithium in
  garnets</title><summary>  We measure. </summary><author><name>Jiwoo Seo</name></author><author><name>M. Han</name></author>
<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/one</arxiv:doi><link title="pdf" href="http://arxiv.org/pdf/2001.01234v2" rel="related" type="application/pdf"/>
<arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cond-mat.mtrl-sci" scheme="http://arxiv.org/schemas/atom"/></entry>
<entry><id>http://arxiv.org/abs/cond-mat/0001001v1</id><published>2000-01-05T10:00:00Z</published><title>Old</title><summary>This paper has been withdrawn by the author.</summary><author><name>A. B.</name></author></entry>
<entry><id>http://arxiv.org/abs/../../etc/passwd</id><title>Hostile</title></entry>
</feed>`
	arXivOAI = `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate><GetRecord><record><header><identifier>oai:arXiv.org:2001.01234</identifier></header>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2001.01234</id><license>http://creativecommons.org/licenses/by/4.0/</license></arXiv></metadata></record></GetRecord></OAI-PMH>`
	arXivError = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#incorrect_id</id><title>Error</title><summary>malformed query</summary></entry></feed>`

	openAlexAnswer = `{"id":"https://openalex.org/W1","doi":"https://doi.org/10.5555/one","title":"Garnets","display_name":"Garnets","publication_date":"2021-03-04","is_retracted":true,
"ids":{"openalex":"https://openalex.org/W1","doi":"https://doi.org/10.5555/one","pmid":"https://pubmed.ncbi.nlm.nih.gov/111","pmcid":"https://www.ncbi.nlm.nih.gov/pmc/articles/1001"},
"authorships":[{"author_position":"first","author":{"id":"https://openalex.org/A1","display_name":"Jiwoo Seo"}}],
"open_access":{"is_oa":true,"oa_status":"gold"},
"best_oa_location":{"is_oa":true,"landing_page_url":"https://doi.org/10.5555/one","pdf_url":"https://www.publisher.example/one.pdf","license":"cc-by","version":"publishedVersion"},
"locations":[{"is_oa":true,"landing_page_url":"https://arxiv.org/abs/2001.01234","pdf_url":"https://arxiv.org/pdf/2001.01234","license":null},
{"is_oa":true,"pdf_url":"file:///etc/passwd"},{"is_oa":false,"pdf_url":"https://www.publisher.example/paid.pdf"}]}`

	usptoList = `{"count":1,"bulkDataProductBag":[{"productIdentifier":"PTGRXML","productTitleText":"Patent Grant Full-Text Data (No Images) - XML","productFrequencyText":"WEEKLY","productFileBag":{"count":3,"fileDataBag":[
{"fileName":"ipg240109.zip","fileSize":7,"fileDataFromDate":"2024-01-09","fileDataToDate":"2024-01-09","fileTypeText":"Data","fileDownloadURI":"BASE/uspto/files/ipg240109.zip","fileReleaseDate":"2024-01-09 00:10:05"},
{"fileName":"ipg240102.zip","fileSize":8,"fileDataFromDate":"2024-01-02","fileDataToDate":"2024-01-02","fileDownloadURI":"BASE/uspto/files/ipg240102.zip"},
{"fileName":"../../evil.zip","fileSize":8,"fileDataFromDate":"2024-01-03","fileDownloadURI":"BASE/uspto/files/evil.zip"},
{"fileName":"ipg231226.zip","fileSize":8,"fileDataFromDate":"2023-12-26","fileDownloadURI":"BASE/uspto/files/ipg231226.zip"},
{"fileName":"nodate.zip"}]}}]}`
)

func TestEuropePMC(t *testing.T) {
	var queries []string
	c, _, server := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		queries = append(queries, q.Get("query")+"|"+q.Get("cursorMark")+"|"+q.Get("pageSize")+"|"+q.Get("resultType"))
		if q.Get("cursorMark") == "*" {
			fmt.Fprint(w, europePMCPage1)
		} else {
			fmt.Fprint(w, europePMCPage2)
		}
	}), nil)
	items := all(t, c.EuropePMC(t.Context(), "garnet OR argyrodite", 10))
	if want := []string{"(garnet OR argyrodite) AND OPEN_ACCESS:y|*|10|core", "(garnet OR argyrodite) AND OPEN_ACCESS:y|AoIIP|8|core"}; !reflect.DeepEqual(queries, want) {
		t.Errorf("asked %q, want %q", queries, want)
	}
	want := []*Item{
		{ID: "europepmc:PMC1001", Title: "Garnet Li7La3Zr2O12 & its conductivity", Authors: []string{"Seo J", "Han M"}, Date: "2021-03-04",
			Identifiers: map[string]string{"doi": "10.5555/One", "pmid": "111", "pmcid": "PMC1001"}, License: "CC-BY-NC",
			Copies: []Copy{{Service: "europepmc", URL: server.URL + "/europepmc/PMC1001/fullTextXML", File: "PMC1001.xml", Content: XML}}},
		{ID: "europepmc:PMC1002", Title: "A retracted paper", Authors: []string{"Kim K"}, Date: "2019", Identifiers: map[string]string{"doi": "10.5555/two", "pmid": "222", "pmcid": "PMC1002"},
			Notice: document.Retracted, Copies: []Copy{{Service: "europepmc", URL: server.URL + "/europepmc/PMC1002/fullTextXML", File: "PMC1002.xml", Content: XML}}},
		{ID: "europepmc:PMC1003", Title: "Corrected", Date: "2020", Identifiers: map[string]string{"pmcid": "PMC1003"}, Notice: document.Corrected,
			Copies: []Copy{{Service: "europepmc", URL: server.URL + "/europepmc/PMC1003/fullTextXML", File: "PMC1003.xml", Content: XML}}},
	}
	compareItems(t, items, want)
	if got := all(t, c.EuropePMC(t.Context(), "garnet", 1)); len(got) != 1 {
		t.Errorf("%d items, asked for one", len(got))
	}
}

func compareItems(t *testing.T, got, want []*Item) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !reflect.DeepEqual(got[i], want[i]) {
			a, _ := json.Marshal(got[min(i, len(got)):])
			b, _ := json.Marshal(want[min(i, len(want)):])
			t.Fatalf("from item %d on\n%s\nwant\n%s", i, a, b)
		}
	}
}

func TestArXiv(t *testing.T) {
	var queries []string
	handler := http.NewServeMux()
	handler.HandleFunc("/arxiv/api/query", func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.Query().Get("search_query"))
		fmt.Fprint(w, arXivPage)
	})
	handler.HandleFunc("/arxiv/oai2", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("identifier") != "oai:arXiv.org:2001.01234" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, arXivOAI)
	})
	c, _, server := testClient(t, handler, nil)
	items := all(t, c.ArXiv(t.Context(), `garnet "solid electrolyte"`, 10, false))
	if len(queries) != 1 || queries[0] != `all:garnet AND all:"solid electrolyte"` {
		t.Errorf("asked %q", queries)
	}
	compareItems(t, items, []*Item{
		{ID: "arxiv:2001.01234v2", Title: "Lithium in garnets", Authors: []string{"Jiwoo Seo", "M. Han"}, Date: "2020-01-05",
			Identifiers: map[string]string{"arxiv": "2001.01234", "doi": "10.5555/one"}, License: "CC-BY-4.0",
			Copies: []Copy{{Service: "arxiv", URL: server.URL + "/arxiv/pdf/2001.01234v2", File: "arxiv-2001.01234v2.pdf", Content: PDF}}},
		{ID: "arxiv:cond-mat/0001001v1", Title: "Old", Authors: []string{"A. B."}, Date: "2000-01-05", Identifiers: map[string]string{"arxiv": "cond-mat/0001001"}, Notice: document.Retracted,
			Copies: []Copy{{Service: "arxiv", URL: server.URL + "/arxiv/pdf/cond-mat/0001001v1", File: "arxiv-cond-mat-0001001v1.pdf", Content: PDF}}},
	})
	if got := all(t, c.ArXiv(t.Context(), "ti:garnet", 1, true)); got[0].Copies[0].Content != Source || got[0].Copies[0].URL != server.URL+"/arxiv/e-print/2001.01234v2" || queries[1] != "ti:garnet" {
		t.Errorf("source: %+v, asked %q", got[0], queries[1])
	}
	c, _, _ = testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, arXivError) }), nil)
	for _, err := range c.ArXiv(t.Context(), "au:", 10, false) {
		if err == nil || !strings.Contains(err.Error(), "malformed query") {
			t.Errorf("a mistake in the query: %v", err)
		}
	}
}

func TestOpenAlex(t *testing.T) {
	var asked []string
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.EscapedPath()+"?"+r.URL.RawQuery)
		if strings.HasSuffix(r.URL.Path, "10.5555/none") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, openAlexAnswer)
	})
	c, _, server := testClient(t, handler, func(o *Options) { o.Hosts = []string{"publisher.example"} })
	item := all(t, c.DOI(t.Context(), []string{"https://doi.org/10.5555/ONE"}))
	compareItems(t, item, []*Item{{ID: "doi:10.5555/one", Title: "Garnets", Authors: []string{"Jiwoo Seo"}, Date: "2021-03-04", License: "CC-BY", Notice: document.Retracted,
		Identifiers: map[string]string{"doi": "10.5555/one", "pmid": "111", "pmcid": "PMC1001", "arxiv": "2001.01234"},
		Copies: []Copy{
			{Service: "europepmc", URL: server.URL + "/europepmc/PMC1001/fullTextXML", File: "PMC1001.xml", Content: XML},
			{Service: "arxiv", URL: server.URL + "/arxiv/pdf/2001.01234", File: "arxiv-2001.01234.pdf", Content: PDF},
			{Service: "elsewhere", URL: "https://www.publisher.example/one.pdf", File: "10.5555_one.pdf", Content: PDF},
		}}})
	missing := all(t, c.DOI(t.Context(), []string{"10.5555/none", "10.5555/a<b>c"}))
	if missing[0].Missing == "" || len(missing[0].Copies) != 0 {
		t.Errorf("%+v", missing[0])
	}
	if want := "/openalex/works/doi:10.5555/a%3Cb%3Ec?mailto=chemist%40example.org"; asked[2] != want {
		t.Errorf("asked %s, want %s", asked[2], want)
	}
	for _, bad := range []string{"", "x", "11.5555/x", "10.5555/", "10.5555/a b", "10.5555/x?y=z"} {
		if doi, ok := CleanDOI(bad); ok {
			t.Errorf("%q is taken for the DOI %s", bad, doi)
		}
	}
	// A copy at a host that nobody asked for.
	c, _, _ = testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"title":"T","best_oa_location":{"is_oa":true,"pdf_url":"https://www.publisher.example/one.pdf"}}`)
	}), nil)
	if got := all(t, c.DOI(t.Context(), []string{"10.5555/x"})); got[0].Missing != "an open copy is at www.publisher.example, which was not asked for" || len(got[0].Copies) != 0 {
		t.Errorf("%+v", got[0])
	}
}

func TestNotices(t *testing.T) {
	var filters []string
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		filters = append(filters, r.URL.Query().Get("filter")+" "+r.URL.Query().Get("per-page"))
		fmt.Fprint(w, `{"meta":{"count":2},"results":[{"doi":"https://doi.org/10.5555/A","title":"A","is_retracted":true},{"doi":"https://doi.org/10.5555/b","is_retracted":false},{"doi":"https://doi.org/10.5555/other","is_retracted":true},{"doi":null}]}`)
	}), nil)
	var got []string
	for _, item := range all(t, c.Notices(t.Context(), []string{"10.5555/a", "DOI: 10.5555/B", "10.5555/c,d", "nothing"})) {
		got = append(got, item.ID+" "+string(item.Notice))
	}
	if fmt.Sprint(got) != "[doi:10.5555/a retracted doi:10.5555/b ]" || fmt.Sprint(filters) != "[doi:10.5555/a|10.5555/b 2]" {
		t.Errorf("%q, asked %q", got, filters)
	}
	filters = nil
	many := make([]string, 120)
	for i := range many {
		many[i] = fmt.Sprintf("10.5555/%d", i)
	}
	all(t, c.Notices(t.Context(), many))
	if len(filters) != 3 || !strings.HasSuffix(filters[2], " 20") {
		t.Errorf("%d requests", len(filters))
	}
}

func TestUSPTO(t *testing.T) {
	var key string
	base := ""
	c, _, server := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key = r.Header.Get("X-API-Key")
		fmt.Fprint(w, strings.ReplaceAll(usptoList, "BASE", base))
	}), nil)
	base = server.URL
	day := func(d int) time.Time { return time.Date(2024, 1, d, 0, 0, 0, 0, time.UTC) }
	items := all(t, c.USPTO(t.Context(), Grants, day(1), day(9), 10))
	if len(items) != 3 || items[0].ID != "uspto:ipg240102.zip" || items[1].Copies[0].File != "../../evil.zip" || items[2].Copies[0].Size != 7 || key != "secret" {
		t.Errorf("items %+v with the key %q", items, key)
	}
	if items := all(t, c.USPTO(t.Context(), Applications, day(2), day(2), 10)); len(items) != 1 || items[0].License != "public domain" {
		t.Errorf("of one day: %+v", items)
	}
	bare, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range bare.USPTO(t.Context(), Grants, day(1), day(2), 1) {
		if !errors.Is(err, ErrKey) {
			t.Errorf("without a key: %v", err)
		}
	}
}

// FuzzAnswers reads answers of all services, and checks that what is made of
// them can be stored, and that no name leads out of the folder unseen.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{europePMCPage1, europePMCPage2, arXivPage, arXivOAI, arXivError, openAlexAnswer, usptoList, `{"resultList":{"result":[null]}}`, "<feed/>", "null", "[]"} {
		f.Add([]byte(s))
	}
	c, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var items []*Item
		if a, err := parseEuropePMC(data); err == nil {
			for i := range a.ResultList.Result {
				items = append(items, c.europePMCItem(&a.ResultList.Result[i]))
			}
		}
		if a, err := parseArXiv(data); err == nil {
			for i := range a.Entries {
				items = append(items, c.arXivItem(&a.Entries[i], i%2 == 0))
			}
		}
		if a, err := parseOpenAlex(data); err == nil {
			items = append(items, c.openAlexCopies("10.5555/x", a))
		}
		if a, err := parseUSPTO(data); err == nil {
			for _, f := range a.within(time.Time{}, time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)) {
				item := f.item(Grants)
				item.Copies = nil // their names and addresses are checked when they are fetched
				items = append(items, item)
			}
		}
		entries := map[string]*Entry{}
		for _, item := range items {
			if item == nil {
				continue
			}
			for _, copy := range item.Copies {
				if !fileName.MatchString(copy.File) {
					t.Errorf("%q names a file", copy.File)
				}
			}
			line, err := json.Marshal(Entry{Item: *item, State: Failed})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := parse(bytes.NewReader(append(line, '\n')), entries); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	})
}

func BenchmarkEuropePMC(b *testing.B) {
	b.SetBytes(int64(len(europePMCPage1)))
	b.ReportAllocs()
	c, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, err := parseEuropePMC([]byte(europePMCPage1))
		if err != nil {
			b.Fatal(err)
		}
		for i := range a.ResultList.Result {
			c.europePMCItem(&a.ResultList.Result[i])
		}
	}
}

func BenchmarkArXiv(b *testing.B) {
	b.SetBytes(int64(len(arXivPage)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseArXiv([]byte(arXivPage)); err != nil {
			b.Fatal(err)
		}
	}
}
