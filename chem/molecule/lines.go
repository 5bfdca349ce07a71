package molecule

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Line is a line of a file of SMILES: a SMILES and, behind a blank, a name.
type Line struct {
	Number   int // from 1
	SMILES   string
	Name     string
	Molecule *Molecule
}

// LineError says what is wrong with a line.
type LineError struct {
	Number int // from 1
	Text   string
	Err    error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Number, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// Lines reads molecules from lines of SMILES. Empty lines and those that begin with
// # are passed over. A line that is not well formed gives a *[LineError], and
// reading goes on; other errors are those of in and end it. The iterator can be
// used once.
func Lines(in io.Reader) iter.Seq2[*Line, error] {
	return func(yield func(*Line, error) bool) {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, MaxSMILES+1024)
		for number := 1; lines.Scan(); number++ {
			text := strings.TrimSpace(lines.Text())
			if text == "" || text[0] == '#' {
				continue
			}
			line := &Line{Number: number, SMILES: text}
			if at := strings.IndexAny(text, " \t"); at >= 0 {
				line.SMILES, line.Name = text[:at], strings.TrimSpace(text[at:])
			}
			m, err := ParseSMILES(line.SMILES)
			if err != nil {
				if !yield(nil, &LineError{number, text, err}) {
					return
				}
				continue
			}
			line.Molecule = m
			if !yield(line, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, err)
		}
	}
}
