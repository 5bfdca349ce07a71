package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// Spreadsheet programs write UTF-16 and encodings that cannot hold all characters.
func TestReadSheet(t *testing.T) {
	const sheet = "passage\tdocument\tblock\tpage\tkind\ttext\tsubject\tproperty\tvalue\tconditions\tconfidence\tverdict\tright_subject\tright_property\tright_value\tdocument_id\r\n" +
		"1\tp.txt\t0\t\tsentence\tThe gap at 5 °C\tA\tsolid/band-gap\t1 eV\t\t\tright\t\t\t\tid\r\n"
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(sheet)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for _, c := range []struct{ name, data, want string }{
		{"UTF-16", string(wide), ""},
		{"Windows-1252", strings.ReplaceAll(sheet, "°", "\xb0"), "save it as “CSV UTF-8”"},
		{"an image", "\x89PNG\r\n\x1a\n", "PNG image"},
	} {
		path := filepath.Join(t.TempDir(), "gold.csv")
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		passages, err := readSheet(path)
		if c.want == "" && (err != nil || len(passages) != 1 || passages[0].Text != "The gap at 5 °C") {
			t.Errorf("%s: %+v, %v", c.name, passages, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
