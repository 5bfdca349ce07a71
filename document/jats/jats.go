// Package jats reads journal articles in XML: the Journal Article Tag Suite in
// all versions and its predecessor, the NLM Journal Archiving DTD.
//
// https://jats.nlm.nih.gov/archiving/ describes the elements.
package jats

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/markup"
)

// Bounds on what is read. The largest article of the open-access subset of
// PubMed Central has some hundred thousand elements.
const (
	MaxBytes    = 64 << 20
	MaxElements = 2 << 20
)

// Errors that [Read] wraps.
var (
	ErrTooLarge = errors.New("too large")
	ErrBomb     = errors.New("refused: XML that declares or nests too much")
	ErrNoText   = errors.New("no article text")
)

// Read reads an article. A document that breaks off or is not well-formed is
// read up to there, with a warning, if there is any text before. The name is
// used in messages and kept as the document's name.
func Read(name string, data []byte) (*document.Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, an article may have %d", name, ErrTooLarge, len(data), MaxBytes)
	}
	decoded, err := charset.Decode(data, declaredEncoding(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.JATS}
	root, broken, err := parse(decoded.Text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	article := root.Find("article")
	if article == nil {
		if broken != nil {
			return nil, fmt.Errorf("%s: %w", name, broken)
		}
		return nil, fmt.Errorf("%s: %w: there is no element article", name, ErrNoText)
	}
	if broken != nil {
		doc.Warnings = append(doc.Warnings, "read up to "+broken.Error())
	}
	if decoded.Replaced > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	r := newReader(doc)
	r.article(article)
	if len(doc.Blocks) == 0 {
		if broken != nil {
			return nil, fmt.Errorf("%s: %w: %v", name, ErrNoText, broken)
		}
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	return doc, nil
}

// declaredEncoding returns the encoding that the XML declaration names.
func declaredEncoding(data []byte) string {
	head := data[:min(len(data), 256)]
	if !bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"), []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	_, rest, ok := strings.Cut(string(head[:end]), "encoding")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, _ := strings.Cut(rest[1:], rest[:1])
	return label
}

// parse builds the tree. The error broken says where the document stops being
// XML; what was read before is in the tree. Entities are those of HTML; none
// that the document declares is expanded.
func parse(text []byte) (root *markup.Node, broken, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Entity = xml.HTMLEntity
	d.Strict = false // unknown entities stay as they are written
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }

	root = &markup.Node{Name: "#document"}
	stack := []*markup.Node{root}
	elements := 0
	at := func(what any) error {
		line, column := d.InputPos()
		return fmt.Errorf("line %d, column %d: %v", line, column, what)
	}
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			if len(stack) > 1 {
				broken = at("the document breaks off inside element " + stack[len(stack)-1].Name)
			}
			return root, broken, nil
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				return root, at(syntax.Msg), nil
			}
			return root, at(err), nil
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if elements++; elements > MaxElements {
				return nil, nil, fmt.Errorf("%w: more than %d elements", ErrBomb, MaxElements)
			}
			if len(stack) > markup.MaxDepth {
				return nil, nil, fmt.Errorf("%w: elements nest more than %d deep", ErrBomb, markup.MaxDepth)
			}
			n := &markup.Node{Name: strings.ToLower(t.Name.Local)}
			for _, a := range t.Attr {
				n.Attributes = append(n.Attributes, markup.Attribute{Name: strings.ToLower(a.Name.Local), Value: a.Value})
			}
			top.Children = append(top.Children, n)
			stack = append(stack, n)
		case xml.EndElement:
			name := strings.ToLower(t.Name.Local)
			i := len(stack) - 1
			for i > 0 && stack[i].Name != name {
				i--
			}
			if i < len(stack)-1 && broken == nil {
				broken = at(fmt.Sprintf("end of element %s where %s is open", name, top.Name))
			}
			if i > 0 {
				stack = stack[:i]
			}
		case xml.CharData:
			if len(stack) > 1 && len(t) > 0 {
				top.Children = append(top.Children, &markup.Node{Text: string(t)})
			}
		case xml.Directive:
			// A document type may name its DTD, which is not fetched. Entities
			// that refer to entities are how XML bombs are built; articles have
			// no use for declaring any.
			if bytes.Contains(t, []byte("<!ENTITY")) {
				return nil, nil, fmt.Errorf("%w: it declares entities", ErrBomb)
			}
		}
	}
}
