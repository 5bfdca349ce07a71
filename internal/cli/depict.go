package cli

import (
	"fmt"
	"os"

	"github.com/alkahest/alkahest/chem/depict"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/name"
)

// depictCommand is "alkahest depict".
type depictCommand struct {
	SMILES     string  `arg:"" name:"smiles" help:"The molecule as SMILES; a polymer's repeat unit has \"*\" at its ends."`
	Name       bool    `help:"The argument is a name instead."`
	Out        string  `short:"o" default:"-" placeholder:"FILE" help:"Write the SVG to this file (default: standard output)."`
	Width      float64 `placeholder:"PX" help:"Width of the picture; larger molecules are made smaller."`
	Height     float64 `placeholder:"PX" help:"Height of the picture."`
	Bond       float64 `default:"30" placeholder:"PX" help:"Length of a bond (default ${default})."`
	Mono       bool    `help:"All in black."`
	Background string  `placeholder:"COLOR" help:"A colour of SVG, as #fff (default: none)."`
}

// largestPicture is the number of atoms above which a picture shows nothing.
const largestPicture = 1000

// Run draws a molecule.
func (c *depictCommand) Run(e *environment) error {
	smiles := c.SMILES
	if c.Name {
		s, err := name.Parse(c.SMILES)
		if err != nil {
			e.explainName(c.SMILES, err)
			return fmt.Errorf("there is nothing to draw")
		}
		smiles = s.SMILES
	}
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return &usageError{err: fmt.Errorf("%s: %w", smiles, err)}
	}
	if m.NumAtoms() > largestPicture {
		return usagef("%d atoms; a picture shows at most %d", m.NumAtoms(), largestPicture)
	}
	for _, size := range []float64{c.Width, c.Height, c.Bond} {
		if !(size >= 0 && size <= 1e5) {
			return usagef("a size of %g pixels", size)
		}
	}
	o := depict.Options{Bond: c.Bond, Width: c.Width, Height: c.Height, Mono: c.Mono, Background: c.Background}
	if c.Name {
		o.Title = c.SMILES
	}
	svg := depict.SVG(m, o)
	if c.Out == "-" {
		_, err := fmt.Fprint(e.out, svg)
		return err
	}
	return os.WriteFile(c.Out, []byte(svg), 0o644)
}
