package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFilesAreCurrent checks that the committed PDF files are those that the
// sources give.
func TestFilesAreCurrent(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", "papers", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what its source gives; run go generate in folder samples", name)
		}
	}
}

func TestParseRuns(t *testing.T) {
	got, err := parseRuns("CsPbBr_{3} at 10^{-3} S")
	want := []run{{"CsPbBr", 0}, {"3", -1}, {" at 10", 0}, {"-3", 1}, {" S", 0}}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %v, %v; want %v", got, err, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("run %d is %v, want %v", i, got[i], want[i])
		}
	}
	if _, err := parseRuns("10^{-3"); err == nil {
		t.Error("an open brace is not noticed")
	}
}
