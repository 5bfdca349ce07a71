package jats

import (
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/markup"
)

// notices are the values of article-type and related-article-type that speak
// of corrections, and what they mean.
//
// Reference: NISO RP-45-2024 (CREC) and the JATS 1.3 tag library, attributes
// article-type and related-article-type.
var notices = map[string]document.Notice{
	"retraction": document.Retracted, "partial-retraction": document.Corrected, "withdrawal": document.Retracted, "removal": document.Retracted,
	"expression-of-concern": document.Concern, "correction": document.Corrected, "corrigendum": document.Corrected, "erratum": document.Corrected,

	"retracted-article": document.Retracted, "partially-retracted-article": document.Corrected, "withdrawn-article": document.Retracted,
	"object-of-concern": document.Concern, "corrected-article": document.Corrected,

	"retraction-forward": document.Retracted, "retraction-in": document.Retracted, "correction-forward": document.Corrected,
	"expression-of-concern-forward": document.Concern,
}

// notice reads what the article of the given type says of another one, or
// another one of it.
func (r *reader) notice(articleType string, meta *markup.Node) {
	r.doc.Notice = notices[articleType]
	speaks := r.doc.Notice != document.NoNotice && !strings.HasSuffix(articleType, "-article")
	meta.All("related-article", func(n *markup.Node) {
		kind := n.Attribute("related-article-type")
		notice := notices[kind]
		object := strings.HasSuffix(kind, "-article") || kind == "object-of-concern"
		switch {
		case notice == document.NoNotice:
		case object && (speaks || articleType == "editorial" || articleType == "letter"):
			// This is the notice, and n the article it is about.
			r.doc.Notice = document.Worst(r.doc.Notice, notice)
			switch id, ok := relation(n); {
			case !ok:
			case r.doc.About == nil:
				r.doc.About = map[string]string{id[0]: id[1]}
			default:
				r.doc.Warnings = append(r.doc.Warnings, "a notice about several articles, of which only the first is marked; not "+id[1])
			}
		case !object:
			r.doc.Notice = document.Worst(r.doc.Notice, notice)
		}
	})
}

// relation returns the kind and value of the identifier that n links to.
func relation(n *markup.Node) (id [2]string, ok bool) {
	value := n.Attribute("href")
	switch n.Attribute("ext-link-type") {
	case "doi":
		return [2]string{"doi", value}, value != ""
	case "pmc", "pmcid":
		return [2]string{"pmcid", value}, value != ""
	case "pubmed", "pmid":
		return [2]string{"pmid", value}, value != ""
	}
	if _, doi, found := strings.Cut(value, "doi.org/"); found {
		return [2]string{"doi", doi}, doi != ""
	}
	return id, false
}

// license returns how an article is licensed: the address in its permissions,
// or the type.
func license(permissions *markup.Node) string {
	l := permissions.Find("license")
	if l == nil {
		return ""
	}
	declared := []string{l.Attribute("href"), l.Find("license_ref").Characters()}
	if link := l.Find("ext-link"); link != nil {
		declared = append(declared, link.Attribute("href"))
	}
	for _, s := range append(declared, l.Attribute("license-type")) {
		if s = document.LicenseName(s); s != "" {
			return s
		}
	}
	return ""
}
