package extract

import (
	"strings"

	"github.com/alkahest/alkahest/record"
)

// devices adds the cells and other devices that the document speaks of, if it names no
// material that they could be known by: "a pouch cell", "the flow battery".
func (r *reading) devices() {
	for i := range r.mentions {
		for k := range r.mentions[i].subjects {
			if s := &r.mentions[i].subjects[k]; !s.host && !s.control && !ambient(s) {
				return
			}
		}
	}
	for b := range r.mentions {
		m := &r.mentions[b]
		if m.sentences == nil {
			continue
		}
		text := r.doc.Blocks[b].Text
		ws := m.words
		var added []subjectMention
		for i, w := range ws {
			if !apparatus[strings.ToLower(w.text)] || i > 0 && ws[i-1].key == "unit" { // in the plural they are a class
				continue
			}
			if i+1 < len(ws) && text[w.end:ws[i+1].start] == " " && ofDevice[ws[i+1].key] {
				continue
			}
			start := w.start
			for from := i; from > 0 && kinds[ws[from-1].key] && modifies(text[ws[from-1].end:ws[from].start]); from-- {
				start = ws[from-1].start
			}
			at := span{start, w.end}
			if !r.free(b, at) {
				continue
			}
			written := text[at.start:at.end]
			added = appendApart(added, subjectMention{span: at, block: b, key: w.key, subject: record.Subject{
				Text: written, Kind: record.Named, Name: strings.ToLower(written), Block: b, Start: at.start, End: at.end,
			}})
		}
		if len(added) > 0 {
			m.subjects = merged(m.subjects, added)
		}
	}
}

// apparatus are nouns, singular, for devices that have properties of their own.
var apparatus = map[string]bool{"cell": true, "battery": true, "device": true, "supercapacitor": true, "module": true, "electrolyser": true, "electrolyzer": true, "photodetector": true, "transistor": true}

// ofDevice are nouns, singular, that a device in front of them only tells apart.
var ofDevice = map[string]bool{"mode": true, "type": true, "design": true, "architecture": true, "structure": true, "configuration": true, "performance": true, "test": true, "operation": true, "application": true, "technology": true}

// kinds are words that belong to the name of a device.
var kinds = map[string]bool{
	"pouch": true, "button": true, "prismatic": true, "cylindrical": true, "full": true, "flow": true, "fuel": true, "solar": true, "ceramic": true, "protonic": true, "redox": true, "tandem": true, "metal": true, "electrolysis": true, "hybrid": true, "symmetric": true,
}
