package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"
)

// usptoAnswer describes a product of USPTO's bulk data.
// See https://data.uspto.gov/apis/bulk-data/product.
type usptoAnswer struct {
	Products []struct {
		Identifier string `json:"productIdentifier"`
		Title      string `json:"productTitleText"`
		Files      struct {
			List []usptoFile `json:"fileDataBag"`
		} `json:"productFileBag"`
	} `json:"bulkDataProductBag"`
}

type usptoFile struct {
	Name string `json:"fileName"`         // ipg240102.zip
	Size int64  `json:"fileSize"`         // bytes
	From string `json:"fileDataFromDate"` // 2024-01-02
	To   string `json:"fileDataToDate"`
	URI  string `json:"fileDownloadURI"`
}

// PatentProduct is one of USPTO's weekly series of full texts.
type PatentProduct string

// The products.
const (
	Grants       PatentProduct = "PTGRXML" // patents, on Tuesdays, XML since 2002
	Applications PatentProduct = "APPXML"  // published applications, on Thursdays
)

// ErrKey reports that a service wants a key and none was given.
var ErrKey = errors.New("a key is needed")

// usptoLicense is what USPTO says of the text of patents: subject to limited
// exceptions it is not restricted by copyright.
// See https://www.uspto.gov/terms-use-uspto-websites.
const usptoLicense = "public domain"

// USPTO yields the weekly files of a product with patents published from the
// one day to the other, oldest first, at most most of them.
func (c *Client) USPTO(ctx context.Context, product PatentProduct, from, to time.Time, most int) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		if c.options.Keys[uspto] == "" && c.options.Mirrors[uspto] == "" {
			yield(nil, fmt.Errorf("USPTO: %w: https://data.uspto.gov/myodp gives one", ErrKey))
			return
		}
		data, err := c.answer(ctx, uspto, c.address(uspto, "datasets/products/"+string(product), url.Values{
			"fileDataFromDate": {from.Format(time.DateOnly)}, "fileDataToDate": {to.Format(time.DateOnly)}, "includeFiles": {"true"},
		}))
		if err != nil {
			yield(nil, fmt.Errorf("USPTO: %w", err))
			return
		}
		answer, err := parseUSPTO(data)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, f := range answer.within(from, to) {
			if most--; most < 0 {
				return
			}
			if !yield(f.item(product), nil) {
				return
			}
		}
	}
}

func parseUSPTO(data []byte) (*usptoAnswer, error) {
	var answer usptoAnswer
	return &answer, decode("USPTO", fromJSON, data, &answer)
}

// within returns the files with data from the one day to the other. The service
// was asked for these, and sends others too.
func (a *usptoAnswer) within(from, to time.Time) []usptoFile {
	var out []usptoFile
	for _, p := range a.Products {
		for _, f := range p.Files.List {
			day, err := time.Parse(time.DateOnly, f.From[:min(10, len(f.From))])
			if err == nil && !day.Before(from) && !day.After(to) {
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b usptoFile) int { return cmp.Compare(a.From, b.From) })
	return out
}

func (f *usptoFile) item(product PatentProduct) *Item {
	title := "United States patents of " + f.From
	if product == Applications {
		title = "United States patent applications of " + f.From
	}
	return &Item{
		ID: uspto + ":" + f.Name, Title: title, Date: f.From, License: usptoLicense,
		Copies: []Copy{{Service: uspto, URL: f.URI, File: f.Name, Content: ZIP, Size: max(0, f.Size)}},
	}
}
