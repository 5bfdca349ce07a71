// Package jats reads journal articles in XML: the Journal Article Tag Suite in
// all versions and its predecessor, the NLM Journal Archiving DTD.
//
// https://jats.nlm.nih.gov/archiving/ describes the elements.
package jats

import (
	"errors"
	"fmt"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/xmltree"
)

// ErrNoText is wrapped by the error of [Read] for XML that holds no article.
// The errors of package xmltree are wrapped, too.
var ErrNoText = errors.New("no article text")

// Read reads an article. Where a document breaks off or is not well-formed,
// what can be told apart is read, with a warning. The name is used in messages
// and kept as the document's name. Reading takes memory of at most eighty times
// the size of data, where that is paragraphs of one letter, and of about ten times
// for articles.
func Read(name string, data []byte) (*document.Document, error) {
	tree, err := xmltree.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer tree.Release()
	article := tree.Root.Find("article")
	if article == nil {
		if tree.Broken != nil {
			return nil, fmt.Errorf("%s: %w: %v", name, ErrNoText, tree.Broken)
		}
		return nil, fmt.Errorf("%s: %w: there is no element article", name, ErrNoText)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.JATS, Warnings: tree.Warnings()}
	r := newReader(doc)
	r.article(article)
	if len(doc.Blocks) == 0 {
		if tree.Broken != nil {
			return nil, fmt.Errorf("%s: %w: %v", name, ErrNoText, tree.Broken)
		}
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	return doc, nil
}

// IdentifierIn returns the number in PubMed Central or else the DOI of the
// article that begins with head, or "".
func IdentifierIn(head []byte) string {
	tree, err := xmltree.Read(head)
	if err != nil {
		return ""
	}
	defer tree.Release()
	r := newReader(&document.Document{})
	tree.Root.All("article-id", func(n *markup.Node) { r.identifier(n.Attribute("pub-id-type"), n.Characters()) })
	if id := r.doc.Identifiers["pmcid"]; id != "" {
		return id
	}
	return r.doc.Identifiers["doi"]
}
