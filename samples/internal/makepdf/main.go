// Makepdf writes the PDF files among the samples: two-column papers with
// superscripts and a table, laid out from plain sources, and one file that
// breaks off in the middle. The PDF is the simplest that there is: standard
// fonts, nothing compressed, so that it can be read with a text editor.
//
// Usage, in the folder of package samples:
//
//	go run ./internal/makepdf DIR
//
// The same sources give the same bytes.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed *.src
var sources embed.FS

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: makepdf DIR")
		os.Exit(2)
	}
	files, err := Files()
	if err != nil {
		fmt.Fprintln(os.Stderr, "makepdf:", err)
		os.Exit(1)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), data, 0o666); err != nil {
			fmt.Fprintln(os.Stderr, "makepdf:", err)
			os.Exit(1)
		}
	}
}

// Files returns the PDF samples by name.
func Files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range []string{"plastics", "semiconductors"} {
		src, err := sources.ReadFile(name + ".src")
		if err != nil {
			return nil, err
		}
		data, err := layOut(string(src))
		if err != nil {
			return nil, fmt.Errorf("%s.src: %w", name, err)
		}
		files[name+".pdf"] = data
	}
	// What a download that was interrupted leaves: a header and some objects,
	// but neither the page nor the table of where objects stand.
	whole := files["semiconductors.pdf"]
	cut := bytes.Index(whole, []byte("stream")) + 400
	if cut > len(whole) {
		return nil, fmt.Errorf("semiconductors.pdf has only %d bytes", len(whole))
	}
	files["truncated.pdf"] = whole[:cut:cut]
	return files, nil
}
