package blocks_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"  a \n\t b  ", "a b"},
		{"5\u00a0\u2009\u202f\u3000nm", "5 nm"},
		{"soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"},
		{"ﬁlm oﬃce eﬀect ﬂow", "film office effect flow"},
		{"a\x00b\x07c", "abc"},
		{"\u2062x\u2061", "x"},
		{"bad \xff byte", "bad \ufffd byte"},
		{"밴드갭 1.5 eV", "밴드갭 1.5 eV"},
		{"x̄ and 𝜇", "x̄ and 𝜇"},
		{"", ""},
	} {
		if got := blocks.Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestShifts(t *testing.T) {
	var b blocks.Builder
	at := func(l blocks.Level, s string) {
		old := b.SetLevel(l)
		b.WriteString(s)
		b.SetLevel(old)
	}
	b.WriteString("SO")
	at(blocks.Lowered, "4")
	at(blocks.Raised, "2−")
	b.WriteString(" and cm")
	at(blocks.Raised, " −2 h ") // space inside belongs, at the ends not
	b.WriteString(", ")
	at(blocks.Raised, "a")
	b.Space()
	at(blocks.Raised, "b") // another script: not one with the last
	text, shifts := b.Take()
	if text != "SO42− and cm −2 h , a b" {
		t.Fatalf("%q", text)
	}
	var got []string
	for _, s := range shifts {
		mark := "_"
		if s.Raised {
			mark = "^"
		}
		got = append(got, mark+text[s.Start:s.End])
	}
	if want := "_4 ^2− ^−2 h ^a ^b"; strings.Join(got, " ") != want {
		t.Errorf("shifts %q, want %q", got, want)
	}
	if text, shifts := b.Take(); text != "" || shifts != nil {
		t.Errorf("after Take: %q, %v", text, shifts)
	}
}

func TestSplit(t *testing.T) {
	text := strings.Repeat("The gap is 1.5 eV. ", 50) + strings.Repeat("가", 400)
	block := document.Block{Kind: document.Paragraph, Page: 3, Text: text}
	for at := 0; ; {
		i := strings.Index(text[at:], "1.5")
		if i < 0 {
			break
		}
		block.Shifts = append(block.Shifts, document.Shift{Start: at + i, End: at + i + 3, Raised: true})
		at += i + 3
	}
	block.Shifts = append(block.Shifts, document.Shift{Start: len(text) - 600, End: len(text)})
	parts := blocks.Split(block, 100)
	joined := ""
	shifted := 0
	for _, p := range parts {
		if len(p.Text) > 100 || !utf8.ValidString(p.Text) || p.Page != 3 || p.Kind != document.Paragraph {
			t.Fatalf("%+v", p)
		}
		joined += p.Text
		for _, s := range p.Shifts {
			if s.Raised && p.Text[s.Start:s.End] != "1.5" {
				t.Errorf("shift on %q", p.Text[s.Start:s.End])
			}
			shifted += s.End - s.Start
		}
	}
	if want := strings.ReplaceAll(text, " ", ""); strings.ReplaceAll(joined, " ", "") != want {
		t.Error("characters are lost")
	}
	if want := 50*3 + 600; shifted != want {
		t.Errorf("%d bytes shifted, want %d", shifted, want)
	}
	if parts := blocks.Split(document.Block{Text: "short"}, 100); len(parts) != 1 {
		t.Errorf("%v", parts)
	}
}

// build makes a table of rows of cells divided by "|". A cell "text<2×3>" spans.
func build(rows ...string) (document.Block, bool) {
	var t blocks.Table
	for _, row := range rows {
		head := strings.HasPrefix(row, "!")
		t.Row(head)
		for cell := range strings.SplitSeq(strings.TrimPrefix(row, "!"), "|") {
			cell, spans, _ := strings.Cut(cell, "<")
			height, width := 1, 1
			if spans != "" {
				height, width = int(spans[0]-'0'), int(spans[len("2×")]-'0')
			}
			t.Cell(height, width, head)
			t.WriteString(cell)
		}
	}
	return t.Block()
}

func TestHeaders(t *testing.T) {
	for _, tt := range []struct {
		name          string
		rows          []string
		heads, labels int
	}{
		{"plain", []string{"Sample|Gap (eV)", "ZnO|3.37", "CdO|2.2"}, 1, 1},
		{"two rows", []string{"Sample|Gap (eV)<1×2>", "|calc.|exp.", "ZnO|3.1|3.37"}, 2, 1},
		{"marked", []string{"!A|B", "C|D", "E|F"}, 1, 1},
		{"transposed", []string{"Gap (eV)|3.37|2.2", "a (Å)|3.25|4.69"}, 0, 1},
		{"two names", []string{"Sample|Method|Gap", "ZnO|PBE|0.8", "ZnO|HSE|2.9"}, 1, 2},
		{"counted", []string{"No.|Name|Tg", "1|PLA|58", "2|PET|75"}, 1, 2},
		{"numbers alone", []string{"x|y", "0.1|2.0", "0.2|2.1"}, 1, 0},
		{"words alone", []string{"a|b", "c|d"}, 1, 1},
		{"values with notes", []string{"Sample|σ", "A|0.11 (320 K)", "B|n.d.", "C|~2 × 10−4"}, 1, 1},
	} {
		block, ok := build(tt.rows...)
		if !ok || block.Table.HeaderRows != tt.heads || block.Table.HeaderColumns != tt.labels {
			t.Errorf("%s: head %d rows, %d columns, want %d, %d", tt.name, block.Table.HeaderRows, block.Table.HeaderColumns, tt.heads, tt.labels)
		}
	}
	if _, ok := build("|", "|"); ok {
		t.Error("a table without text")
	}
}

func TestGrid(t *testing.T) {
	block, _ := build("a<2×2>|b", "c", "d|e<9×1>|f", "g|h")
	doc := document.Document{Blocks: []document.Block{block}}
	if err := doc.Check(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range block.Table.Grid() {
		line := ""
		for _, i := range row {
			c := block.Table.Cells[i]
			line += block.Text[c.Start:c.End]
		}
		got = append(got, line)
	}
	if want := "aab aac def geh"; strings.Join(got, " ") != want {
		t.Errorf("grid %q, want %q", got, want)
	}
}

func TestContentOf(t *testing.T) {
	for s, want := range map[string]blocks.Content{
		"": blocks.Blank, "–": blocks.Blank, "N/A": blocks.Blank,
		"1.5": blocks.Number, "−0.5": blocks.Number, "~2.1": blocks.Number, "ca. 3": blocks.Number, "(4.2)": blocks.Number,
		"0.11 (320 K)": blocks.Number, "25 °C": blocks.Number, "1.2 ± 0.1a": blocks.Number, "0.5C": blocks.Number, "5 × 10−3": blocks.Number,
		"3-ω method": blocks.Words, "LiFePO4": blocks.Words, "2D perovskite": blocks.Words, "[15]": blocks.Words, "PLA": blocks.Words, "4-hydroxybenzoic acid": blocks.Words,
	} {
		if got := blocks.ContentOf(s); got != want {
			t.Errorf("ContentOf(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"The gap of the film is larger than that of the bulk crystal.":       "en",
		"Die Bandlücke des Films ist größer als die des massiven Kristalls.": "",
		"리튬인산철 LiFePO4 양극의 용량은 160 mAh/g이다.":                                 "ko",
		"リチウム電池の容量を測定した。":                                                    "ja",
		"锂离子电池的容量很高，循环性能好。":                                                  "zh",
		"1.5 2.5": "",
	} {
		if got := blocks.Language(text); got != want {
			t.Errorf("Language(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzBuilder(f *testing.F) {
	f.Add("a b", "2", " c ")
	f.Add(" \u00a0x", "\u2009−1\u2009", "ﬁ")
	f.Fuzz(func(t *testing.T, before, script, after string) {
		var b blocks.Builder
		b.WriteString(before)
		b.SetLevel(blocks.Raised)
		b.WriteString(script)
		b.SetLevel(blocks.OnLine)
		b.WriteString(after)
		text, shifts := b.Take()
		doc := document.Document{Blocks: []document.Block{{Text: text, Shifts: shifts}}}
		if err := doc.Check(); err != nil {
			t.Error(err)
		}
		if !utf8.ValidString(text) || strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
			t.Errorf("%q", text)
		}
		if again := blocks.Clean(text); again != text {
			t.Errorf("cleaned twice: %q, once: %q", again, text)
		}
		raised := ""
		for _, s := range shifts {
			raised += text[s.Start:s.End]
		}
		if want := blocks.Clean(script); raised != want {
			t.Errorf("raised %q, want %q", raised, want)
		}
	})
}

func BenchmarkBuilder(b *testing.B) {
	text := strings.Repeat("The optical gap of the film is 3.37 eV at 300 K, as ﬁgure 2 shows. ", 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var builder blocks.Builder
	for b.Loop() {
		builder.WriteString(text)
		builder.Take()
	}
}
