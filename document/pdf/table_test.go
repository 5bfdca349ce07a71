package pdf

import (
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
)

// set is a word and where it begins, in points from the upper left corner of a
// page of 612 by 792.
type set struct {
	x, y float32
	word string
}

// tablesOf lays out pages of words of 10 points, each letter 5 wide, and returns
// the tables by their rows, cells parted by "|", those that go on to the right
// by "<".
func tablesOf(t *testing.T, pages ...[]set) [][]string {
	t.Helper()
	var leaves []*leaf
	for i, page := range pages {
		s := &sheet{width: 612, height: 792, fonts: []font{{}}}
		for _, w := range page {
			x := w.x
			for _, r := range w.word {
				s.glyphs = append(s.glyphs, glyph{r: r, x0: x, x1: x + 5, y: w.y, size: 10})
				x += 5
			}
		}
		upright(s)
		leaves = append(leaves, leafOf(s, i+1))
	}
	doc := &document.Document{Name: "tables", Pages: len(leaves)}
	newLayout(doc).add(leaves)
	if err := doc.Check(); err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, b := range doc.Blocks {
		if b.Table == nil {
			continue
		}
		var rows []string
		for r, row := range b.Table.Grid() {
			var cells []string
			for c, i := range row {
				switch {
				case i < 0:
					cells = append(cells, "")
				case b.Table.Cells[i].Row != r || b.Table.Cells[i].Column != c:
					cells = append(cells, "<")
				default:
					cells = append(cells, b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End])
				}
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
		out = append(out, rows)
	}
	return out
}

// across sets words at 50, 200, 350 points, moved to the right by dx.
func across(dx, y float32, words ...string) []set {
	var out []set
	for i, w := range words {
		if w != "" {
			out = append(out, set{50 + dx + 150*float32(i), y, w})
		}
	}
	return out
}

func TestOpenTables(t *testing.T) {
	caption := set{50, 100, "Table 1. Metals."}
	text := strings.Repeat("text ", 20)
	column := func(x, y float32, lines int) []set { // of running text
		var out []set
		for i := range lines {
			out = append(out, set{x, y + 12*float32(i), strings.Repeat("text ", 9)})
		}
		return out
	}
	narrow := func(x, y float32, words ...string) []set { // a row of a column of text
		var out []set
		for i, w := range words {
			out = append(out, set{x + 60*float32(i), y, w})
		}
		return out
	}
	for _, test := range []struct {
		name  string
		pages [][]set
		want  []string
	}{
		{
			name: "a head of cells of one, two and three lines",
			pages: [][]set{slices.Concat([]set{caption}, []set{{272, 116, "At rest"}, {54, 126, "Name"}}, []set{{200, 128, "first"}, {350, 132, "second"}, {200, 140, "(K)"}, {350, 144, "(eV)"}},
				across(0, 164, "Fe", "1811", "7.9"), across(0, 182, "Ni", "1728", "7.6"), across(0, 200, "Co", "1768", "7.88"), across(0, 218, "Cu", "1358", "7.73"))},
			want: []string{"Name|At rest|<", "|first (K)|second (eV)", "Fe|1811|7.9", "Ni|1728|7.6", "Co|1768|7.88", "Cu|1358|7.73"},
		},
		{
			name: "rows on the next page, below the repeated head",
			pages: [][]set{
				slices.Concat([]set{caption}, across(0, 116, "Name", "T (K)", "E (eV)"), across(0, 130, "Fe", "1811", "7.9"), across(0, 144, "Ni", "1728", "7.6")),
				slices.Concat(across(9, 80, "Name", "T (K)", "E (eV)"), across(9, 94, "Co", "1768", "7.88"), across(9, 108, "Cu", "1358", "7.73"), []set{{59, 150, text}}),
			},
			want: []string{"Name|T (K)|E (eV)", "Fe|1811|7.9", "Ni|1728|7.6", "Co|1768|7.88", "Cu|1358|7.73"},
		},
		{
			name: "rows on three pages",
			pages: [][]set{
				slices.Concat([]set{caption}, across(0, 116, "Name", "T (K)", "E (eV)"), across(0, 130, "Fe", "1811", "7.9"), across(0, 144, "Ni", "1728", "7.6")),
				slices.Concat(across(0, 80, "Co", "1768", "7.88")),
				slices.Concat(across(0, 80, "Cu", "1358", "7.73"), []set{{50, 150, text}}),
			},
			want: []string{"Name|T (K)|E (eV)", "Fe|1811|7.9", "Ni|1728|7.6", "Co|1768|7.88", "Cu|1358|7.73"},
		},
		{
			name: "rows in the next column",
			pages: [][]set{slices.Concat(column(50, 100, 12), []set{{50, 300, "Table 1. Metals."}},
				narrow(50, 316, "Name", "T (K)", "E (eV)"), narrow(50, 330, "Fe", "1811", "7.9"), narrow(50, 344, "Ni", "1728", "7.6"),
				narrow(320, 100, "Co", "1768", "7.88"), narrow(320, 114, "Cu", "1358", "7.73"), column(320, 150, 14))},
			want: []string{"Name|T (K)|E (eV)", "Fe|1811|7.9", "Ni|1728|7.6", "Co|1768|7.88", "Cu|1358|7.73"},
		},
		{
			name: "another table in the next column",
			pages: [][]set{slices.Concat(column(50, 100, 12), []set{{50, 300, "Table 1. Metals."}},
				narrow(50, 316, "Name", "T (K)", "E (eV)"), narrow(50, 330, "Fe", "1811", "7.9"), narrow(50, 344, "Ni", "1728", "7.6"),
				[]set{{320, 100, "Co"}, {405, 100, "1768"}, {430, 100, "a"}}, column(320, 150, 14))},
			want: []string{"Name|T (K)|E (eV)", "Fe|1811|7.9", "Ni|1728|7.6"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tablesOf(t, test.pages...)
			if len(got) != 1 || !slices.Equal(got[0], test.want) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}
