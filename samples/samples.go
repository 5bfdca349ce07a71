// Package samples holds a few short documents that show what Alkahest reads:
// plain text, HTML, JATS XML and PDF, in English and Korean, with tables,
// ranges, sample labels, one file in an old encoding and one that is broken.
//
// The texts were written for this purpose. The numbers in them are from the
// literature, cited where they stand.
package samples

import (
	"embed"
	"io/fs"
)

//go:embed papers
var papers embed.FS

// BandGaps is a table of band gaps at room temperature, in eV, rounded, of which
// one is only known to be large and a few stand twice, as polymorphs or as two
// sources give them. They are the rounded values of textbooks, collected in
// Madelung, Semiconductors: Data Handbook, 3rd ed., Springer 2004, and for wide
// gaps in Strehlow and Cook, J. Phys. Chem. Ref. Data 2 (1973) 163.
//
//go:embed tables/band-gaps.csv
var BandGaps []byte

//go:generate go run ./internal/makepdf papers

// Broken is the name of the sample that cannot be read: the beginning of a PDF
// whose download was interrupted.
const Broken = "truncated.pdf"

// Papers returns the samples as a flat folder.
func Papers() fs.FS {
	sub, err := fs.Sub(papers, "papers")
	if err != nil {
		panic(err) // only for a malformed name
	}
	return sub
}
