package evaluate

import (
	"context"
	"path/filepath"
	"testing"
)

func TestFidelity(t *testing.T) {
	r, err := Run(context.Background(), "fidelity", filepath.Join("testdata", "fidelity"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tasks) < 5 || r.Documents != 1 {
		t.Fatalf("%+v", r)
	}
	if c := r.Tasks[0]; c.Name != "characters, 1 − edit distance" || c.F1 != 1 || c.Gold != 98 {
		t.Errorf("%+v", c)
	}
	if c := r.Tasks[len(r.Tasks)-1]; c.Name != "blocks in order" || c.Correct != 3 || c.Found != 3 {
		t.Errorf("%+v", c)
	}
	if _, err := Run(context.Background(), "fidelity", t.TempDir(), Options{}); err == nil {
		t.Error("an empty folder was scored")
	}
}
