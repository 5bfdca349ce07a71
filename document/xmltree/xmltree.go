// Package xmltree parses XML into the trees of package markup, quickly and
// within bounds, for the readers of articles and patents.
//
// It forgives what broken files get wrong, as a reader of documents must: an
// element that is not closed ends with the one around it, an entity that is not
// known stays as it is written. It never fetches a DTD and expands no entity
// that a document declares, so neither external entities nor XML bombs reach
// anything.
package xmltree

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/markup"
)

// Bounds on what is read. A tree takes at most about 40 bytes of memory for
// each byte of XML, where a document consists of empty elements, and about 4
// for articles and patents.
const (
	MaxBytes = 64 << 20
	MaxNodes = 4 << 20 // elements, their attributes and stretches of characters
)

// Errors that [Read] and [Parse] wrap.
var (
	ErrTooLarge = errors.New("too large")
	ErrBomb     = errors.New("refused: XML that declares or nests too much")
)

// Tree is what was read of an XML document.
type Tree struct {
	Root     *markup.Node // a node "#document" around all elements
	Broken   error        // where the document first stops being well-formed XML; nil if nowhere
	Replaced string       // "3 characters are not valid UTF-8", or ""

	memory *memory
}

// Release leaves the memory of the tree to trees that are read later. No node
// of it may be used any more; strings may. A tree need not be released.
func (t *Tree) Release() {
	if t.memory != nil {
		t.memory.release()
		t.Root, t.memory = nil, nil
	}
}

// Warnings says what could not be read as it was meant.
func (t *Tree) Warnings() []string {
	var w []string
	if t.Broken != nil {
		w = append(w, "not well-formed XML: "+t.Broken.Error())
	}
	if t.Replaced != "" {
		w = append(w, t.Replaced)
	}
	return w
}

// Read parses an XML document in any encoding that package charset knows.
func Read(data []byte) (*Tree, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, a document in XML may have %d", ErrTooLarge, len(data), MaxBytes)
	}
	decoded, err := charset.Decode(data, declaredEncoding(data))
	if err != nil {
		return nil, err
	}
	m := memories.Get().(*memory)
	root, broken, err := parse(string(decoded.Text), m)
	if err != nil {
		m.release()
		return nil, err
	}
	t := &Tree{Root: root, Broken: broken, memory: m}
	if decoded.Replaced > 0 {
		t.Replaced = fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name)
	}
	return t, nil
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

// Parse builds the tree of text, which is valid UTF-8. The error broken says
// where the text first stops being well-formed; what follows is read all the
// same. Names are in lower case and without prefix. Nodes
// of characters may stand in several places of the tree.
func Parse(text string) (root *markup.Node, broken, err error) {
	return parse(text, new(memory))
}

func parse(text string, m *memory) (root *markup.Node, broken, err error) {
	p := parser{text: text, memory: m, stack: m.open[:0], children: m.pending[:0], names: make(map[string]string)}
	root, p.lineEnd = p.node(), p.node()
	root.Name, p.lineEnd.Text = "#document", "\n"
	p.open(root)
	if err := p.run(); err != nil {
		return nil, nil, err
	}
	p.close(0)
	m.open, m.pending = p.stack, p.children
	return root, p.broken, nil
}

type parser struct {
	text     string
	at       int
	memory   *memory
	stack    []element
	children []*markup.Node // of all open elements, outermost first
	count    int
	lineEnd  *markup.Node
	names    map[string]string // as written → in lower case, without prefix
	recent   [128]name         // of names, found without hashing them
	broken   error
}

// name is a name as it is written, and in lower case without its prefix.
type name struct{ written, plain string }

// element is an element that is open.
type element struct {
	node *markup.Node
	from int // its children stand in parser.children from here
}

func (p *parser) open(n *markup.Node) { p.stack = append(p.stack, element{n, len(p.children)}) }

// close ends the open elements from the k-th on.
func (p *parser) close(k int) {
	for i := len(p.stack) - 1; i >= k; i-- {
		e := p.stack[i]
		e.node.Children = p.memory.children.take(len(p.children) - e.from)
		copy(e.node.Children, p.children[e.from:])
		p.children = p.children[:e.from]
	}
	p.stack = p.stack[:k]
}

func (p *parser) node() *markup.Node {
	p.count++
	return &p.memory.nodes.take(1)[0]
}

// fault notes the first place that is not well-formed.
func (p *parser) fault(at int, format string, args ...any) {
	if p.broken != nil {
		return
	}
	before := p.text[:at]
	line := 1 + strings.Count(before, "\n")
	column := at - strings.LastIndexByte(before, '\n')
	p.broken = fmt.Errorf("line %d, column %d: %s", line, column, fmt.Sprintf(format, args...))
}

// top returns the name of the innermost open element.
func (p *parser) top() string { return p.stack[len(p.stack)-1].node.Name }

func (p *parser) run() error {
	for p.at < len(p.text) {
		if p.count > MaxNodes {
			return fmt.Errorf("%w: more than %d elements", ErrBomb, MaxNodes)
		}
		i := strings.IndexByte(p.text[p.at:], '<')
		if i < 0 {
			p.characters(p.text[p.at:])
			break
		}
		if i > 0 {
			p.characters(p.text[p.at : p.at+i])
			p.at += i
		}
		rest := p.text[p.at:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			p.skip("-->", "comment")
		case strings.HasPrefix(rest, "<![CDATA["):
			from := p.at + len("<![CDATA[")
			p.skip("]]>", "CDATA section")
			p.literal(strings.TrimSuffix(p.text[from:max(from, p.at)], "]]>"))
		case strings.HasPrefix(rest, "<?"):
			p.skip("?>", "processing instruction")
		case strings.HasPrefix(rest, "<!"):
			if err := p.declaration(); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "</"):
			p.end()
		case len(rest) > 1 && nameStart(rest[1]):
			if err := p.start(); err != nil {
				return err
			}
		default:
			p.fault(p.at, "a < that begins no element")
			p.literal("<")
			p.at++
		}
	}
	if len(p.stack) > 1 {
		p.fault(len(p.text), "the document breaks off inside element %s", p.top())
	}
	return nil
}

// skip moves behind the next end mark.
func (p *parser) skip(end, what string) {
	i := strings.Index(p.text[p.at:], end)
	if i < 0 {
		p.fault(p.at, "%s that does not end", what)
		p.at = len(p.text)
		return
	}
	p.at += i + len(end)
}

func (p *parser) characters(s string) {
	if len(p.stack) == 1 {
		return // between elements of the top
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = p.unescape(s)
	}
	p.literal(s)
}

func (p *parser) literal(s string) {
	if s == "" || len(p.stack) == 1 {
		return
	}
	if s == "\n" { // between most elements: one node serves all
		p.children = append(p.children, p.lineEnd)
		return
	}
	n := p.node()
	n.Text = s
	p.children = append(p.children, n)
}

// declaration passes over a document type. It may name its DTD, which is not
// fetched, and the files of pictures as unparsed entities, as patents do.
// Entities that stand for text are how XML bombs are built; documents of the
// formats read here have no use for declaring any.
func (p *parser) declaration() error {
	from, depth, quote := p.at, 0, byte(0)
	for p.at < len(p.text) {
		if quote == 0 && p.at > from && strings.HasPrefix(p.text[p.at:], "<!--") {
			p.skip("-->", "comment")
			continue
		}
		c := p.text[p.at]
		p.at++
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			depth--
		}
		if depth == 0 && quote == 0 && c == '>' {
			break
		}
	}
	if depth > 0 {
		p.fault(from, "declaration that does not end")
	}
	declared := p.text[from:p.at]
	for {
		_, rest, ok := strings.Cut(declared, "<!ENTITY")
		if !ok {
			return nil
		}
		one, _, _ := strings.Cut(rest, ">")
		if !strings.Contains(one, "NDATA") {
			return fmt.Errorf("%w: it declares entities", ErrBomb)
		}
		declared = rest
	}
}

func (p *parser) end() {
	from := p.at
	i := strings.IndexByte(p.text[p.at:], '>')
	if i < 0 {
		p.fault(p.at, "end tag that does not end")
		p.at = len(p.text)
		return
	}
	name := p.name(strings.TrimRight(p.text[p.at+2:p.at+i], " \t\r\n"))
	p.at += i + 1
	k := len(p.stack) - 1
	for k > 0 && p.stack[k].node.Name != name {
		k--
	}
	if k < len(p.stack)-1 {
		p.fault(from, "end of element %s where %s is open", name, p.top())
	}
	if k > 0 {
		p.close(k)
	}
}

func (p *parser) start() error {
	from := p.at
	p.at++
	n := p.node()
	n.Name = p.name(p.word())
	p.children = append(p.children, n)
	for {
		p.space()
		if p.at >= len(p.text) {
			p.fault(from, "element %s whose tag does not end", n.Name)
			return nil
		}
		switch c := p.text[p.at]; {
		case c == '>':
			p.at++
			if len(p.stack) > markup.MaxDepth {
				return fmt.Errorf("%w: elements nest more than %d deep", ErrBomb, markup.MaxDepth)
			}
			p.open(n)
			return nil
		case c == '/':
			p.at++
			if p.at < len(p.text) && p.text[p.at] == '>' {
				p.at++
				return nil
			}
		case c == '<':
			p.fault(from, "element %s whose tag does not end", n.Name)
			p.open(n)
			if len(p.stack) > markup.MaxDepth {
				return fmt.Errorf("%w: elements nest more than %d deep", ErrBomb, markup.MaxDepth)
			}
			return nil
		case nameStart(c):
			n.Attributes = p.memory.attributes.lengthen(n.Attributes, p.attribute())
			p.count++
		default:
			p.fault(p.at, "%q in the tag of element %s", c, n.Name)
			p.at++
		}
		if p.count > MaxNodes {
			return fmt.Errorf("%w: more than %d elements", ErrBomb, MaxNodes)
		}
	}
}

func (p *parser) attribute() markup.Attribute {
	a := markup.Attribute{Name: p.name(p.word())}
	p.space()
	if p.at >= len(p.text) || p.text[p.at] != '=' {
		return a
	}
	p.at++
	p.space()
	if p.at >= len(p.text) {
		return a
	}
	quote := p.text[p.at]
	if quote != '"' && quote != '\'' {
		a.Value = p.word()
		return a
	}
	p.at++
	i := strings.IndexByte(p.text[p.at:], quote)
	if i < 0 {
		p.fault(p.at, "value of attribute %s that does not end", a.Name)
		i = len(p.text) - p.at
	}
	a.Value = p.text[p.at : p.at+i]
	if strings.IndexByte(a.Value, '&') >= 0 {
		a.Value = p.unescape(a.Value)
	}
	p.at = min(len(p.text), p.at+i+1)
	return a
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// word takes characters up to white space or one that ends a name.
func (p *parser) word() string {
	from := p.at
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n', '>', '/', '=', '<', '"', '\'':
			return p.text[from:p.at]
		}
		p.at++
	}
	return p.text[from:]
}

// name returns a name in lower case and without its prefix.
func (p *parser) name(written string) string {
	if written == "" {
		return ""
	}
	k := len(written)*31 + int(written[0])*7 + int(written[len(written)-1])
	near := &p.recent[k%len(p.recent)]
	if near.written == written {
		return near.plain
	}
	plain, ok := p.names[written]
	if !ok {
		plain = strings.ToLower(written[strings.LastIndexByte(written, ':')+1:])
		if len(p.names) < 1<<12 {
			p.names[written] = plain
		}
	}
	*near = name{written, plain}
	return plain
}

func nameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
}
