package fetch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// arXivFeed is an answer of arXiv's API, in Atom.
// See https://info.arxiv.org/help/api/user-manual.html.
type arXivFeed struct {
	TotalResults int          `xml:"http://a9.com/-/spec/opensearch/1.1/ totalResults"`
	Entries      []arXivEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

type arXivEntry struct {
	ID        string `xml:"http://www.w3.org/2005/Atom id"` // http://arxiv.org/abs/2001.01234v2
	Title     string `xml:"http://www.w3.org/2005/Atom title"`
	Summary   string `xml:"http://www.w3.org/2005/Atom summary"`
	Published string `xml:"http://www.w3.org/2005/Atom published"`
	Authors   []struct {
		Name string `xml:"http://www.w3.org/2005/Atom name"`
	} `xml:"http://www.w3.org/2005/Atom author"`
	DOI     string `xml:"http://arxiv.org/schemas/atom doi"` // of the article in a journal
	Comment string `xml:"http://arxiv.org/schemas/atom comment"`
}

// arXivRecord is an answer of arXiv's OAI-PMH interface in the format "arXiv",
// which alone tells the licence. See https://info.arxiv.org/help/oa/index.html.
type arXivRecord struct {
	License string `xml:"GetRecord>record>metadata>arXiv>license"`
}

// arXivNumber matches the number of a paper, of either scheme, with version.
var arXivNumber = regexp.MustCompile(`^([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(v[0-9]{1,3})?$`)

// ArXiv yields the papers that answer a query, most relevant first, at most
// most of them, as PDF or, when source is set, as TeX. A query without the
// field prefixes of arXiv ("ti:", "au:", "all:") asks for papers with all its
// words, of which those between double quotes stand together.
func (c *Client) ArXiv(ctx context.Context, query string, most int, source bool) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		const pageSize = 100
		for start := 0; start < most; start += pageSize {
			items, total, err := c.arXivPage(ctx, url.Values{
				"search_query": {arXivQuery(query)}, "sortBy": {"relevance"}, "sortOrder": {"descending"},
				"start": {strconv.Itoa(start)}, "max_results": {strconv.Itoa(min(pageSize, most-start))},
			}, source)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if err := c.arXivLicense(ctx, item); err != nil {
					yield(nil, err)
					return
				}
				if !yield(item, nil) {
					return
				}
			}
			if len(items) == 0 || start+pageSize >= total {
				return
			}
		}
	}
}

// arXivPage returns the items of one answer, and how many there are in all.
func (c *Client) arXivPage(ctx context.Context, query url.Values, source bool) ([]*Item, int, error) {
	data, err := c.answer(ctx, arXiv, c.address(arXiv, "api/query", query))
	if err != nil {
		return nil, 0, fmt.Errorf("arXiv: %w", err)
	}
	feed, err := parseArXiv(data)
	if err != nil {
		return nil, 0, err
	}
	var items []*Item
	for i := range feed.Entries {
		e := &feed.Entries[i]
		if strings.Contains(e.ID, "api/errors") { // a mistake in the query, said in an entry
			return nil, 0, fmt.Errorf("arXiv: %s", plain(e.Summary))
		}
		if item := c.arXivItem(e, source); item != nil {
			items = append(items, item)
		}
	}
	return items, feed.TotalResults, nil
}

func parseArXiv(data []byte) (*arXivFeed, error) {
	var feed arXivFeed
	return &feed, decode("arXiv", fromXML, data, &feed)
}

func (c *Client) arXivItem(e *arXivEntry, source bool) *Item {
	_, number, _ := strings.Cut(e.ID, "/abs/")
	m := arXivNumber.FindStringSubmatch(number)
	if m == nil {
		return nil
	}
	item := &Item{
		ID: arXiv + ":" + number, Title: plain(e.Title), Identifiers: named("arxiv", m[1], "doi", strings.TrimSpace(e.DOI)),
		Copies: []Copy{c.arXivCopy(number, source)},
	}
	if len(e.Published) >= 10 {
		item.Date = e.Published[:10]
	}
	if strings.HasPrefix(strings.ToLower(plain(e.Summary)), "this paper has been withdrawn") || strings.Contains(strings.ToLower(e.Comment), "paper has been withdrawn") {
		item.Notice = document.Retracted
	}
	for _, a := range e.Authors {
		item.Authors = append(item.Authors, plain(a.Name))
	}
	return item
}

func (c *Client) arXivCopy(number string, source bool) Copy {
	file := "arxiv-" + strings.ReplaceAll(number, "/", "-")
	if source {
		return Copy{Service: arXiv, URL: c.address(arXiv, "e-print/"+number, nil), File: file, Content: Source}
	}
	return Copy{Service: arXiv, URL: c.address(arXiv, "pdf/"+number, nil), File: file + ".pdf", Content: PDF}
}

// arXivLicense asks for the licence of a paper. That there is no answer about
// it leaves it unknown.
func (c *Client) arXivLicense(ctx context.Context, item *Item) error {
	data, err := c.answer(ctx, arXiv, c.address(arXiv, "oai2", url.Values{
		"verb": {"GetRecord"}, "metadataPrefix": {"arXiv"}, "identifier": {"oai:arXiv.org:" + item.Identifiers["arxiv"]},
	}))
	var status *StatusError
	if errors.As(err, &status) && !temporary(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("arXiv: %w", err)
	}
	var record arXivRecord
	if err := decode("arXiv", fromXML, data, &record); err != nil {
		return err
	}
	item.License = document.LicenseName(record.License)
	return nil
}

// arXivQuery returns a query in arXiv's language.
func arXivQuery(query string) string {
	if regexp.MustCompile(`\b(ti|au|abs|co|jr|cat|rn|id|all):`).MatchString(query) {
		return query
	}
	var terms []string
	quoted := false
	for part := range strings.SplitSeq(query, `"`) {
		switch {
		case quoted && strings.TrimSpace(part) != "":
			terms = append(terms, `all:"`+strings.Join(strings.Fields(part), " ")+`"`)
		case !quoted:
			for w := range strings.FieldsSeq(part) {
				terms = append(terms, "all:"+w)
			}
		}
		quoted = !quoted
	}
	return strings.Join(terms, " AND ")
}
