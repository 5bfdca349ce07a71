package ocr

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// word is a word that was recognised, where it stands in pixels.
type word struct {
	block, paragraph, line   int
	left, top, width, height int
	confidence               float64 // 0 to 1
	text                     string
}

func (w *word) right() int { return w.left + w.width }

// maxWords bounds the words of one page.
const maxWords = 200_000

// parse reads Tesseract's table of words: level, page, block, paragraph, line,
// word, left, top, width, height, confidence in percent, text, divided by tabs.
func parse(tsv []byte) ([]word, error) {
	var words []word
	for line := range bytes.Lines(tsv) {
		fields := strings.Split(strings.TrimRight(strings.ToValidUTF8(string(line), "\uFFFD"), "\r\n"), "\t")
		if len(fields) < 12 || fields[0] != "5" {
			continue // heads, and levels above words
		}
		var n [10]int
		for i := range n {
			v, err := strconv.Atoi(fields[i])
			if err != nil || v < 0 || v > 1<<20 {
				return nil, fmt.Errorf("tesseract: its table has %q where a number is expected", fields[i])
			}
			n[i] = v
		}
		c, err := strconv.ParseFloat(fields[10], 64)
		if err != nil {
			return nil, fmt.Errorf("tesseract: its table has %q where a confidence is expected", fields[10])
		}
		text := blocks.Clean(strings.Join(fields[11:], " "))
		if text == "" || !(c >= 0 && c <= 100) {
			continue
		}
		if len(words) == maxWords {
			return nil, fmt.Errorf("%w: more than %d words on a page", ErrTooLarge, maxWords)
		}
		words = append(words, word{n[2], n[3], n[4], n[6], n[7], n[8], n[9], c / 100, text})
	}
	return words, nil
}

// layout makes blocks of the words of a page: a paragraph each, or a table
// where the words of lines stand in columns.
func layout(words []word, page int, resolution float64) []document.Block {
	var out []document.Block
	height := typical(words)
	for len(words) > 0 {
		n := 1
		for n < len(words) && words[n].block == words[0].block {
			n++
		}
		out = append(out, area(words[:n], page, resolution, height)...)
		words = words[n:]
	}
	return out
}

// typical returns the median height of words in pixels.
func typical(words []word) int {
	if len(words) == 0 {
		return 0
	}
	heights := make([]int, len(words))
	for i := range words {
		heights[i] = words[i].height
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// lines divides words at the ends of lines.
func lines(words []word) [][]word {
	var out [][]word
	for len(words) > 0 {
		n := 1
		for n < len(words) && words[n].paragraph == words[0].paragraph && words[n].line == words[0].line {
			n++
		}
		out = append(out, words[:n])
		words = words[n:]
	}
	return out
}

// area makes blocks of one of Tesseract's areas.
func area(words []word, page int, resolution float64, height int) []document.Block {
	all := lines(words)
	if rows, ok := columns(all, height); ok {
		return []document.Block{table(rows, page, resolution)}
	}
	var out []document.Block
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n][0].paragraph == all[0][0].paragraph {
			n++
		}
		if b := paragraph(all[:n], page, resolution, height); b.Text != "" {
			out = append(out, b)
		}
		all = all[n:]
	}
	return out
}

// writer gathers recognised words.
type writer struct {
	b       *blocks.Builder
	sum     float64 // of confidences by characters
	weight  float64
	repairs []document.Repair
}

// write adds a word, repaired, behind one whose last word was before.
func (w *writer) write(word *word, before string) {
	text, ok := repair(word.text, before)
	start := w.b.Len()
	w.b.WriteString(text)
	if end := w.b.Len(); ok && end > start {
		if end-len(text) > start { // a space was written before it
			start = end - len(text)
		}
		w.repairs = append(w.repairs, document.Repair{Start: start, End: end, Was: word.text})
	}
	n := float64(utf8.RuneCountInString(word.text))
	w.sum += word.confidence * n
	w.weight += n
}

// finish sets what the words say of their block.
func (w *writer) finish(b *document.Block, words [][]word, page int, resolution float64) {
	b.Page = page
	b.Repairs = w.repairs
	if w.weight > 0 {
		b.Recognition = max(0.01, w.sum/w.weight)
	}
	left, top, right, bottom := 1<<30, 1<<30, 0, 0
	for _, line := range words {
		for i := range line {
			left, top = min(left, line[i].left), min(top, line[i].top)
			right, bottom = max(right, line[i].right()), max(bottom, line[i].top+line[i].height)
		}
	}
	scale := 72 / resolution
	b.Box = document.Box{Left: float64(left) * scale, Top: float64(top) * scale, Right: float64(right) * scale, Bottom: float64(bottom) * scale}
}

func paragraph(all [][]word, page int, resolution float64, height int) document.Block {
	w := writer{b: new(blocks.Builder)}
	before := ""
	for i, line := range all {
		for k := range line {
			if k > 0 || i > 0 && !joined(w.b) {
				w.b.Space()
			}
			w.write(&line[k], before)
			before = line[k].text
		}
	}
	text, shifts := w.b.Take()
	b := document.Block{Kind: document.Paragraph, Text: text, Shifts: shifts}
	w.finish(&b, all, page, resolution)
	if len(all) <= 2 && len(text) < 200 && tall(all, height) && strings.ContainsFunc(text, unicode.IsLetter) {
		b.Kind = document.Heading
	}
	return b
}

// joined takes back the hyphen of a word that is divided at the end of a line,
// and reports whether there was one. What follows a number or a capital keeps
// its hyphen.
func joined(b *blocks.Builder) bool {
	tail := []rune(b.Tail(8))
	n := len(tail)
	if n < 3 || tail[n-1] != '-' || !unicode.IsLower(tail[n-2]) || !unicode.IsLower(tail[n-3]) {
		return false
	}
	b.DropLast()
	return true
}

// tall reports whether words are a quarter taller than those of the page.
func tall(all [][]word, height int) bool {
	for _, line := range all {
		if 4*typical(line) < 5*height {
			return false
		}
	}
	return true
}

// columns divides lines into cells at gaps wider than one and a half times the
// height of the letters, and reports whether they make a table: at least three
// lines of at least two cells, most with the same number.
func columns(all [][]word, height int) ([][][]word, bool) {
	if len(all) < 3 {
		return nil, false
	}
	rows := make([][][]word, len(all))
	counts := map[int]int{}
	for i, line := range all {
		from := 0
		for k := 1; k <= len(line); k++ {
			if k == len(line) || 2*(line[k].left-line[k-1].right()) > 3*height {
				rows[i] = append(rows[i], line[from:k])
				from = k
			}
		}
		counts[len(rows[i])]++
	}
	usual := 1
	for n, count := range counts {
		if count > counts[usual] || count == counts[usual] && n > usual {
			usual = n
		}
	}
	return rows, usual >= 2 && 3*counts[usual] >= 2*len(all)
}

// table makes a table of rows of cells, whose columns are those of the fullest
// row: a cell belongs to the column over whose middle it stands, or the nearest.
func table(rows [][][]word, page int, resolution float64) document.Block {
	full := rows[0]
	for _, row := range rows {
		if len(row) > len(full) {
			full = row
		}
	}
	middle := func(cell []word) int { return (cell[0].left + cell[len(cell)-1].right()) / 2 }
	var t blocks.Table
	w := writer{b: &t.Builder}
	var all [][]word
	for _, row := range rows {
		if !t.Row(false) {
			break
		}
		last := -1
		for _, cell := range row {
			column := 0
			for k := range full {
				if distance(middle(full[k]), middle(cell)) < distance(middle(full[column]), middle(cell)) {
					column = k
				}
			}
			all = append(all, cell)
			if column > last {
				t.Skip(column)
				if !t.Cell(1, 1, false) {
					break
				}
				last = column
			} else {
				w.b.Space()
			}
			before := ""
			for k := range cell {
				if k > 0 {
					w.b.Space()
				}
				w.write(&cell[k], before)
				before = cell[k].text
			}
		}
	}
	b, _ := t.Block()
	w.finish(&b, all, page, resolution)
	return b
}

func distance(a, b int) int { return max(a-b, b-a) }
