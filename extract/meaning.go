package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// defineSymbols learns from "Curie temperature (Tc)" that Tc is the Curie
// temperature in this document, and counts how often properties are named.
func (r *reading) defineSymbols(text string, properties []propertyMention) {
	for i, m := range properties {
		if m.symbol {
			if len(m.entries) == 1 && !m.entries[0].weak {
				r.fields[m.entries[0].property.Field]++
			}
			r.foreign[m.key] = max(r.foreign[m.key], definedAsOther(text, properties, i))
			continue
		}
		for _, e := range m.entries {
			if !e.weak {
				r.named[e.property]++
				if len(m.entries) == 1 {
					r.fields[e.property.Field]++
				}
			}
		}
		if i+1 == len(properties) || len(m.entries) != 1 || m.entries[0].weak {
			continue
		}
		next := properties[i+1]
		gap := strings.TrimLeft(text[m.end:next.start], " ")
		if next.symbol && (gap == "(" || gap == "($" || gap == ", " || gap == "" || gap == "of " && equals(text[next.end:])) {
			if r.symbols[next.key] == nil {
				r.symbols[next.key] = m.entries[0].property
			}
		}
	}
}

// definition says how a document defines a symbol as something that no field knows.
type definition int

const (
	undefined definition = iota
	worded               // "soil temperature (TS)"
	spelled              // with words that have its letters: "loss on ignition (LOI)"
)

// definedAsOther returns how text defines mention i, a symbol, by the words of
// something that is none of the properties it can stand for.
func definedAsOther(text string, properties []propertyMention, i int) definition {
	m := &properties[i]
	if !strings.HasSuffix(text[:m.start], " (") || !strings.HasPrefix(text[m.end:], ")") {
		return undefined
	}
	before := text[:m.start-len(" (")]
	n := len(before)
	for n > 0 && before[n-1] >= 'a' && before[n-1] <= 'z' {
		n--
	}
	if len(before)-n < 3 {
		return undefined
	}
	for k := i - 1; k >= 0 && m.start-properties[k].end < 80; k-- {
		if samePlace(&properties[k], m) {
			return undefined
		}
	}
	if abbreviates(text, m.span) {
		return spelled
	}
	return worded
}

// meaning returns the properties that m, a mention in text, can stand for, with
// the strength of that reading: 1 for a name of its own, less for a weak word.
// Of several properties that share a weak word, one whose first word stands
// nearby is preferred: "superconducting (Tc = 56 K)".
func (r *reading) meaning(text string, m *propertyMention) []weighted {
	if m.symbol {
		if p := r.symbols[m.key]; p != nil {
			return []weighted{{p, 0.9}}
		}
	}
	near := asciiLower(text[max(0, m.start-64):m.start])
	letter := m.symbol && utf8.RuneCountInString(m.key) == 1
	out := make([]weighted, 0, len(m.entries))
	cued, last := false, -1
	for _, e := range m.entries {
		if d := r.foreign[m.key]; m.symbol && (d == spelled || d == worded && e.weak) {
			continue
		}
		w := 1.0
		if e.weak {
			w = 0.1
			if r.named[e.property] > 0 || r.about(e.property) > 0 {
				w = 0.6
				if !m.symbol {
					w = 0.4
				}
			}
			if at := heralded(e.property, near); at >= 0 {
				w, cued = 0.8, true
				if at < last {
					w = 0.5 // another one stands nearer
				} else {
					for i := range out {
						out[i].weight = min(out[i].weight, 0.5)
					}
				}
				last = max(last, at)
			}
			if letter && w < 0.4 {
				continue // θ is an angle in most documents, and no contact angle
			}
		} else if m.symbol {
			w = 0.8
		}
		out = append(out, weighted{e.property, w})
	}
	if m.symbol {
		r.ofField(out)
	}
	if cued {
		for i := range out {
			if out[i].weight < 0.8 {
				out[i].weight = 0.05
			}
		}
	}
	if len(out) > 1 {
		if m.symbol && !slices.ContainsFunc(out, func(w weighted) bool { return w.weight != 0.1 }) {
			return nil // "Tc" where nothing tells of what
		}
		most := 0
		for i := range out {
			most = max(most, r.about(out[i].property))
		}
		for i := range out {
			switch n := r.about(out[i].property); {
			case n == most && most > 0:
				out[i].weight += 0.04
			case n > 0 && out[i].weight < 0.8:
				out[i].weight -= 0.04
			}
		}
	}
	return out
}

// ofField changes the weights of what a symbol can stand for in several fields: where
// the document names one of them and none of the others, that decides.
func (r *reading) ofField(out []weighted) {
	var field string
	for _, w := range out {
		switch f := w.property.Field; {
		case r.fields[f] == 0 || f == field:
		case field != "":
			return
		default:
			field = f
		}
	}
	if field == "" || !slices.ContainsFunc(out, func(w weighted) bool { return w.property.Field != field }) {
		return
	}
	for i := range out {
		if w := &out[i]; w.property.Field == field {
			w.weight = max(w.weight, 0.6)
		} else {
			w.weight = min(w.weight, 0.3)
		}
	}
}

// heralded returns where near, in lower case, has the first word of p's title or a word
// that goes with p, the last if there are several, -1 if it has none.
func heralded(p *field.Property, near string) int {
	first, _, _ := strings.Cut(p.Title, " ")
	at := -1
	if len(first) >= 5 {
		at = strings.LastIndex(near, asciiLower(first[:min(len(first), 9)]))
	}
	for _, c := range p.Context {
		_, last := mentioned(near, c)
		at = max(at, last)
	}
	return at
}

// mentioned returns how often text has stem, in or at the beginning of a word, but not
// as the opposite of it, the "ferromagnet" of "antiferromagnetic", and where last, -1 if
// never.
func mentioned(text, stem string) (n, last int) {
	last = -1
	for from := 0; ; {
		i := strings.Index(text[from:], stem)
		if i < 0 {
			return n, last
		}
		at := from + i
		if !strings.HasSuffix(text[:at], "anti") {
			n++
			last = at
		}
		from = at + len(stem)
	}
}

// about returns how often the document has words that go with p.
func (r *reading) about(p *field.Property) int {
	n := 0
	for _, c := range p.Context {
		found, known := r.contexts[c]
		if !known {
			if r.lower == nil {
				for i := range r.doc.Blocks {
					if r.doc.Blocks[i].Kind != document.Reference {
						r.lower = append(r.lower, asciiLower(r.doc.Blocks[i].Text))
					}
				}
			}
			for _, text := range r.lower {
				n, _ := mentioned(text, c)
				found += n
			}
			r.contexts[c] = found
		}
		n += found
	}
	return n
}

type weighted struct {
	property *field.Property
	weight   float64
}

// fitting returns the property of p, or, if that is not stated of subjects of
// this kind, the one of another field that shares the words and is: the melting
// temperature of a polymer is not that of a solid.
func fitting(p pairing, kind record.Kind, q quantity.Quantity) *field.Property {
	statedOf := func(p *field.Property) bool {
		return len(p.Subjects) == 0 || kind == record.Named || slices.Contains(p.Subjects, string(kind))
	}
	if statedOf(p.property) {
		return p.property
	}
	for _, strong := range []bool{true, false} {
		for _, e := range p.mention.entries {
			if e.weak != strong && statedOf(e.property) {
				if _, _, ok := convert(e.property, q); ok {
					return e.property
				}
			}
		}
	}
	return p.property
}
