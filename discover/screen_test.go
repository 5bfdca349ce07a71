package discover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// settings is a campaign over two numbers, of which some were tried.
const settings = "campaign: c\nresults: r.csv\noutcomes: {f: {goal: maximise}}\nvariables:\n  x: {range: [0, 100]}\n  y: {range: [0, 1]}\nconstraints: [\"x + y >= 1\"]\n"

const tried = "x,y,f\n10,0.5,1\n50,0.5,5\n90,0.2,3\n30,0.8,2.5\n70,0.4,5.5\n"

// rows returns n candidates; the second breaks the constraint, the third was
// tried, the fourth is no number.
func rows(n int) string {
	var b strings.Builder
	b.WriteString("y,x,more\n")
	b.WriteString("0.5,60,\n0,0,\n0.5,50,\nhigh,1,\n")
	for i := 4; i < n; i++ {
		fmt.Fprintf(&b, "%g,%g,\n", float64(i%97)/97, float64(i%1009)/1009*100)
	}
	return b.String()
}

// cancelling is a reader that cancels once so many bytes were read.
type cancelling struct {
	r      io.Reader
	left   int
	cancel context.CancelFunc
}

func (c *cancelling) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= n; c.left < 0 {
		c.cancel()
	}
	return n, err
}

func TestScreen(t *testing.T) {
	c := declare(t, "c.yaml", settings, "r.csv", tried)
	const n = 40_000
	s := Screen{Top: 10}
	whole, err := s.Run(context.Background(), c, strings.NewReader(rows(n)))
	if err != nil {
		t.Fatal(err)
	}
	if whole.Rows != n || whole.Unread != 1 || !strings.Contains(whole.Reason, "candidate 4: y should be a number") || len(whole.Best) != 10 || whole.Excluded < 1 {
		t.Errorf("%d rows, %d unread (%s), %d excluded, %d best", whole.Rows, whole.Unread, whole.Reason, whole.Excluded, len(whole.Best))
	}
	last := math.Inf(1)
	seen := map[string]bool{}
	for _, r := range whole.Best {
		x, err := strconv.ParseFloat(r.Texts[0], 64)
		if err != nil || x < 40 || x > 90 {
			t.Errorf("x of a candidate among the best is %s", r.Texts[0])
		}
		if key := strings.Join(r.Texts, ","); r.Value > last || seen[key] || key == "50,0.5" {
			t.Errorf("out of order, twice, or tried: %+v", r)
		} else {
			last = r.Value
			seen[key] = true
		}
	}
	// Interrupted after the first of three blocks and taken up, it gives the
	// same.
	s.Checkpoint = filepath.Join(t.TempDir(), "partial")
	ctx, cancel := context.WithCancel(context.Background())
	_, err = s.Run(ctx, c, &cancelling{strings.NewReader(rows(n)), 200_000, cancel})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	if _, err := os.Stat(s.Checkpoint); err != nil {
		t.Fatal(err)
	}
	again, err := s.Run(context.Background(), c, strings.NewReader(rows(n)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, whole) {
		t.Errorf("taken up: %+v, want %+v", again, whole)
	}
	s.Identity = "other"
	if _, err := s.Run(context.Background(), c, strings.NewReader(rows(n))); err == nil {
		t.Error("the checkpoint of another screen is taken up")
	}
	if err := s.Done(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(context.Background(), c, strings.NewReader("x\n1\n")); err == nil || !strings.Contains(err.Error(), `no column "y"`) {
		t.Errorf("a column is missing: %v", err)
	}
}

// sum is a trained predictor: the sum of its inputs.
type sum struct{}

func (sum) Predict(inputs []string) (value, low, high float64, err error) {
	for _, in := range inputs {
		x, err := strconv.ParseFloat(in, 64)
		if err != nil {
			return 0, 0, 0, err
		}
		value += x
	}
	return value, value - 1, value + 1, nil
}

// TestScreenTrained ranks without any experiment, by a trained predictor.
func TestScreenTrained(t *testing.T) {
	c := declare(t, "c.yaml", settings, "r.csv", "x,y,f\n")
	s := Screen{Top: 3, Trained: []Trained{{Outcome: 0, Inputs: []int{1, 0}, Level: 0.9, New: func() Estimator { return sum{} }}}}
	got, err := s.Run(context.Background(), c, strings.NewReader("x,y\n5,0.5\n80,0.1\n3,1\n80,0.4\n"))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got.Best[0].Texts, got.Best[1].Texts, got.Best[2].Texts) != "[80 0.4] [80 0.1] [5 0.5]" || math.Abs(got.Best[0].Expected[0]-80.4) > 1e-9 || math.Abs(got.Best[0].Half[0]-1) > 1e-3 {
		t.Errorf("%+v", got.Best)
	}
	s.Trained = nil
	if _, err := s.Run(context.Background(), c, strings.NewReader("x,y\n5,0.5\n")); err == nil {
		t.Error("a screen without any model")
	}
}

// BenchmarkScreen values 16,384 candidates with a trained predictor.
func BenchmarkScreen(b *testing.B) {
	c := declare(b, "c.yaml", settings, "r.csv", tried)
	s := Screen{Top: 10, Trained: []Trained{{Outcome: 0, Inputs: []int{1, 0}, Level: 0.9, New: func() Estimator { return sum{} }}}}
	data := rows(1 << 14)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Run(context.Background(), c, strings.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
