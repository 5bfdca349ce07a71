package reading

import (
	"bytes"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/email"
)

// headerPattern matches the first line of a mail: a header that mails begin
// with.
var headerPattern = regexp.MustCompile(`^(?i:received|return-path|delivered-to|from|to|date|subject|message-id|mime-version|x-[a-z0-9-]+|content-type|reply-to|dkim-signature|arc-[a-z-]+): `)

// isMail reports whether text begins as a mail does.
func isMail(text string) bool {
	if !headerPattern.MatchString(text) {
		return false
	}
	head, _, _ := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n")
	head = strings.ToLower("\n" + head)
	return strings.Contains(head, "\nfrom: ") && (strings.Contains(head, "\nmime-version:") || strings.Contains(head, "\nmessage-id:") || strings.Contains(head, "\ndate: ") && strings.Contains(head, "\nsubject: "))
}

// mail yields a mail and the files that it brings, which are named as entries
// of archives are.
func (w *walker) mail(name string, info fs.FileInfo) bool {
	load := func() ([]byte, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readAll(f, info.Size(), min(w.limits.FileBytes, email.MaxBytes))
	}
	if w.want == "" || w.want == name {
		if !w.yield(&Source{Name: name, Size: info.Size(), Modified: info.ModTime(), Format: document.Email, data: load}, nil) {
			return false
		}
	}
	data, err := load()
	if err != nil {
		return w.fail(name, err)
	}
	files, err := email.Attachments(data)
	if err != nil {
		return true // reading the mail reports it
	}
	seen := map[string]bool{}
	for _, a := range files {
		inside := name + "!" + a.Name
		if seen[inside] || strings.HasPrefix(a.Name, ".") || !w.wants(inside) {
			continue
		}
		seen[inside] = true
		format, err := Detect(a.Name, a.Data[:min(len(a.Data), headBytes)])
		if err != nil {
			if !w.fail(inside, err) {
				return false
			}
			continue
		}
		kept := bytes.Clone(a.Data)
		if !w.yield(&Source{Name: inside, Size: int64(len(kept)), Modified: info.ModTime(), Format: format, data: func() ([]byte, error) { return kept, nil }}, nil) {
			return false
		}
	}
	return true
}
