package main

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// odt returns doc as a flat OpenDocument text (OASIS OpenDocument 1.2).
func (s style) odt(doc *document.Document) string {
	o := s.office
	border := "none"
	if s.rules == "grid" {
		border = "0.5pt solid #000000"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'%[1]s'"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"/><style:text-properties style:font-name="F" fo:font-size="%[2]dpt" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/>
</office:styles>
<office:automatic-styles>
<style:style style:name="title" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="%[3]dpt" fo:font-weight="bold"/></style:style>
<style:style style:name="heading" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0.3cm" fo:keep-with-next="always"/><style:text-properties fo:font-size="%[4]dpt" fo:font-weight="bold"/></style:style>
<style:style style:name="body" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="justify"/></style:style>
<style:style style:name="small" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0.2cm"/><style:text-properties fo:font-size="%[5]dpt"/></style:style>
<style:style style:name="cell" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-bottom="0cm"/><style:text-properties fo:font-size="%[5]dpt"/></style:style>
<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%%"/></style:style>
<style:style style:name="down" style:family="text"><style:text-properties style:text-position="sub 58%%"/></style:style>
<style:style style:name="box" style:family="table-cell"><style:table-cell-properties fo:border="%[6]s" fo:padding="0.06cm" style:vertical-align="%[7]s"/></style:style>
<style:style style:name="columns" style:family="section"><style:section-properties><style:columns fo:column-count="%[8]d" fo:column-gap="0.6cm"/></style:section-properties></style:style>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page"><style:header><text:p>Report of compiled values, draft of 2024</text:p></style:header><style:footer><text:p>Page <text:page-number/> of <text:page-count/></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>
`, o.font, o.size, o.size*8/5, o.size+1, o.size-1, border, o.valign, o.columns)
	open := false
	for i := range doc.Blocks {
		block := &doc.Blocks[i]
		if block.Kind == document.Heading && !open && !strings.HasPrefix(block.Text, "Abstract") {
			open = true
			b.WriteString("<text:section text:style-name=\"columns\" text:name=\"S\">\n")
		}
		name := "body"
		switch block.Kind {
		case document.Title:
			name = "title"
		case document.Heading:
			name = "heading"
		case document.Caption, document.Footnote, document.Reference, document.List:
			name = "small"
		case document.Tabular:
			b.WriteString(s.grid(block, i))
			continue
		}
		fmt.Fprintf(&b, "<text:p text:style-name=\"%s\">%s</text:p>\n", name, spans(block, 0, len(block.Text)))
	}
	if open {
		b.WriteString("</text:section>\n")
	}
	b.WriteString("</office:text></office:body></office:document>\n")
	return b.String()
}

// grid returns the table of b.
func (s style) grid(b *document.Block, number int) string {
	t := b.Table
	places := t.Grid()
	var out strings.Builder
	fmt.Fprintf(&out, "<table:table table:name=\"T%d\"><table:table-column table:number-columns-repeated=\"%d\"/>\n", number, t.Columns)
	for r := range t.Rows {
		out.WriteString("<table:table-row>")
		for c := range t.Columns {
			i := places[r][c]
			if i >= 0 && (t.Cells[i].Row != r || t.Cells[i].Column != c) {
				out.WriteString("<table:covered-table-cell/>")
				continue
			}
			if i < 0 {
				out.WriteString("<table:table-cell table:style-name=\"box\"/>")
				continue
			}
			cell := t.Cells[i]
			fmt.Fprintf(&out, "<table:table-cell table:style-name=\"box\" table:number-rows-spanned=\"%d\" table:number-columns-spanned=\"%d\"><text:p text:style-name=\"cell\">%s</text:p></table:table-cell>",
				cell.RowSpan, cell.ColumnSpan, spans(b, cell.Start, cell.End))
		}
		out.WriteString("</table:table-row>\n")
	}
	out.WriteString("</table:table>\n")
	return out.String()
}

// spans returns bytes from to end of the text of b as XML.
func spans(b *document.Block, from, end int) string {
	var out strings.Builder
	for _, p := range pieces(b, from, end) {
		var text strings.Builder
		_ = xml.EscapeText(&text, []byte(p.text)) // a Builder does not fail
		switch p.level {
		case "^":
			out.WriteString("<text:span text:style-name=\"up\">" + text.String() + "</text:span>")
		case "_":
			out.WriteString("<text:span text:style-name=\"down\">" + text.String() + "</text:span>")
		default:
			out.WriteString(text.String())
		}
	}
	return out.String()
}
