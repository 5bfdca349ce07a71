package fetch

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// europePMCAnswer is an answer of the method "search" with resultType core.
// See https://europepmc.org/RestfulWebService and the reference guide there.
type europePMCAnswer struct {
	HitCount       int    `json:"hitCount"`
	NextCursorMark string `json:"nextCursorMark"`
	ResultList     struct {
		Result []europePMCResult `json:"result"`
	} `json:"resultList"`
}

type europePMCResult struct {
	ID                   string `json:"id"`
	PMID                 string `json:"pmid"`
	PMCID                string `json:"pmcid"`
	DOI                  string `json:"doi"`
	Title                string `json:"title"`
	AuthorString         string `json:"authorString"`
	FirstPublicationDate string `json:"firstPublicationDate"`
	PubYear              string `json:"pubYear"`
	IsOpenAccess         string `json:"isOpenAccess"` // "Y" or "N"
	InEPMC               string `json:"inEPMC"`
	License              string `json:"license"`
	AuthorList           struct {
		Author []struct {
			FullName string `json:"fullName"`
		} `json:"author"`
	} `json:"authorList"`
	PubTypeList struct {
		PubType []string `json:"pubType"`
	} `json:"pubTypeList"`
	CommentCorrectionList struct {
		CommentCorrection []struct {
			Type string `json:"type"` // "Retraction in", "Erratum in", "Expression of concern in", …
		} `json:"commentCorrection"`
	} `json:"commentCorrectionList"`
}

// EuropePMC yields the open-access articles that answer a query in the language
// of Europe PMC (https://europepmc.org/Help), most relevant first, at most most
// of them. Their text is XML in JATS.
func (c *Client) EuropePMC(ctx context.Context, query string, most int) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		const pageSize = 100 // a page may have 1000; core results are long
		cursor := "*"
		for most > 0 {
			data, err := c.answer(ctx, europePMC, c.address(europePMC, "search", url.Values{
				"query": {"(" + query + ") AND OPEN_ACCESS:y"}, "resultType": {"core"}, "format": {"json"},
				"pageSize": {strconv.Itoa(min(pageSize, most))}, "cursorMark": {cursor},
			}))
			if err != nil {
				yield(nil, fmt.Errorf("asking Europe PMC: %w", err))
				return
			}
			answer, err := parseEuropePMC(data)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range answer.ResultList.Result {
				item := c.europePMCItem(&answer.ResultList.Result[i])
				if item == nil {
					continue
				}
				if !yield(item, nil) {
					return
				}
				if most--; most == 0 {
					return
				}
			}
			if len(answer.ResultList.Result) == 0 || answer.NextCursorMark == "" || answer.NextCursorMark == cursor {
				return
			}
			cursor = answer.NextCursorMark
		}
	}
}

func parseEuropePMC(data []byte) (*europePMCAnswer, error) {
	var answer europePMCAnswer
	return &answer, decode("Europe PMC", fromJSON, data, &answer)
}

var pmcNumber = regexp.MustCompile(`^PMC[0-9]{1,12}$`)

// europePMCItem returns the item of a result, or nil if its text cannot be had.
func (c *Client) europePMCItem(r *europePMCResult) *Item {
	if !pmcNumber.MatchString(r.PMCID) || r.IsOpenAccess == "N" {
		return nil
	}
	item := &Item{
		ID: europePMC + ":" + r.PMCID, Title: strings.TrimSuffix(plain(r.Title), "."), Date: r.FirstPublicationDate,
		Identifiers: named("doi", r.DOI, "pmid", r.PMID, "pmcid", r.PMCID),
		License:     document.LicenseName(r.License),
		Notice:      europePMCNotice(r),
		Copies:      []Copy{c.europePMCCopy(r.PMCID)},
	}
	if item.Date == "" {
		item.Date = r.PubYear
	}
	for _, a := range r.AuthorList.Author {
		item.Authors = append(item.Authors, plain(a.FullName))
	}
	if len(item.Authors) == 0 && r.AuthorString != "" {
		item.Authors = strings.Split(strings.TrimSuffix(plain(r.AuthorString), "."), ", ")
	}
	return item
}

func (c *Client) europePMCCopy(pmcid string) Copy {
	return Copy{Service: europePMC, URL: c.address(europePMC, pmcid+"/fullTextXML", nil), File: pmcid + ".xml", Content: XML}
}

// europePMCNotice reads what corrections are linked to an article. The notices
// themselves have the types "Retraction of" and the like.
func europePMCNotice(r *europePMCResult) document.Notice {
	notice := document.NoNotice
	for _, link := range r.CommentCorrectionList.CommentCorrection {
		switch kind := strings.ToLower(link.Type); {
		case strings.HasPrefix(kind, "retraction in"), strings.HasPrefix(kind, "withdrawal in"):
			notice = document.Worst(notice, document.Retracted)
		case strings.HasPrefix(kind, "expression of concern in"):
			notice = document.Worst(notice, document.Concern)
		case strings.HasPrefix(kind, "erratum in"), strings.HasPrefix(kind, "corrected and republished in"), strings.HasPrefix(kind, "partial retraction in"):
			notice = document.Worst(notice, document.Corrected)
		}
	}
	if slices.ContainsFunc(r.PubTypeList.PubType, func(s string) bool { return strings.EqualFold(s, "retracted publication") }) {
		notice = document.Retracted
	}
	return notice
}

// named returns identifiers by kind, without empty ones.
func named(pairs ...string) map[string]string {
	ids := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			ids[pairs[i]] = pairs[i+1]
		}
	}
	return ids
}

var tag = regexp.MustCompile(`</?[a-zA-Z][^<>]{0,100}>`)

// plain returns a title without the tags of HTML that services leave in it,
// and with single spaces.
func plain(s string) string {
	s = tag.ReplaceAllString(s, "")
	s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}
