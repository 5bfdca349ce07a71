package patent

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/xmltree"
)

// field is a tagged stretch of an APS file: the tag of up to four characters
// stands at the beginning of a line, further lines are indented by five.
type field struct {
	tag   string
	lines []string
}

// text returns the lines of a field as one.
func (f *field) text() string { return strings.Join(f.lines, " ") }

// maxFields bounds the fields of one patent.
const maxFields = 1 << 18

func readAPS(doc *document.Document, data []byte) error {
	if len(data) > xmltree.MaxBytes {
		return fmt.Errorf("%w: %d bytes, a patent may have %d", xmltree.ErrTooLarge, len(data), xmltree.MaxBytes)
	}
	decoded, err := charset.Decode(data, "")
	if err != nil {
		return err
	}
	if decoded.Replaced > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	fields, err := split(decoded.Text)
	if err != nil {
		return err
	}
	doc.Language = "en"
	r := apsReader{reader: newReader(doc)}
	for _, f := range fields {
		r.field(f)
	}
	r.finish()
	return nil
}

// split divides the text into fields.
func split(text []byte) ([]field, error) {
	var fields []field
	for line := range bytes.Lines(text) {
		s := strings.TrimRight(string(line), "\r\n")
		switch {
		case strings.HasPrefix(s, "HHHHHT"):
		case strings.TrimSpace(s) == "":
		case s[0] != ' ' && s[0] != '\t':
			tag, rest := s, ""
			if len(s) > 4 {
				tag, rest = s[:4], s[4:]
				if rest[0] == ' ' {
					rest = rest[1:]
				}
			}
			if len(fields) == maxFields {
				return nil, fmt.Errorf("%w: more than %d fields", xmltree.ErrTooLarge, maxFields)
			}
			f := field{tag: strings.ToUpper(strings.TrimSpace(strings.ToValidUTF8(tag, "")))}
			if strings.TrimSpace(rest) != "" {
				f.lines = []string{strings.TrimRight(rest, " ")}
			}
			fields = append(fields, f)
		case len(fields) > 0:
			f := &fields[len(fields)-1]
			if strings.HasPrefix(f.tag, "TBL") {
				s = strings.TrimRight(strings.TrimPrefix(s, "     "), " ")
			} else {
				s = strings.TrimSpace(s)
			}
			f.lines = append(f.lines, s)
		}
	}
	return fields, nil
}

// apsReader turns the fields of a patent into blocks.
type apsReader struct {
	*reader
	part       string // the part that is open: "INVT", "BSUM", …
	number     string // of a claim, its text to come
	claim      bool   // a claim is being written
	references []string
	reference  []string // the parts of the citation that is open

	begun, inHead bool // of the row of a table that is open
	last          int  // its last column so far
}

func (r *apsReader) field(f field) {
	switch f.tag {
	case "PATN", "INVT", "ASSG", "PRIR", "REIS", "RLAP", "CLAS", "UREF", "FREF", "OREF", "LREP", "PCTA", "ABST", "GOVT", "PARN", "BSUM", "DRWD", "DETD", "CLMS", "DCLM":
		r.endClaim()
		r.endReference()
		r.part = f.tag
		switch f.tag {
		case "ABST":
			r.section = []string{"Abstract"}
		case "CLMS", "DCLM":
			r.section = []string{"Claims"}
		case "PARN":
			r.section = []string{"Related applications"}
		case "DRWD":
			r.section = []string{"Description of the drawings"}
		default:
			r.section = nil
		}
		return
	}
	switch r.part {
	case "PATN":
		r.patent(f)
	case "INVT":
		if f.tag == "NAM" {
			name := f.text()
			if surname, given, ok := strings.Cut(name, "; "); ok {
				name = given + " " + surname
			}
			r.doc.Authors = append(r.doc.Authors, blocks.Clean(name))
		}
	case "UREF", "FREF":
		switch f.tag {
		case "PNO":
			r.reference = append(r.reference, f.text())
		case "ISD":
			r.reference = append(r.reference, isoDate(f.text()))
		case "NAM":
			r.reference = append(r.reference, f.text())
		case "CNT":
			r.reference = append(r.reference, strings.TrimSuffix(f.text(), "X"))
		}
	case "OREF":
		if f.tag == "PAL" {
			r.references = append(r.references, f.text())
		}
	case "ABST":
		if f.tag == "PAL" || strings.HasPrefix(f.tag, "PA") {
			r.write(f, document.Abstract)
		}
	case "GOVT", "PARN", "BSUM", "DRWD", "DETD":
		r.description(f)
	case "CLMS", "DCLM":
		r.claims(f)
	}
}

func (r *apsReader) patent(f field) {
	switch f.tag {
	case "WKU":
		identify(r.doc, apsNumber(f.text()))
	case "TTL":
		decode(r.w.Builder, f.text())
		text, shifts := r.w.Take()
		r.doc.Title = text
		r.add(document.Block{Kind: document.Title, Text: text, Shifts: shifts})
	case "ISD":
		r.doc.Date = isoDate(f.text())
	}
}

// apsNumber returns the number of a grant from its field WKU: eight characters,
// and a ninth digit that checks them. Until 2001 a grant had no code for its
// kind; the letters are those that WIPO ST.16 gives to patents, designs,
// reissues, plants and statutory inventions.
func apsNumber(wku string) string {
	wku = strings.TrimSpace(wku)
	if len(wku) == 9 {
		wku = wku[:8]
	}
	kind := "A"
	switch {
	case strings.HasPrefix(wku, "D"):
		kind = "S"
	case strings.HasPrefix(wku, "RE"):
		kind = "E"
	case strings.HasPrefix(wku, "PP"):
		kind = "P"
	case strings.HasPrefix(wku, "H"):
		kind = "H"
	}
	return Number("US", wku, kind)
}

// write writes a paragraph.
func (r *apsReader) write(f field, kind document.Kind) {
	decode(r.w.Builder, f.text())
	r.emit(kind)
}

func (r *apsReader) description(f field) {
	switch {
	case f.tag == "PAC":
		decode(r.w.Builder, f.text())
		text, shifts := r.w.Take()
		if text == "" {
			return
		}
		r.section = nil
		r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
		r.section = []string{text}
	case strings.HasPrefix(f.tag, "TBL"):
		r.apsTable(f)
	case f.tag == "FNT", f.tag == "FNTR":
		r.write(f, document.Footnote)
	case strings.HasPrefix(f.tag, "PA"), f.tag == "EQU", f.tag == "FAX":
		r.write(f, document.Paragraph)
	}
}

func (r *apsReader) claims(f field) {
	switch {
	case f.tag == "STM":
		// "What is claimed is:"
	case f.tag == "NUM":
		r.endClaim()
		r.number = strings.TrimSuffix(strings.TrimSpace(f.text()), ".")
	case strings.HasPrefix(f.tag, "TBL"):
		r.endClaim()
		r.apsTable(f)
	case strings.HasPrefix(f.tag, "PA"), f.tag == "EQU", f.tag == "FAX":
		text := f.text()
		if !r.claim {
			if _, err := strconv.Atoi(r.number); err == nil && !strings.HasPrefix(text, r.number+".") {
				r.w.WriteString(r.number + ". ")
			}
			r.claim = true
		}
		r.w.Space()
		decode(r.w.Builder, text)
	}
}

func (r *apsReader) endClaim() {
	if r.claim {
		r.emit(document.Paragraph)
		r.claim = false
	}
	r.number = ""
}

func (r *apsReader) endReference() {
	if len(r.reference) > 0 {
		if r.part == "UREF" {
			r.reference[0] = "US" + r.reference[0]
		}
		r.references = append(r.references, strings.Join(r.reference, ", "))
		r.reference = nil
	}
}

func (r *apsReader) finish() {
	r.endClaim()
	r.endReference()
	r.section = []string{"References cited"}
	for _, text := range r.references {
		decode(r.w.Builder, text)
		r.emit(document.Reference)
	}
}
