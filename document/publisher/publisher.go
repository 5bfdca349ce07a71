// Package publisher reads journal articles in the XML of publishers that is not
// JATS: that of Elsevier, alone or as its text-mining interface returns it, and
// that of Springer (A++). Their names of elements do not clash, so that one
// reader knows both.
//
// Sources: Elsevier, Tag by Tag: The Elsevier DTD 5 Family of XML DTDs;
// Springer, A++ V2.4.dtd.
package publisher

import (
	"errors"
	"fmt"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/xmltree"
)

// ErrNoText is wrapped by the error of [Read] for XML without an article. The
// errors of package xmltree are wrapped, too.
var ErrNoText = errors.New("no article text")

// Read reads an article. Where a document breaks off or is not well-formed,
// what can be told apart is read, with a warning. The name is used in messages
// and kept as the document's name. Reading takes memory of at most sixty times the
// size of data, and of about ten times for articles.
func Read(name string, data []byte) (*document.Document, error) {
	tree, err := xmltree.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer tree.Release()
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Publisher, Warnings: tree.Warnings()}
	r := newReader(doc)
	r.read(tree.Root)
	if len(doc.Blocks) == 0 {
		if tree.Broken != nil {
			return nil, fmt.Errorf("%s: %w: %v", name, ErrNoText, tree.Broken)
		}
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	if doc.Language == "" {
		doc.Language = blocks.LanguageOf(doc)
	}
	return doc, nil
}
