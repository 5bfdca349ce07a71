package evaluate

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// corpora returns the folder of the annotated corpora, which are not part of
// the software, or skips the test.
func corpora(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ALKAHEST_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	dir = filepath.Join(dir, "corpora")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no annotated corpora: %v; set ALKAHEST_SHARED to the folder that has corpora/", err)
	}
	return dir
}

// TestPeers wants the outputs of two tools to have the scores that are reported
// for them on these abstracts. The rule on deviations decides one pair of
// ChemDataExtractor ("Sn0.95Co0.05O2-d"); all others agree as plain strings
// without white space.
func TestPeers(t *testing.T) {
	r, err := Run(context.Background(), "curie-temperature", filepath.Join(corpora(t), "curie-temperature"), Options{Extractor: canned{}})
	if err != nil {
		t.Fatal(err)
	}
	check(t, r.Peers,
		want{"ChemDataExtractor", 21, 33, 45, .636, .467, .538},
		want{"BERT-PSIE", 13, 21, 45, .619, .289, .394})
	check(t, r.Tasks, want{"compound and temperature", 0, 0, 45, 0, 0, 0})
}

// TestCorporaAreRead wants every annotated item of the corpora to be read.
func TestCorporaAreRead(t *testing.T) {
	dir := corpora(t)
	for _, tt := range []struct {
		corpus    string
		documents int
		gold      map[string]int
	}{
		{"curie-temperature", 200, map[string]int{"compound and temperature": 45}},
		{"bandgap-papers", 107, map[string]int{"material and band gap": 152}},
		{"battery-papers", 3, map[string]int{"jats: values of tables": 32}},
		{"battery-sentences", 41, map[string]int{"conductivity": 10, "all properties": 53}},
		{"measeval", 313, map[string]int{"quantity, exact span": 1164}},
		{"sofc-exp", 8, map[string]int{"material mentions, exact span": 253, "value mentions, exact span": 170}},
		{"mulms", 7, map[string]int{"MAT mentions, exact span": 2337}},
		{"polyie", 13, map[string]int{"property value mentions, exact span": 843}},
	} {
		t.Run(tt.corpus, func(t *testing.T) {
			r, err := Run(context.Background(), tt.corpus, filepath.Join(dir, tt.corpus), Options{Extractor: canned{}})
			if err != nil {
				t.Fatal(err)
			}
			if r.Documents != tt.documents {
				t.Errorf("%d documents, want %d", r.Documents, tt.documents)
			}
			for _, n := range r.Notes {
				t.Log(n)
			}
			for _, task := range r.Tasks {
				t.Logf("%s: P %.3f R %.3f F1 %.3f (%.1f correct, %d found, %d gold)", task.Name, task.Precision, task.Recall, task.F1, task.Correct, task.Found, task.Gold)
				if n, ok := tt.gold[task.Name]; ok && n != task.Gold {
					t.Errorf("%s: %d annotated, want %d", task.Name, task.Gold, n)
				}
			}
		})
	}
}
