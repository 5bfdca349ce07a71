package fetch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// openAlexWork is a work as OpenAlex describes it.
// See https://developers.openalex.org/api-reference/works.
type openAlexWork struct {
	DOI             string `json:"doi"` // https://doi.org/10.…
	Title           string `json:"title"`
	PublicationDate string `json:"publication_date"`
	IsRetracted     bool   `json:"is_retracted"`
	IDs             struct {
		PMID  string `json:"pmid"`  // https://pubmed.ncbi.nlm.nih.gov/…
		PMCID string `json:"pmcid"` // https://www.ncbi.nlm.nih.gov/pmc/articles/…
	} `json:"ids"`
	Authorships []struct {
		Author struct {
			DisplayName string `json:"display_name"`
		} `json:"author"`
	} `json:"authorships"`
	BestOALocation *openAlexLocation  `json:"best_oa_location"`
	Locations      []openAlexLocation `json:"locations"`
}

type openAlexLocation struct {
	IsOA           bool   `json:"is_oa"`
	LandingPageURL string `json:"landing_page_url"`
	PDFURL         string `json:"pdf_url"`
	License        string `json:"license"`
}

// DOI yields the works with these DOIs as OpenAlex knows them, with the open
// copies that may be fetched: from Europe PMC, from arXiv, and from the hosts
// among Options.Hosts. A work without such a copy says so in Item.Missing; its
// identifiers, licence and retraction are known all the same.
func (c *Client) DOI(ctx context.Context, dois []string) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for _, doi := range dois {
			item, err := c.openAlexItem(ctx, doi)
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// doiForm is what a DOI looks like, apart from its resolver.
var doiForm = regexp.MustCompile(`(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s?#]{1,300})$`)

// CleanDOI returns a DOI in lower case and without resolver, or false when s is
// none.
func CleanDOI(s string) (string, bool) {
	m := doiForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	return strings.ToLower(m[1]), true
}

func (c *Client) openAlexItem(ctx context.Context, doi string) (*Item, error) {
	clean, ok := CleanDOI(doi)
	if !ok {
		return nil, fmt.Errorf("%q is no DOI such as 10.1000/182", doi)
	}
	data, err := c.answer(ctx, openAlex, c.address(openAlex, "works/doi:"+pathEscaped(clean), c.openAlexQuery()))
	var status *StatusError
	if errors.As(err, &status) && status.Code == http.StatusNotFound {
		return &Item{ID: "doi:" + clean, Identifiers: named("doi", clean), Missing: "OpenAlex does not know this DOI"}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("OpenAlex: %w", err)
	}
	work, err := parseOpenAlex(data)
	if err != nil {
		return nil, err
	}
	return c.openAlexCopies(clean, work), nil
}

// Notices yields, for those of the DOIs that OpenAlex knows, whether the work
// was retracted. OpenAlex tells of no corrections.
func (c *Client) Notices(ctx context.Context, dois []string) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		const batch = 50 // in one request, of 100 that OpenAlex takes
		for len(dois) > 0 {
			n := min(batch, len(dois))
			items, err := c.openAlexNotices(ctx, dois[:n])
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			dois = dois[n:]
		}
	}
}

func (c *Client) openAlexNotices(ctx context.Context, dois []string) ([]*Item, error) {
	var values []string
	for _, doi := range dois {
		// Commas and bars divide filters; a DOI with one cannot be asked for.
		if clean, ok := CleanDOI(doi); ok && !strings.ContainsAny(clean, ",|") {
			values = append(values, clean)
		}
	}
	if len(values) == 0 {
		return nil, nil
	}
	query := c.openAlexQuery()
	query.Set("filter", "doi:"+strings.Join(values, "|"))
	query.Set("per-page", fmt.Sprint(len(values)))
	query.Set("select", "doi,title,is_retracted")
	data, err := c.answer(ctx, openAlex, c.address(openAlex, "works", query))
	if err != nil {
		return nil, fmt.Errorf("OpenAlex: %w", err)
	}
	var answer struct {
		Results []openAlexWork `json:"results"`
	}
	if err := decode("OpenAlex", fromJSON, data, &answer); err != nil {
		return nil, err
	}
	var items []*Item
	for i := range answer.Results {
		clean, ok := CleanDOI(answer.Results[i].DOI)
		if ok && slices.Contains(values, clean) { // and nothing that was not asked for
			items = append(items, c.openAlexCopies(clean, &answer.Results[i]))
		}
	}
	return items, nil
}

// openAlexQuery returns what goes with every request.
func (c *Client) openAlexQuery() url.Values {
	query := url.Values{}
	if c.options.Contact != "" {
		query.Set("mailto", c.options.Contact)
	}
	if key := c.options.Keys[openAlex]; key != "" {
		query.Set("api_key", key)
	}
	return query
}

func parseOpenAlex(data []byte) (*openAlexWork, error) {
	var work openAlexWork
	return &work, decode("OpenAlex", fromJSON, data, &work)
}

// pathEscaped escapes a DOI for a path but leaves its slashes.
func pathEscaped(doi string) string {
	parts := strings.Split(doi, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

var (
	digitsAtEnd  = regexp.MustCompile(`([0-9]{1,12})/?$`)
	arXivAddress = regexp.MustCompile(`^https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/([^?#]+?)(?:\.pdf)?$`)
	notInNames   = regexp.MustCompile(`[^a-z0-9.-]+`)
)

func (c *Client) openAlexCopies(doi string, w *openAlexWork) *Item {
	item := &Item{ID: "doi:" + doi, Title: plain(w.Title), Date: w.PublicationDate, Identifiers: named("doi", doi)}
	if w.IsRetracted {
		item.Notice = document.Retracted
	}
	for _, a := range w.Authorships {
		item.Authors = append(item.Authors, plain(a.Author.DisplayName))
	}
	if m := digitsAtEnd.FindStringSubmatch(w.IDs.PMID); m != nil {
		item.Identifiers["pmid"] = m[1]
	}
	if m := digitsAtEnd.FindStringSubmatch(w.IDs.PMCID); m != nil {
		item.Identifiers["pmcid"] = "PMC" + m[1]
		item.Copies = append(item.Copies, c.europePMCCopy("PMC"+m[1]))
	}
	locations := w.Locations
	if w.BestOALocation != nil {
		item.License = document.LicenseName(w.BestOALocation.License)
		locations = append([]openAlexLocation{*w.BestOALocation}, locations...)
	}
	for _, l := range locations {
		for _, address := range []string{l.LandingPageURL, l.PDFURL} {
			m := arXivAddress.FindStringSubmatch(address)
			if m == nil || item.Identifiers["arxiv"] != "" {
				continue
			}
			if number := arXivNumber.FindStringSubmatch(m[1]); number != nil {
				item.Identifiers["arxiv"] = number[1]
				item.Copies = append(item.Copies, c.arXivCopy(m[1], false))
			}
		}
	}
	refused := ""
	file := strings.Trim(notInNames.ReplaceAllString(doi, "_"), "._-")
	file = file[:min(len(file), 140)] + ".pdf"
	seen := map[string]bool{}
	for _, l := range locations {
		u, err := url.Parse(l.PDFURL)
		if !l.IsOA || l.PDFURL == "" || err != nil || seen[l.PDFURL] || arXivAddress.MatchString(l.PDFURL) {
			continue
		}
		seen[l.PDFURL] = true
		s := service{hosts: c.options.Hosts}
		if s.admits(u) != nil {
			if refused == "" {
				refused = u.Hostname()
			}
			continue
		}
		item.Copies = append(item.Copies, Copy{Service: elsewhere, URL: l.PDFURL, File: file, Content: PDF})
	}
	switch {
	case len(item.Copies) > 0:
	case refused != "":
		item.Missing = "an open copy is at " + refused + ", which was not asked for"
	default:
		item.Missing = "OpenAlex knows no open copy"
	}
	return item
}
