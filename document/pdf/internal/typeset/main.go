// Typeset makes the PDF files on which document/pdf is measured. Each page of
// HTML in a folder is set in some of the styles of a list, by pdfTeX, LuaTeX,
// LibreOffice, Chromium, WeasyPrint or Typst; the page itself is the truth that the PDF is compared
// with.
//
//	go run ./document/pdf/internal/typeset document/pdf/testdata/develop
//
// It needs pdflatex and lualatex with the packages of TeX Live's collections
// latexrecommended, fontsrecommended and publishers, soffice (LibreOffice
// Writer), chromium, weasyprint and typst. The style is the middle of the name of a file: electrolytes.two-ruled.pdf is
// electrolytes.html in two columns, with rules in its tables.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/html"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: typeset DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "typeset:", err)
		os.Exit(1)
	}
}

// run sets the pages of dir in the styles listed for its name.
func run(dir string) error {
	styles, ok := sets[filepath.Base(dir)]
	if !ok {
		return fmt.Errorf("no styles are listed for %s", dir)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "typeset")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for i, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		doc, err := html.Read(page, data)
		if err != nil {
			return err
		}
		stem := strings.TrimSuffix(filepath.Base(page), ".html")
		for j, s := range styles {
			if (i+j)%every[filepath.Base(dir)] != 0 {
				continue
			}
			pdf, err := s.set(doc, data, work)
			if err != nil {
				return fmt.Errorf("%s, style %s: %w", page, s.name, err)
			}
			if err := os.WriteFile(filepath.Join(dir, stem+"."+s.name+".pdf"), pdf, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// set returns doc, which page says in HTML, as a PDF file.
func (s style) set(doc *document.Document, page []byte, work string) ([]byte, error) {
	var source, text string
	var command []string
	runs := 1
	switch {
	case s.office != nil:
		source, text = "page.fodt", s.odt(doc)
		command = []string{"soffice", "-env:UserInstallation=file://" + work + "/profile", "--headless", "--convert-to", "pdf", "--outdir", work, source}
	case s.typeset != "":
		source, text = "page.typ", s.typst(doc)
		command = []string{"typst", "compile", source, "page.pdf"}
	case s.printer != "":
		source, text = "page.html", strings.Replace(string(page), "</head>", "<style>"+s.printer+s.cells()+"</style></head>", 1)
		command = []string{"weasyprint", source, "page.pdf"}
	case s.browser != "":
		source, text = "page.html", strings.Replace(string(page), "</head>", "<style>"+s.browser+s.cells()+"</style></head>", 1)
		command = []string{"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + work + "/browser", "--no-pdf-header-footer", "--print-to-pdf=page.pdf", source}
	default:
		source, text = "page.tex", s.latex(doc)
		command = []string{s.engine(), "-interaction=nonstopmode", "-halt-on-error", source}
		runs = 2 // TeX numbers lines in the second run
	}
	if err := os.WriteFile(filepath.Join(work, source), []byte(text), 0o644); err != nil {
		return nil, err
	}
	// What TeX noted of the page before belongs to another style.
	if err := os.Remove(filepath.Join(work, "page.aux")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for range runs {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = work
		// The same source gives the same file.
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000", "FORCE_SOURCE_DATE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", command[0], err, out[max(0, len(out)-2000):])
		}
	}
	// TeX leaves out what a font lacks, and goes on.
	if log, err := os.ReadFile(filepath.Join(work, "page.log")); err == nil && command[0] == s.engine() {
		if i := bytes.Index(log, []byte("Missing character")); i >= 0 {
			return nil, fmt.Errorf("%.80s", log[i:])
		}
	}
	return os.ReadFile(filepath.Join(work, "page.pdf"))
}

// piece is a stretch of text at one level: "^", "_" or "".
type piece struct{ level, text string }

// pieces divides bytes from to end of the text of b.
func pieces(b *document.Block, from, end int) []piece {
	var out []piece
	add := func(level, text string) {
		if text != "" {
			out = append(out, piece{level, text})
		}
	}
	at := from
	for _, s := range b.Shifts {
		if s.Start < from || s.End > end {
			continue
		}
		add("", b.Text[at:s.Start])
		level := "_"
		if s.Raised {
			level = "^"
		}
		add(level, b.Text[s.Start:s.End])
		at = s.End
	}
	add("", b.Text[at:end])
	return out
}

// label divides a caption behind its label, "Table 1." or "Figure 2".
func label(b *document.Block) (label, rest int) {
	words := strings.SplitN(b.Text, " ", 3)
	if len(words) < 3 {
		return len(b.Text), len(b.Text)
	}
	n := len(words[0]) + 1 + len(words[1])
	return n, n + 1
}
