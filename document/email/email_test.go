package email_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/email"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, email.Read)
}

func input(tb testing.TB, file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	_, in, _ := strings.Cut(string(data), ".eml --\n")
	in, _, _ = strings.Cut(in, "-- blocks --")
	return in
}

func TestAttachments(t *testing.T) {
	files, err := email.Attachments([]byte(input(t, "testdata/mail.txtar")))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name != "cells.csv" || string(files[0].Data) != "Sample,Capacity\nA1,118\n" {
		t.Errorf("%q", files)
	}
}

func TestBounds(t *testing.T) {
	nested := "Content-Type: multipart/mixed; boundary=b\n\n"
	many := nested + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 2000)
	deep := ""
	for range 40 {
		deep += "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	}
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"no mail", "nothing", email.ErrBroken},
		{"many parts", many, email.ErrTooLarge},
		{"deep", strings.ReplaceAll(deep, "boundary=b\n", "boundary=b\n"), email.ErrNoText},
		{"large", strings.Repeat("x", email.MaxBytes+1), email.ErrTooLarge},
	} {
		if _, err := email.Read(tt.name, []byte(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestMemory(t *testing.T) {
	const head = "From: a@example.org\nSubject: x\n"
	documenttest.Memory(t, 150, email.Read, nil,
		documenttest.Shape{Name: "text", Before: head + "\n", Unit: "The capacity of LiMn2O4 was 118 mAh/g at 25 °C, as measured in our cells.\n\n"},
		documenttest.Shape{Name: "paragraphs of one letter", Before: head + "\n", Unit: "a\n\n"},
		documenttest.Shape{Name: "page", Before: head + "Content-Type: text/html\n\n", Unit: "<p>a"},
		documenttest.Shape{Name: "parts", Before: head + "Content-Type: multipart/mixed; boundary=b\n\n", Unit: "--b\n\n" + strings.Repeat("a\n", 1000), After: "--b--\n"},
		documenttest.Shape{Name: "heads", Before: head, Unit: "A: b\n", After: "\ntext\n"},
	)
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		f.Add(input(f, file))
	}
	f.Fuzz(func(t *testing.T, data string) {
		if files, err := email.Attachments([]byte(data)); err == nil {
			for _, a := range files {
				if a.Name == "" || strings.ContainsAny(a.Name, "/\\!") {
					t.Errorf("an attachment is called %q", a.Name)
				}
			}
		}
		doc, err := email.Read("fuzz.eml", []byte(data))
		if err != nil {
			return
		}
		documenttest.Check(t, doc)
	})
}

func BenchmarkRead(b *testing.B) {
	data := []byte(strings.Replace(input(b, "testdata/mail.txtar"), "The capacity", strings.Repeat("The capacity of LiMn2O4 was 118 mAh/g.\n", 2000)+"The capacity", 1))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := email.Read("x.eml", data); err != nil {
			b.Fatal(err)
		}
	}
}
