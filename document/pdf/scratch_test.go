package pdf

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestScratch(t *testing.T) {
	f := os.Getenv("PDF")
	if f == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(f)
	r := New("/tmp/pdfcache")
	t0 := time.Now()
	d, err := r.Read(context.Background(), f, data)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(d.Title, d.Identifiers, d.Language, d.Warnings, time.Since(t0))
	for _, b := range d.Blocks {
		fmt.Printf("[%d %s] %s\n", b.Page, b.Kind, b.Text)
		if b.Table != nil {
			fmt.Println("   TABLE", b.Table.Rows, b.Table.Columns, b.Table.HeaderRows)
		}
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
}
