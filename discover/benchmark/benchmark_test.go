package benchmark

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/discover/surrogate"
)

// hill returns a pool on a grid with one summit.
func hill() *Pool {
	p := &Pool{Name: "hill", Columns: []surrogate.Kind{surrogate.Numeric, surrogate.Numeric}}
	for i := range 15 {
		for j := range 15 {
			x, y := float64(i)/14, float64(j)/14
			p.X = append(p.X, []float64{x, y})
			p.Y = append(p.Y, -math.Pow(x-0.7, 2)-math.Pow(y-0.2, 2))
		}
	}
	return p
}

// TestRun: every strategy makes each experiment once, repeatably, and those with
// a model find the summit before chance does.
func TestRun(t *testing.T) {
	pool := hill()
	best := pool.Top(0)[0]
	for _, s := range strategies(pool) {
		made, err := s.Run(context.Background(), pool, 2, 25, 1)
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.Run(context.Background(), pool, 2, 25, 1)
		if err != nil || !slices.Equal(made, again) {
			t.Errorf("%s: %v, then %v, %v", s.Name, made, again, err)
		}
		sorted := slices.Clone(made)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != 25 {
			t.Errorf("%s makes experiments twice: %v", s.Name, made)
		}
		if s.Policy != nil && !slices.Contains(made, best) {
			t.Errorf("%s does not find the summit with 25 experiments", s.Name)
		}
	}
}

func TestAccelerate(t *testing.T) {
	pool := &Pool{Name: "p", Y: make([]float64, 100)}
	for i := range pool.Y {
		pool.Y[i] = float64(-i) // the top 5 % are 0 to 4
	}
	pool.X = make([][]float64, 100)
	a := accelerate(run{pool, &Strategy{Name: "s"}, [][]int{{0, 1, 50, 2, 60, 3, 4}, {70, 0, 1, 2, 3, 4, 80}}})
	if a.Top != 5 || a.Half != 4 || a.Factor != 50./4 {
		t.Errorf("%+v; half of the best are found with 4", a)
	}
	if ranks := pool.Ranks(); ranks[0] != 1 || ranks[99] != 100 {
		t.Errorf("ranks %v", ranks)
	}
}

// TestReaders reads sets of the form of the public ones.
func TestReaders(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Crossed_barrel", "P3HT", "AgNP"} {
		write("pv/"+name+".csv", "a,b,y\n1,10,3\n1,10,5\n2,30,1\n")
	}
	pools, err := PVLab(filepath.Join(dir, "pv"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pools[0].X, pools[0].Y, pools[2].Y); got != "[[0 0] [1 1]] [4 1] [-4 -1]" {
		t.Errorf("pools %s", got)
	}
	write("ol/one/config.json", `{"parameters":[{"name":"s","type":"categorical"},{"name":"x","type":"continuous"}],"measurements":[{"name":"y"}],"default_goal":["minimize"]}`)
	write("ol/one/data.csv", "u,1,3\nv,2,4\n")
	write("ol/SOURCE.txt", "")
	pools, err = Olympus(filepath.Join(dir, "ol"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pools[0].X, pools[0].Y, pools[0].Columns); got != "[[0 0] [1 1]] [-3 -4] [1 0]" {
		t.Errorf("pool %s", got)
	}
	write("ol/one/data.csv", "u,1,high\n")
	if _, err := Olympus(filepath.Join(dir, "ol")); err == nil || !strings.Contains(err.Error(), `data.csv:1: "high" is not a number`) {
		t.Errorf("a word as outcome: %v", err)
	}
	if _, err := MeasureSeverson(dir); err == nil {
		t.Error("no cells, no error")
	}
}
