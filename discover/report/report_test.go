package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/discover"
)

const declaration = `campaign: <two> & more
outcomes:
  f: {goal: maximise, unit: "%"}
  g: {goal: minimise}
variables:
  x: {range: [1, 100], log: true}
  s: {choices: ["a<b", c]}
results: r.csv
`

const results = "x,s,f,g,status\n1,a<b,1,5,\n10,c,3,4,\n50,c,2,1,\n100,a<b,,,failed\n5,c,2.5,3,\n20,a<b,2,2,\n"

func TestWrite(t *testing.T) {
	for name, sheet := range map[string]string{"measured": results, "nothing": "x,s,f,g\n"} {
		dir := t.TempDir()
		for file, data := range map[string]string{"c.yaml": declaration, "r.csv": sheet} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		c, err := discover.Load(filepath.Join(dir, "c.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		next, err := c.Propose(2)
		if err != nil {
			t.Fatal(err)
		}
		var b, again bytes.Buffer
		if err := Write(&b, c, next); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := Write(&again, c, next); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: another report the second time: %v", name, err)
		}
		page := b.String()
		for _, bad := range []string{"<two>", "a<b", "NaN", "Inf", "http:", "https:", "<script"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page holds %q", name, bad)
			}
		}
		if name == "measured" {
			for _, want := range []string{"Pareto front", "Parity", "Calibration", "Progress", "Effect of x", "failed"} {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
		}
		for _, svg := range strings.Split(page, "<svg")[1:] {
			inside, _, _ := strings.Cut(svg, "</svg>")
			d := xml.NewDecoder(strings.NewReader("<svg" + inside + "</svg>"))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: SVG: %v", name, err)
				}
			}
		}
	}
}

func TestNice(t *testing.T) {
	for _, test := range [][2]float64{{0, 1}, {-3, 17}, {1e-9, 2e-9}, {1e6, 1.5e6}} {
		at := nice(test[0], test[1])
		if len(at) < 3 || len(at) > 8 {
			t.Errorf("ticks of %v: %v", test, at)
		}
		for _, x := range at {
			if x < test[0]-1e-12*math.Abs(x) || x > test[1]+1e-12*math.Abs(x) {
				t.Errorf("ticks of %v: %v", test, at)
			}
		}
	}
}
