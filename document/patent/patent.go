// Package patent reads patents and patent applications as the offices publish
// them: the XML of the USPTO in all its document types since 2001 (WIPO ST.32
// and ST.36), of the EPO and WIPO (ST.36, ST.96) and of KIPO, and the tagged
// text in which the USPTO published until 2001 (APS).
//
// The document types share little but their purpose, yet each name of an
// element means one thing in all of them; so one reader knows the names of all.
//
// Sources: WIPO Handbook on Industrial Property Information and Documentation,
// Standards ST.32, ST.36 and ST.96; USPTO, Patent Grant Full Text Data,
// document type definitions v2.5 to v4.5, and the documentation of the Green
// Book (Automated Patent System).
package patent

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/xmltree"
)

// ErrNoText is wrapped by the error of [Read] for what holds no text of a
// patent. The errors of packages charset and xmltree are wrapped, too.
var ErrNoText = errors.New("no text of a patent")

// Read reads one patent. The name is used in messages and kept as the
// document's name. Reading takes memory of at most ninety times the size of data,
// where that is paragraphs of one letter, and of about ten times for patents.
func Read(name string, data []byte) (*document.Document, error) {
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Patent}
	var err error
	if IsAPS(data) {
		err = readAPS(doc, data)
	} else {
		err = readXML(doc, data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	if doc.Language == "" {
		doc.Language = blocks.LanguageOf(doc)
	}
	return doc, nil
}

func readXML(doc *document.Document, data []byte) error {
	tree, err := xmltree.Read(data)
	if err != nil {
		return err
	}
	defer tree.Release()
	doc.Warnings = tree.Warnings()
	r := newReader(doc)
	r.read(tree.Root)
	if len(doc.Blocks) == 0 && tree.Broken != nil {
		return fmt.Errorf("%w: %v", ErrNoText, tree.Broken)
	}
	return nil
}

// IsAPS reports whether data begins with a patent in USPTO's tagged text, or
// with the line that heads a file of them ("HHHHHT  APS1 ISSUE - 971223").
func IsAPS(data []byte) bool {
	data = bytes.TrimLeft(data[:min(len(data), 1024)], "\xef\xbb\xbf \r\n")
	if bytes.HasPrefix(data, []byte("HHHHHT")) {
		return true
	}
	rest, ok := bytes.CutPrefix(data, []byte("PATN"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \r\n"), []byte("WKU "))
}

// identify notes the number of a patent.
func identify(doc *document.Document, number string) {
	if number != "" {
		doc.Identifiers = map[string]string{"patent": number}
	}
}

// Number returns a patent number in the form in which databases hold it:
// "US6840965B2" of "US", "06840965" and "B2", "USD701016S1" of a design,
// "KR1020190012345A" of "10-2019-0012345".
func Number(country, number, kind string) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
				return r
			}
			return -1
		}, strings.ToUpper(s))
	}
	country, number, kind = clean(country), clean(number), clean(kind)
	number = strings.TrimPrefix(number, country)
	letters := strings.TrimRight(number, "0123456789")
	digits := strings.TrimLeft(number[len(letters):], "0")
	if digits == "" {
		return ""
	}
	return country + letters + digits + kind
}

// NumberIn returns the number of the patent that begins with head, or "".
func NumberIn(head []byte) string {
	if IsAPS(head) {
		_, rest, _ := bytes.Cut(head, []byte("WKU "))
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		return apsNumber(string(line))
	}
	tree, err := xmltree.Read(head)
	if err != nil {
		return ""
	}
	defer tree.Release()
	country, number, kind, _ := published(element(tree.Root), find(tree.Root).bibliography)
	return Number(country, number, kind)
}

// isoDate returns 20050111 as 2005-01-11; a day or month of zero is left out.
func isoDate(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == '/' {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if len(s) > 8 {
		s = s[:8]
	}
	if len(s) != 8 && len(s) != 6 && len(s) != 4 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	date := s[:4]
	for i := 4; i+2 <= len(s); i += 2 {
		part := s[i : i+2]
		if part == "00" || i == 4 && part > "12" || i == 6 && part > "31" {
			break
		}
		date += "-" + part
	}
	return date
}
