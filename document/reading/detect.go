package reading

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/patent"
)

// headBytes is how much of a file [Detect] looks at.
const headBytes = 16 << 10

// Detect tells the format of a document by the beginning of its data; 16 KiB
// are enough. Plain text has no mark of its own, so there the extension of the
// name rules out what is text but no paper: programs, tables of data,
// bibliographies. The error wraps [ErrUnsupported] and names what was found.
func Detect(name string, data []byte) (document.Format, error) {
	head := data[:min(len(data), headBytes)]
	if len(bytes.Trim(head, " \t\r\n\x00\ufeff")) == 0 {
		return "", fmt.Errorf("%w: empty file", ErrUnsupported)
	}
	// The mark of PDF may stand anywhere in the first 1024 bytes (Adobe PDF
	// Reference 1.7, appendix H, note 13).
	if i := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-")); i >= 0 && (i == 0 || charset.Magic(head) == "") {
		return document.PDF, nil
	}
	switch kind := charset.Magic(head); kind {
	case "":
	case "PNG image", "JPEG image", "TIFF image":
		return document.Image, nil
	case "ZIP archive":
		kind := zipKind(name, head)
		if format, ok := packages[kind]; ok {
			return format, nil
		}
		return "", fmt.Errorf("%w: %s", ErrUnsupported, kind)
	default:
		if strings.EqualFold(path.Ext(name), ".hwp") {
			kind = "Hangul document in the old format; Hangul saves it as .hwpx"
		}
		return "", fmt.Errorf("%w: %s", ErrUnsupported, kind)
	}
	decoded, err := charset.Decode(evenCut(head, len(data)), "")
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrUnsupported, err)
	}
	lower := strings.ToLower(strings.TrimSpace(string(decoded.Text)))
	if strings.HasPrefix(lower, "<") {
		if format, err, known := detectMarkup(lower); known {
			return format, err
		}
	}
	if patent.IsAPS(decoded.Text) {
		return document.Patent, nil
	}
	if isMail(strings.TrimSpace(string(decoded.Text))) || strings.EqualFold(path.Ext(name), ".eml") {
		return document.Email, nil
	}
	if isTeX(name, string(decoded.Text)) {
		return document.LaTeX, nil
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv":
		return document.Sheet, nil
	}
	if kind := textKind(name); kind != "" {
		return "", fmt.Errorf("%w: %s", ErrUnsupported, kind)
	}
	return document.Text, nil
}

// evenCut shortens a head that was cut from more data so that no character is
// cut through: by the broken end of UTF-8 or half a unit of UTF-16.
func evenCut(head []byte, whole int) []byte {
	if whole == len(head) {
		return head
	}
	head = head[:len(head)&^1]
	if i := bytes.LastIndexAny(head, " \n"); i > len(head)/2 && head[0] != 0xFF && head[0] != 0xFE && bytes.IndexByte(head, 0) < 0 {
		return head[:i]
	}
	return head
}

// detectMarkup tells apart what begins with "<"; head is in lower case. It
// reports false for text that happens to begin so.
func detectMarkup(head string) (format document.Format, err error, known bool) {
	root, doctype := rootElement(head)
	switch {
	case strings.Contains(doctype, "html"), root == "html", root == "head", root == "body":
		return document.HTML, nil, true
	case isPublisher(root, doctype, head):
		return document.Publisher, nil, true
	case strings.Contains(doctype, "jats"), strings.Contains(doctype, "nlm//dtd"), strings.Contains(doctype, "journal archiving"), strings.Contains(doctype, "journalpublishing"), strings.Contains(doctype, "archivearticle"):
		return document.JATS, nil, true
	case strings.Contains(head, "<article-meta"), strings.Contains(head, "<journal-meta"), root == "article" && (strings.Contains(head, "<front") || strings.Contains(head, "article-type=") || strings.Contains(head, "dtd-version=")), root == "pmc-articleset":
		return document.JATS, nil, true
	case isPatent(root, head):
		return document.Patent, nil, true
	case root == "":
		return "", nil, false
	}
	switch root {
	case "div", "p", "article", "main", "section", "table", "h1", "h2", "h3", "meta", "title", "span", "b", "i", "ul", "ol", "center", "font", "link", "script", "style", "a", "br", "hr", "pre":
		return document.HTML, nil, true
	case "svg":
		return "", fmt.Errorf("%w: SVG image", ErrUnsupported), true
	}
	if strings.HasPrefix(head, "<?xml") || doctype != "" || strings.Contains(head, "xmlns") || strings.Contains(head, "</") {
		return "", fmt.Errorf("%w: XML with root element %q", ErrUnsupported, root), true
	}
	return "", nil, false // "<d> spacing of the planes …"
}

// isPublisher reports Elsevier's XML, by its namespaces or its DTD, and
// Springer's, whose root element is Publisher.
func isPublisher(root, doctype, head string) bool {
	switch root {
	case "full-text-retrieval-response":
		return true
	case "doc", "article", "converted-article", "simple-article":
		return strings.Contains(head, "www.elsevier.com/xml/") || strings.Contains(doctype, "//es//dtd")
	case "publisher":
		return strings.Contains(head, "<publisherinfo") || strings.Contains(doctype, "springer")
	}
	return false
}

// isPatent reports the root elements of patents, which are many: the offices
// put their own envelopes around the same parts.
func isPatent(root, head string) bool {
	switch root {
	case "patdoc", "kipo", "patentcafdoc", "application-body", "exchange-document", "exchange-documents":
		return true
	case "html", "svg", "":
		return false
	}
	return strings.Contains(root, "patent") || strings.Contains(head, "<publication-reference") && strings.Contains(head, "<doc-number>") || strings.Contains(head, "<sdobi")
}

// rootElement returns the name of the first element in head, without prefix,
// and the document type declaration before it.
func rootElement(head string) (root, doctype string) {
	for {
		head = strings.TrimLeft(head, " \t\r\n\f\ufeff")
		switch {
		case strings.HasPrefix(head, "<?"):
			_, rest, ok := strings.Cut(head, ">")
			if !ok {
				return "", doctype
			}
			head = rest
		case strings.HasPrefix(head, "<!--"):
			_, rest, ok := strings.Cut(head, "-->")
			if !ok {
				return "", doctype
			}
			head = rest
		case strings.HasPrefix(head, "<!doctype"):
			declaration, rest, ok := strings.Cut(head, ">")
			doctype = declaration
			if !ok {
				return "", doctype
			}
			if strings.Contains(declaration, "[") { // an internal subset
				if _, after, ok := strings.Cut(rest, "]>"); ok {
					rest = after
				}
			}
			head = rest
		case strings.HasPrefix(head, "<"):
			name := head[1:]
			if end := strings.IndexFunc(name, func(r rune) bool {
				return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == ':' || r == '.')
			}); end >= 0 {
				name = name[:end]
			}
			return name[strings.LastIndexByte(name, ':')+1:], doctype
		default:
			return "", doctype
		}
	}
}

// packages are the kinds of ZIP file that have a reader.
var packages = map[string]document.Format{
	"Word document": document.DOCX, "Excel workbook": document.Sheet, "Hangul document": document.HWPX,
	"OpenDocument text": document.ODT, "OpenDocument workbook": document.Sheet,
}

// zipKind names what a ZIP file holds, by its extension or its first entries.
func zipKind(name string, head []byte) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return "Word document"
	case ".xlsx", ".xlsm":
		return "Excel workbook"
	case ".pptx":
		return "PowerPoint presentation"
	case ".hwpx":
		return "Hangul document"
	case ".odt", ".ott":
		return "OpenDocument text"
	case ".ods", ".ots":
		return "OpenDocument workbook"
	case ".odp":
		return "OpenDocument presentation"
	case ".epub":
		return "EPUB book"
	case ".jar", ".apk", ".whl":
		return "program package"
	}
	switch {
	case bytes.Contains(head, []byte("mimetypeapplication/hwp+zip")), bytes.Contains(head, []byte("Contents/section0.xml")):
		return "Hangul document"
	case bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis.opendocument.text")):
		return "OpenDocument text"
	case bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")):
		return "OpenDocument workbook"
	case bytes.Contains(head, []byte("word/")):
		return "Word document"
	case bytes.Contains(head, []byte("xl/")):
		return "Excel workbook"
	case bytes.Contains(head, []byte("ppt/")):
		return "PowerPoint presentation"
	case bytes.Contains(head, []byte("[Content_Types].xml")):
		return "Office document"
	case bytes.Contains(head, []byte("mimetypeapplication/")):
		return "OpenDocument file or EPUB book"
	}
	return "ZIP archive"
}

// textKind names what a file with the extension of name holds if that is text
// but nothing to read as a paper.
func textKind(name string) string {
	switch strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/"))) {
	case ".json", ".jsonl", ".ndjson", ".geojson", ".ipynb":
		return "JSON data"
	case ".bib", ".ris", ".enw", ".nbib":
		return "bibliography"
	case ".sty", ".cls", ".bst", ".dtx":
		return "TeX style"
	case ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf":
		return "configuration"
	case ".go", ".py", ".c", ".h", ".cc", ".cpp", ".hpp", ".js", ".ts", ".java", ".rs", ".rb", ".pl", ".sh", ".bat", ".ps1", ".m", ".r", ".jl", ".f", ".f90", ".css", ".sql", ".mod", ".sum":
		return "program source"
	case ".cif", ".xyz", ".pdb", ".mol", ".sdf", ".vasp", ".poscar":
		return "structure data"
	case ".log":
		return "log"
	}
	return ""
}
