// Package html reads web pages: journal articles as publishers show them, pages
// of databases, exported notes.
package html

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/markup"
)

// Bounds on what is read.
const (
	MaxBytes = 64 << 20
	MaxNodes = 4 << 20
)

// Errors that [Read] wraps.
var (
	ErrTooLarge = errors.New("too large")
	ErrNoText   = errors.New("no text")
)

// Read reads a page. Navigation, scripts, forms and the like are left out. The
// name is used in messages and kept as the document's name. Reading takes memory
// of at most 150 times the size of data, where that is paragraphs of one letter.
func Read(name string, data []byte) (*document.Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, a page may have %d", name, ErrTooLarge, len(data), MaxBytes)
	}
	decoded, err := charset.Decode(data, declaredEncoding(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.HTML}
	if decoded.Replaced > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	tree, err := html.Parse(bytes.NewReader(decoded.Text))
	if err != nil {
		return nil, fmt.Errorf("%s: %v", name, err)
	}
	c := converter{left: MaxNodes}
	root := c.convert(tree, 0)
	if c.left <= 0 {
		return nil, fmt.Errorf("%s: %w: more than %d elements", name, ErrTooLarge, MaxNodes)
	}
	if c.deep {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("elements nest more than %d deep; what is deeper was not read", markup.MaxDepth))
	}
	doc.Blocks = make([]document.Block, 0, c.paragraphs+1) // with room for the subject of a mail
	r := newReader(doc)
	r.page(root)
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	return doc, nil
}

var charsetPattern = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-z0-9_.-]+)`)

// declaredEncoding returns the encoding that the page names in its first 4096
// bytes.
func declaredEncoding(data []byte) string {
	m := charsetPattern.FindSubmatch(data[:min(len(data), 4096)])
	if m == nil {
		return ""
	}
	return string(m[1]) + string(m[2])
}

// converter turns the parser's tree into one of package markup, without
// comments and what browsers do not show.
type converter struct {
	left       int // elements and stretches of characters that there is room for
	deep       bool
	paragraphs int
}

func (c *converter) convert(n *html.Node, depth int) *markup.Node {
	c.left--
	out := &markup.Node{Name: strings.ToLower(n.Data)}
	if n.Type == html.DocumentNode {
		out.Name = "#document"
	}
	if i := strings.LastIndexByte(out.Name, ':'); i >= 0 {
		out.Name = out.Name[i+1:] // "mml:math" outside XML
	}
	out.Attributes = make([]markup.Attribute, 0, len(n.Attr))
	for _, a := range n.Attr {
		out.Attributes = append(out.Attributes, markup.Attribute{Name: a.Key, Value: a.Val})
	}
	if out.Name == "p" {
		c.paragraphs++
	}
	if out.Name == "span" || out.Name == "div" {
		tabular(out)
	}
	if depth >= markup.MaxDepth {
		c.deep = c.deep || n.FirstChild != nil
		return out
	}
	children := 0
	for child := n.FirstChild; child != nil && children < c.left; child = child.NextSibling {
		children++
	}
	out.Children = make([]*markup.Node, 0, children)
	for child := n.FirstChild; child != nil && c.left > 0; child = child.NextSibling {
		switch child.Type {
		case html.TextNode:
			c.left--
			out.Children = append(out.Children, &markup.Node{Text: child.Data})
		case html.ElementNode:
			switch child.Data {
			case "script", "style", "noscript", "template", "iframe", "object", "canvas", "svg":
				continue
			}
			out.Children = append(out.Children, c.convert(child, depth+1))
		}
	}
	return out
}
