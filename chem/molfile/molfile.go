// Package molfile reads and writes molecules as MDL molfiles, V2000 and V3000, and
// streams of them with data, SDF (BIOVIA, "CTfile formats", 2020).
package molfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Record is a molecule of an SDF.
type Record struct {
	Name        string // first line
	Molecule    *molecule.Molecule
	Coordinates [][3]float64 // of every atom of Molecule, as in the file
	Data        []Datum
	Line        int // where the record begins, from 1
}

// Datum is a named value beside a molecule.
type Datum struct{ Name, Value string }

// Get returns the value of the datum with the given name.
func (r *Record) Get(name string) (string, bool) {
	for _, d := range r.Data {
		if d.Name == name {
			return d.Value, true
		}
	}
	return "", false
}

// Error says where a file is not what it should be.
type Error struct {
	Line   int // from 1
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Bounds of what is read.
const (
	maxLine   = 1 << 16 // bytes
	maxRecord = 1 << 26 // bytes of one record
)

// reader reads lines and counts them.
type reader struct {
	in    *bufio.Reader
	line  int  // number of the line read last
	size  int  // bytes since the record began
	whole bool // the record was read to its end
	end   bool
}

// next returns the next line, io.EOF behind the last one.
func (r *reader) next() (string, error) {
	text, err := r.in.ReadSlice('\n')
	if len(text) == 0 && err != nil {
		r.end = true
		return "", err
	}
	r.line++
	if err == bufio.ErrBufferFull {
		return "", &Error{r.line, fmt.Sprintf("longer than %d bytes", maxLine)}
	}
	if r.size += len(text); r.size > maxRecord {
		return "", &Error{r.line, fmt.Sprintf("a record of more than %d bytes", maxRecord)}
	}
	return string(bytes.TrimRight(text, "\r\n")), nil
}

// Parse reads one molfile.
func Parse(in io.Reader) (*Record, error) {
	for record, err := range Records(in) {
		return record, err
	}
	return nil, &Error{1, "the file is empty"}
}

// Records reads the molecules of an SDF, or of a molfile, one after the other. A
// record that is not well formed gives an error with its line, an *[Error], and
// reading goes on with the next one; other errors are those of in and end it. The
// iterator can be used once.
func Records(in io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		r := &reader{in: bufio.NewReaderSize(in, maxLine)}
		for {
			r.size, r.whole = 0, false
			record, err := r.record()
			if record == nil && err == nil {
				return
			}
			var malformed *Error
			switch {
			case err == nil:
			case errors.As(err, &malformed):
				if !r.whole {
					if skipErr := r.skip(); skipErr != nil && skipErr != io.EOF {
						yield(nil, skipErr)
						return
					}
				}
			default:
				yield(nil, err)
				return
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// skip reads to the end of the record.
func (r *reader) skip() error {
	for !r.end {
		text, err := r.in.ReadSlice('\n')
		begins := bytes.HasPrefix(text, []byte("$$$$"))
		for err == bufio.ErrBufferFull {
			_, err = r.in.ReadSlice('\n')
		}
		if err != nil {
			r.end = true
			return err
		}
		r.line++
		if begins {
			return nil
		}
	}
	return nil
}

// record reads the next record, nil at the end.
func (r *reader) record() (*Record, error) {
	record := &Record{Line: r.line + 1}
	header := [4]string{}
	for i := range header {
		text, err := r.next()
		if err == io.EOF {
			if blank(header[:i]) {
				return nil, nil
			}
			return nil, &Error{r.line, "the file ends in the head of a molecule"}
		}
		if err != nil {
			return nil, err
		}
		header[i] = text
	}
	record.Name = strings.TrimSpace(header[0])
	t := &table{reader: r}
	var err error
	if strings.Contains(header[3], "V3000") {
		err = t.readV3000()
	} else {
		err = t.readV2000(header[3])
	}
	if err != nil {
		return nil, ended(err, r)
	}
	if record.Data, err = r.data(); err != nil {
		return nil, ended(err, r)
	}
	r.whole = true
	if record.Molecule, record.Coordinates, err = t.build(); err != nil {
		return nil, &Error{record.Line, err.Error()}
	}
	return record, nil
}

func blank(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return false
		}
	}
	return true
}

// ended turns the end of the file inside a record to an error with its place.
func ended(err error, r *reader) error {
	if err == io.EOF {
		return &Error{r.line, "the file ends inside a molecule"}
	}
	return err
}

// data reads what stands between "M  END" and "$$$$" or the end of the file.
func (r *reader) data() ([]Datum, error) {
	var out []Datum
	for {
		text, err := r.next()
		if err == io.EOF || err == nil && strings.HasPrefix(text, "$$$$") {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(text, ">") {
			continue
		}
		var d Datum
		if from := strings.IndexByte(text[1:], '<'); from >= 0 {
			if to := strings.LastIndexByte(text, '>'); to > from+1 {
				d.Name = text[from+2 : to]
			}
		}
		var value []string
		for {
			text, err = r.next()
			if err == io.EOF || err == nil && text == "" {
				break
			}
			if err != nil {
				return nil, err
			}
			if strings.HasPrefix(text, "$$$$") { // no blank line before the end
				d.Value = strings.Join(value, "\n")
				return append(out, d), nil
			}
			value = append(value, text)
		}
		d.Value = strings.Join(value, "\n")
		out = append(out, d)
	}
}
