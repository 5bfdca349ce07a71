package reading_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document/reading"
)

func TestMail(t *testing.T) {
	name := filepath.Join(t.TempDir(), "mail.eml")
	mail := "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file.\n" +
		"--b\nContent-Disposition: attachment; filename=notes.txt\n\nThe gap of ZnO is 3.37 eV.\n--b\nContent-Disposition: attachment; filename=a.png\n\n\x89PNG\r\n\x1a\n\n--b--\n"
	if err := os.WriteFile(name, []byte(mail), 0o600); err != nil {
		t.Fatal(err)
	}
	var names []string
	for s, err := range reading.Walk([]string{name}, reading.Limits{}) {
		if err != nil {
			t.Error(err)
			continue
		}
		names = append(names, strings.TrimPrefix(s.Name, name))
		found, err := reading.Find(s.Name, reading.Limits{})
		if err != nil {
			t.Error(err)
			continue
		}
		data, err := found.Data()
		if err != nil || len(data) == 0 {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	if want := []string{"", "!notes.txt", "!a.png"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}
