// Package hwpx reads documents of Hangul, the word processor of Hancom, in its
// open format (OWPML, KS X 6101): paragraphs, headings, lists, tables with spans
// and captions, super- and subscripts, equations, footnotes, text boxes. What is
// marked as deleted is left out.
//
// Sources: KS X 6101:2024, Open Word-Processor Markup Language, sections 7 to
// 10; hancom-io/hwpx-owpml-model, the object model that Hancom publishes.
package hwpx

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/office"
)

// ErrNoText is wrapped by the error of [Read] for a document without text. The
// errors of packages office and xmltree are wrapped, too.
var ErrNoText = errors.New("no text")

// Read reads a document. The name is used in messages and kept as the
// document's name. Reading takes memory of at most fifty times the size of the
// unpacked XML.
func Read(name string, data []byte) (*document.Document, error) {
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.HWPX}
	if err := read(doc, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

func read(doc *document.Document, data []byte) error {
	p, err := office.Open(data)
	if err != nil {
		return err
	}
	if err := p.Unlocked(); err != nil {
		return err
	}
	header, sections := parts(p, doc)
	r := &reader{text: office.Text{Doc: doc}}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline}
	if err := r.header(p, header); err != nil {
		return err
	}
	for _, part := range sections {
		tree, err := p.Tree(part)
		if err != nil {
			return err
		}
		for _, w := range tree.Warnings() {
			doc.Warnings = append(doc.Warnings, part+": "+w)
		}
		r.paragraphs(tree.Root.Find("sec"), document.Paragraph)
		tree.Release()
		if r.deleted {
			doc.Warnings = append(doc.Warnings, part+": the mark of deleted text does not end; what follows it was not read")
			r.deleted = false
		}
	}
	if len(doc.Blocks) == 0 {
		return ErrNoText
	}
	r.text.Finish()
	return nil
}

// parts returns the names of the header and of the sections in their order, and
// notes what the package says of the document (the Open Packaging Format, as in
// EPUB).
func parts(p *office.Package, doc *document.Document) (header string, sections []string) {
	const list = "Contents/content.hpf"
	header = "Contents/header.xml"
	p.Look(list, func(root *markup.Node) {
		items := map[string]string{}
		root.All("item", func(n *markup.Node) {
			href := n.Attribute("href")
			if !p.Has(href) {
				href = path.Join(path.Dir(list), href)
			}
			items[n.Attribute("id")] = href
		})
		root.All("itemref", func(n *markup.Node) {
			part := items[n.Attribute("idref")]
			switch base := path.Base(part); {
			case strings.HasPrefix(base, "header"):
				header = part
			case strings.HasPrefix(base, "section") && p.Has(part):
				sections = append(sections, part)
			}
		})
		describe(doc, root.Find("metadata"))
	})
	for i := 0; len(sections) == i && p.Has(fmt.Sprintf("Contents/section%d.xml", i)); i++ {
		sections = append(sections, fmt.Sprintf("Contents/section%d.xml", i))
	}
	return header, sections
}

// describe notes title, author, date and language.
func describe(doc *document.Document, metadata *markup.Node) {
	if metadata == nil {
		return
	}
	doc.Title = metadata.Child("title").Characters()
	metadata.All("meta", func(n *markup.Node) {
		value := n.Characters()
		switch {
		case value == "":
		case n.Attribute("name") == "creator":
			doc.Authors = []string{value}
		case n.Attribute("name") == "CreatedDate" && len(value) >= len("2006-01-02"):
			if day := value[:len("2006-01-02")]; strings.Trim(day, "0123456789-") == "" {
				doc.Date = day
			}
		}
	})
}

// style is what matters of a style of paragraphs.
type style struct {
	level int // of a heading, from 1; 0 for none
	kind  document.Kind
}

// header reads the shapes of characters and paragraphs, and the styles, that
// sections refer to by number.
func (r *reader) header(p *office.Package, part string) error {
	r.levels, r.shapes, r.styles = map[string]blocks.Level{}, map[string]style{}, map[string]style{}
	if !p.Has(part) {
		return nil
	}
	tree, err := p.Tree(part)
	if err != nil {
		return err
	}
	defer tree.Release()
	root := tree.Root
	root.All("charpr", func(n *markup.Node) {
		if set(n.Child("supscript")) {
			r.levels[n.Attribute("id")] = blocks.Raised
		} else if set(n.Child("subscript")) {
			r.levels[n.Attribute("id")] = blocks.Lowered
		}
	})
	root.All("parapr", func(n *markup.Node) {
		heading := n.Find("heading")
		switch strings.ToUpper(heading.Attribute("type")) {
		case "OUTLINE":
			if level, err := strconv.Atoi(heading.Attribute("level")); err == nil && level >= 0 && level < 10 {
				r.shapes[n.Attribute("id")] = style{level: level + 1}
			}
		case "NUMBER", "BULLET":
			r.shapes[n.Attribute("id")] = style{kind: document.List}
		}
	})
	root.All("style", func(n *markup.Node) {
		s := styleOf(n.Attribute("engname"), n.Attribute("name"))
		if s == (style{}) {
			s = r.shapes[n.Attribute("parapridref")]
		}
		r.styles[n.Attribute("id")] = s
	})
	return nil
}

// set reports whether the element of a property is there and does not say that
// it is not meant.
func set(n *markup.Node) bool {
	return n != nil && !strings.EqualFold(n.Attribute("type"), "none")
}

// styleOf returns what the names of a style say, in English and in Korean.
func styleOf(english, korean string) style {
	for _, name := range [...]string{strings.ToLower(english), korean} {
		for _, prefix := range [...]string{"outline ", "heading ", "개요 "} {
			if number, ok := strings.CutPrefix(name, prefix); ok {
				if level, err := strconv.Atoi(number); err == nil && level > 0 && level <= 10 {
					return style{level: level}
				}
			}
		}
		switch name {
		case "title", "제목":
			return style{kind: document.Title}
		case "caption", "캡션":
			return style{kind: document.Caption}
		case "abstract", "초록", "요약":
			return style{kind: document.Abstract}
		case "bibliography", "참고문헌":
			return style{kind: document.Reference}
		}
	}
	return style{}
}
