package office

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
)

// The parts below are those of the Open Document Format (OASIS, OpenDocument
// v1.3 part 3, 2021).

// Unlocked reports an error for a package whose parts are encrypted with a
// password (META-INF/manifest.xml; part 2 of the standard, which Hangul follows).
func (p *Package) Unlocked() error {
	locked := false
	p.Look("META-INF/manifest.xml", func(root *markup.Node) { locked = root.Find("encryption-data") != nil })
	if locked {
		return fmt.Errorf("%w: encrypted with a password", ErrBroken)
	}
	return nil
}

// OpenStyles are the styles of an OpenDocument, by their names.
type OpenStyles map[string]OpenStyle

// OpenStyle is what matters of a style.
type OpenStyle struct {
	Shown   string // its name as users see it, in lower case
	Parent  string
	Outline int // level of a heading, from 1; 0 for none
	Hidden  bool
	shifted bool // it says where characters stand
	level   blocks.Level
}

// maxParents bounds how many styles a style descends from.
const maxParents = 16

// OpenStyles reads the styles that the document shares and those of the tree of
// its content.
func (p *Package) OpenStyles(content *markup.Node) OpenStyles {
	styles := OpenStyles{}
	note := func(n *markup.Node) {
		s := OpenStyle{Shown: n.Attribute("display-name"), Parent: n.Attribute("parent-style-name")}
		if s.Shown == "" {
			s.Shown = strings.ReplaceAll(n.Attribute("name"), "_20_", " ")
		}
		s.Shown = strings.ToLower(s.Shown)
		s.Outline, _ = strconv.Atoi(n.Attribute("default-outline-level"))
		s.Hidden = n.Child("table-properties").Attribute("display") == "false"
		// "super 58%", "sub 58%", "33% 58%", "-8% 100%"
		if position := n.Child("text-properties").Attribute("text-position"); position != "" {
			s.shifted = true
			switch height, _, _ := strings.Cut(position, " "); {
			case height == "super":
				s.level = blocks.Raised
			case height == "sub" || strings.HasPrefix(height, "-"):
				s.level = blocks.Lowered
			case strings.Trim(height, "0.%") != "":
				s.level = blocks.Raised
			}
		}
		styles[n.Attribute("name")] = s
	}
	p.Look("styles.xml", func(root *markup.Node) { root.All("style", note) })
	content.Find("automatic-styles").All("style", note)
	return styles
}

// Line yields the style of that name and those that it descends from.
func (s OpenStyles) Line(name string) []OpenStyle {
	var line []OpenStyle
	for range maxParents {
		style, ok := s[name]
		if !ok {
			break
		}
		line = append(line, style)
		name = style.Parent
	}
	return line
}

// Level returns where the characters of a style stand, given where those around
// them do.
func (s OpenStyles) Level(name string, around blocks.Level) blocks.Level {
	for range maxParents {
		style, ok := s[name]
		if !ok {
			break
		}
		if style.shifted {
			return style.level
		}
		name = style.Parent
	}
	return around
}

// DescribeOpen notes title, author, date and language of an OpenDocument
// (meta.xml).
func (p *Package) DescribeOpen(doc *document.Document) {
	p.Look("meta.xml", func(root *markup.Node) {
		doc.Title = root.Find("title").Characters()
		for _, name := range [...]string{"initial-creator", "creator"} {
			if author := root.Find(name).Characters(); author != "" {
				doc.Authors = []string{author}
				break
			}
		}
		if date := root.Find("creation-date").Characters(); len(date) >= len("2006-01-02") {
			doc.Date = date[:len("2006-01-02")]
		}
	})
}
