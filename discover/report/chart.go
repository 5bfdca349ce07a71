package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// Size of a chart and of its margins, in pixels.
const (
	width, height             = 420.0, 300.0
	left, right, top, bottom  = 64.0, 14.0, 12.0, 48.0
	plotWidth, plotHeight     = width - left - right, height - top - bottom
	ticks                     = 5
	labelSpace, mostLabelText = 14.0, 12
)

// chart collects shapes in the units of the data and draws them when all are
// known. Shapes with a NaN are left out.
type chart struct {
	xName, yName             string
	logX                     bool
	lowX, highX, lowY, highY float64
	shapes                   []shape
	labels                   []axisLabel // of a horizontal axis of names
	marks                    []float64
}

type shape struct {
	kind, class string
	x, y        []float64
}

type axisLabel struct {
	at   float64
	text string
}

func newChart(xName, yName string) *chart {
	inf := math.Inf(1)
	return &chart{xName: xName, yName: yName, lowX: inf, highX: -inf, lowY: inf, highY: -inf}
}

func (c *chart) add(kind, class string, x, y []float64) {
	s := shape{kind: kind, class: class}
	for i := range x {
		if math.IsNaN(x[i]+y[i]) || math.IsInf(x[i]+y[i], 0) {
			continue
		}
		s.x, s.y = append(s.x, x[i]), append(s.y, y[i])
		c.lowX, c.highX = min(c.lowX, x[i]), max(c.highX, x[i])
		c.lowY, c.highY = min(c.lowY, y[i]), max(c.highY, y[i])
	}
	if len(s.x) > 0 {
		c.shapes = append(c.shapes, s)
	}
}

func (c *chart) line(x, y []float64, class string) { c.add("line", class, x, y) }
func (c *chart) point(x, y float64, class string)  { c.add("point", class, []float64{x}, []float64{y}) }
func (c *chart) bar(x, low, high float64) {
	c.add("line", "bar", []float64{x, x}, []float64{low, high})
}
func (c *chart) mark(x float64) { c.marks = append(c.marks, x) }
func (c *chart) label(x float64, text string) {
	c.labels = append(c.labels, axisLabel{x, text})
}

// steps draws values after 1, 2, … things, level between them.
func (c *chart) steps(values []float64, class string) {
	var x, y []float64
	for i, v := range values {
		x, y = append(x, float64(i+1), float64(i+2)), append(y, v, v)
	}
	c.add("line", class, x, y)
}

func (c *chart) band(x, low, high []float64) {
	var xs, ys []float64
	for i := range x {
		xs, ys = append(xs, x[i]), append(ys, low[i])
	}
	for i := len(x) - 1; i >= 0; i-- {
		xs, ys = append(xs, x[i]), append(ys, high[i])
	}
	c.add("area", "band", xs, ys)
}

func (c *chart) px(x float64) float64 {
	if c.logX {
		return left + plotWidth*math.Log(x/c.lowX)/math.Log(c.highX/c.lowX)
	}
	return left + plotWidth*(x-c.lowX)/(c.highX-c.lowX)
}

func (c *chart) py(y float64) float64 {
	return top + plotHeight*(c.highY-y)/(c.highY-c.lowY)
}

// svg draws the chart.
func (c *chart) svg() template.HTML {
	if len(c.shapes) == 0 {
		return template.HTML("<p>nothing to show yet</p>")
	}
	c.widen()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img">`, width, height)
	for _, t := range nice(c.lowY, c.highY) {
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, left, width-right, c.py(t), c.py(t))
		fmt.Fprintf(&b, `<text class="tick" text-anchor="end" x="%.1f" y="%.1f">%s</text>`, left-6, c.py(t)+4, tick(t))
	}
	c.horizontal(&b)
	for _, x := range c.marks {
		if x >= c.lowX && x <= c.highX {
			fmt.Fprintf(&b, `<line class="mark" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, c.px(x), c.px(x), top, height-bottom)
		}
	}
	for _, s := range c.shapes {
		c.draw(&b, s)
	}
	fmt.Fprintf(&b, `<text class="name" text-anchor="middle" x="%.1f" y="%.1f">%s</text>`, left+plotWidth/2, height-6, html.EscapeString(c.xName))
	fmt.Fprintf(&b, `<text class="name" text-anchor="middle" transform="translate(14 %.1f) rotate(-90)">%s</text></svg>`, top+plotHeight/2, html.EscapeString(c.yName))
	return template.HTML(b.String())
}

// widen gives the data some room.
func (c *chart) widen() {
	pad := func(low, high *float64) {
		room := 0.04 * (*high - *low)
		if room == 0 {
			room = max(math.Abs(*high)*0.1, 1e-9)
		}
		*low, *high = *low-room, *high+room
	}
	pad(&c.lowY, &c.highY)
	switch {
	case len(c.labels) > 0:
		c.lowX, c.highX = c.lowX-0.5, c.highX+0.5
	case c.logX && c.lowX > 0 && c.highX > c.lowX:
	default:
		c.logX = false
		pad(&c.lowX, &c.highX)
	}
}

func (c *chart) horizontal(b *strings.Builder) {
	y := height - bottom + 16
	if len(c.labels) > 0 {
		every := max(1, int(math.Ceil(float64(len(c.labels))*labelSpace*4/plotWidth)))
		for i, l := range c.labels {
			if i%every == 0 {
				text := []rune(l.text)
				if len(text) > mostLabelText {
					text = append(text[:mostLabelText-1], '…')
				}
				fmt.Fprintf(b, `<text class="tick" text-anchor="middle" x="%.1f" y="%.1f">%s</text>`, c.px(l.at), y, html.EscapeString(string(text)))
			}
		}
		return
	}
	at := nice(c.lowX, c.highX)
	if c.logX {
		at = at[:0]
		for p := math.Ceil(math.Log10(c.lowX)); p <= math.Floor(math.Log10(c.highX)); p++ {
			at = append(at, math.Pow(10, p))
		}
		if len(at) < 2 {
			at = []float64{c.lowX, c.highX}
		}
	}
	for _, t := range at {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, c.px(t), c.px(t), top, height-bottom)
		fmt.Fprintf(b, `<text class="tick" text-anchor="middle" x="%.1f" y="%.1f">%s</text>`, c.px(t), y, tick(t))
	}
}

func (c *chart) draw(b *strings.Builder, s shape) {
	switch s.kind {
	case "point":
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="4"/>`, s.class, c.px(s.x[0]), c.py(s.y[0]))
	default:
		tag := "polyline"
		if s.kind == "area" {
			tag = "polygon"
		}
		fmt.Fprintf(b, `<%s class="%s" points="`, tag, s.class)
		for i := range s.x {
			fmt.Fprintf(b, "%.1f,%.1f ", c.px(s.x[i]), c.py(s.y[i]))
		}
		b.WriteString(`"/>`)
	}
}

// nice returns round numbers between low and high.
func nice(low, high float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/ticks)))
	for _, f := range []float64{1, 2, 5, 10} {
		if (high-low)/(f*step) <= ticks+1 {
			step *= f
			break
		}
	}
	var at []float64
	for k := math.Ceil(low / step); k*step <= high && len(at) < 20; k++ {
		at = append(at, k*step)
	}
	return at
}

func tick(x float64) string {
	return strings.Replace(fmt.Sprintf("%.4g", x+0), "-", "−", 1)
}
