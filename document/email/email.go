// Package email reads mails (RFC 5322, MIME): what the message says as a
// document, and what is attached to it as files.
package email

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/html"
	"github.com/alkahest/alkahest/document/text"
)

// Bounds on what is read.
const (
	MaxBytes = 64 << 20
	maxParts = 1000
	maxDepth = 16
)

// Errors that [Read] and [Attachments] wrap.
var (
	ErrTooLarge = errors.New("too large")
	ErrBroken   = errors.New("not a mail, or a broken one")
	ErrNoText   = errors.New("no text")
)

// Attachment is a file that a mail brings.
type Attachment struct {
	Name string // without folders; "part-3" where it has none
	Data []byte
}

// Read reads what the message says: its plain text, or its HTML where it has no
// plain text. Lines that it quotes of another message are left out. The name is
// used in messages and kept as the document's name. Reading takes memory of
// at most 150 times the size of data without what is attached, where that is
// paragraphs of one letter in HTML.
func Read(name string, data []byte) (*document.Document, error) {
	m, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Email}
	subject := blocks.Clean(m.header("Subject"))
	if from, err := mail.ParseAddressList(m.head.Get("From")); err == nil {
		for _, a := range from {
			author := a.Name
			if author == "" {
				author = a.Address
			}
			if author = blocks.Clean(decoded(author)); author != "" {
				doc.Authors = append(doc.Authors, author)
			}
		}
	}
	if date, err := m.head.Date(); err == nil {
		doc.Date = date.Format("2006-01-02")
	}
	doc.Warnings = m.warnings
	var body *document.Document
	switch {
	case len(bytes.TrimSpace(m.plain)) > 0:
		body, err = text.Read(name, unquoted(m.plain))
	case len(m.html) > 0:
		body, err = html.Read(name, m.html)
	}
	if err != nil {
		doc.Warnings = append(doc.Warnings, "the text of the mail: "+strings.TrimPrefix(err.Error(), name+": "))
	}
	if body != nil {
		for i := range body.Blocks {
			if b := &body.Blocks[i]; b.Kind == document.Title {
				b.Kind = document.Paragraph
			}
		}
		doc.Blocks, doc.Language = body.Blocks, body.Language
		doc.Warnings = append(doc.Warnings, body.Warnings...)
	}
	if subject != "" {
		doc.Title = subject
		doc.Blocks = slices.Insert(doc.Blocks, 0, document.Block{Kind: document.Title, Text: doc.Title})
	}
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	return doc, nil
}

// Attachments returns the files that a mail brings, in their order. Pictures
// that belong to its HTML are among them.
func Attachments(data []byte) ([]Attachment, error) {
	m, err := parse(data)
	if err != nil {
		return nil, err
	}
	return m.attached, nil
}

// message is a mail taken apart.
type message struct {
	head        mail.Header
	plain, html []byte // in UTF-8
	attached    []Attachment
	parts       int
	bytes       int
	warnings    []string
}

func parse(data []byte) (*message, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, a mail may have %d", ErrTooLarge, len(data), MaxBytes)
	}
	r, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	m := &message{head: r.Header}
	if err := m.part(r.Header.Get, r.Body, 0); err != nil {
		return nil, err
	}
	return m, nil
}

// header returns a header in words.
func (m *message) header(name string) string { return decoded(m.head.Get(name)) }

var words = mime.WordDecoder{CharsetReader: func(label string, r io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(io.LimitReader(r, 1<<16))
	if err != nil {
		return nil, err
	}
	out, err := charset.Decode(data, label)
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(out.Text), nil
}}

func decoded(s string) string {
	if out, err := words.DecodeHeader(s); err == nil {
		return strings.ToValidUTF8(out, "\uFFFD")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// part reads a part with the header that get looks up.
func (m *message) part(get func(string) string, body io.Reader, depth int) error {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		return fmt.Errorf("%w: more than %d parts, or parts more than %d deep", ErrTooLarge, maxParts, maxDepth)
	}
	kind, parameters, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && parameters["boundary"] != "" {
		r := multipart.NewReader(body, parameters["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil { // what was read counts
				m.warnings = append(m.warnings, fmt.Sprintf("the mail breaks off: %v", err))
				return nil
			}
			if err := m.part(p.Header.Get, p, depth+1); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(strings.TrimSpace(get("Content-Transfer-Encoding"))) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, &letters{body})
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(io.LimitReader(body, MaxBytes+1))
	if err != nil {
		m.warnings = append(m.warnings, fmt.Sprintf("part %d breaks off: %v", m.parts, err))
	}
	if m.bytes += len(data); m.bytes > MaxBytes {
		return fmt.Errorf("%w: more than %d bytes in its parts", ErrTooLarge, MaxBytes)
	}
	disposition, place, _ := mime.ParseMediaType(get("Content-Disposition"))
	name := place["filename"]
	if name == "" {
		name = parameters["name"]
	}
	name = path.Base(strings.ReplaceAll(decoded(name), `\`, "/"))
	if name == "." || name == "/" || strings.HasPrefix(name, "..") {
		name = ""
	}
	if disposition != "attachment" && name == "" && (kind == "text/plain" || kind == "text/html") {
		text := data
		if out, err := charset.Decode(data, parameters["charset"]); err == nil {
			text = out.Text
		}
		if kind == "text/html" {
			m.html = append(m.html, text...)
		} else {
			m.plain = append(append(m.plain, text...), '\n')
		}
		return nil
	}
	if name == "" {
		name = fmt.Sprintf("part-%d", m.parts)
		if kind == "message/rfc822" {
			name += ".eml"
		}
	}
	m.attached = append(m.attached, Attachment{Name: strings.ReplaceAll(name, "!", "_"), Data: data})
	return nil
}

// letters passes over what is not of base64, such as line ends.
type letters struct{ r io.Reader }

func (l *letters) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	k := 0
	for _, c := range p[:n] {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
			p[k] = c
			k++
		}
	}
	return k, err
}

// unquoted leaves out the lines that quote another message.
func unquoted(s []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(s) {
		if !bytes.HasPrefix(line, []byte(">")) {
			out.Write(line)
		}
	}
	return out.Bytes()
}
