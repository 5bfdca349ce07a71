package reading

import (
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/docx"
	"github.com/alkahest/alkahest/document/email"
	"github.com/alkahest/alkahest/document/html"
	"github.com/alkahest/alkahest/document/hwpx"
	"github.com/alkahest/alkahest/document/jats"
	"github.com/alkahest/alkahest/document/latex"
	"github.com/alkahest/alkahest/document/odt"
	"github.com/alkahest/alkahest/document/patent"
	"github.com/alkahest/alkahest/document/publisher"
	"github.com/alkahest/alkahest/document/sheet"
	"github.com/alkahest/alkahest/document/text"
)

// All returns every reader. That of PDF is given by the caller, since it holds
// a compiled module and a folder for its cache; nil leaves PDF out. That of
// pictures is added with [Readers.With], since it needs an installed program.
//
// A new format is added here, as a constant in package document and in Detect.
func All(pdf Reader) Readers {
	return Readers{
		{document.Text, Function(text.Read)},
		{document.HTML, Function(html.Read)},
		{document.JATS, Function(jats.Read)},
		{document.PDF, pdf},
		{document.DOCX, Function(docx.Read)},
		{document.HWPX, Function(hwpx.Read)},
		{document.ODT, Function(odt.Read)},
		{document.Sheet, Function(sheet.Read)},
		{document.Email, Function(email.Read)},
		{document.LaTeX, Function(latex.Read)},
		{document.Patent, Function(patent.Read)},
		{document.Publisher, Function(publisher.Read)},
	}
}
