package cycler

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Limits of a file.
const (
	maxLine    = 1 << 20 // bytes
	maxColumns = 4096
)

// lines reads a file with a head of cells separated by commas, semicolons or
// tabs, a line at a time. A cell does not go over several lines, so that a
// quote that is not closed cannot swallow the file.
type lines struct {
	name      string
	scanner   *bufio.Scanner
	separator byte
	heads     []string
	line      int
	cells     [][]byte // of the line, until the next
}

// openLines reads the head.
func openLines(r io.Reader, name string) (*lines, error) {
	l := &lines{name: name, scanner: bufio.NewScanner(r), separator: ','}
	l.scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
	if !l.scanner.Scan() {
		if err := l.failure(); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s: the file is empty", name)
	}
	l.line = 1
	first := bytes.TrimPrefix(l.scanner.Bytes(), []byte("\uFEFF"))
	for _, s := range []byte(";\t") {
		if bytes.Count(first, []byte{s}) > bytes.Count(first, []byte{l.separator}) {
			l.separator = s
		}
	}
	if err := l.split(first); err != nil {
		return nil, err
	}
	for _, cell := range l.cells {
		l.heads = append(l.heads, string(cell))
	}
	return l, nil
}

// next reads a line into cells, as many as there are heads. Empty lines are
// passed over. It returns io.EOF at the end.
func (l *lines) next() error {
	for l.scanner.Scan() {
		l.line++
		data := l.scanner.Bytes()
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		if err := l.split(data); err != nil {
			return err
		}
		if len(l.cells) != len(l.heads) {
			return l.errorf("%d cells, but the first line names %d columns", len(l.cells), len(l.heads))
		}
		return nil
	}
	if err := l.failure(); err != nil {
		return err
	}
	return io.EOF
}

// failure returns why the scanner stopped, nil at the end of the file.
func (l *lines) failure() error {
	err := l.scanner.Err()
	if err == nil {
		return nil
	}
	l.line++
	if errors.Is(err, bufio.ErrTooLong) {
		return l.errorf("longer than %d bytes; is it a CSV file?", maxLine)
	}
	return l.errorf("%w", err)
}

// split divides a line into cells without the blanks around them.
func (l *lines) split(data []byte) error {
	l.cells = l.cells[:0]
	if bytes.IndexByte(data, '"') >= 0 {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma = rune(l.separator)
		record, err := r.Read()
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				err = parse.Err
			}
			return l.errorf("%w", err)
		}
		for _, cell := range record {
			l.cells = append(l.cells, bytes.TrimSpace([]byte(cell)))
		}
	} else {
		for {
			i := bytes.IndexByte(data, l.separator)
			if i < 0 {
				break
			}
			l.cells = append(l.cells, bytes.TrimSpace(data[:i]))
			data = data[i+1:]
		}
		l.cells = append(l.cells, bytes.TrimSpace(data))
	}
	if len(l.cells) > maxColumns {
		return l.errorf("more than %d columns", maxColumns)
	}
	return nil
}

// errorf returns an error with its place.
func (l *lines) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", l.name, l.line, fmt.Errorf(format, args...))
}

// number reads a cell. Where cells are not separated by commas, the decimal
// point may be one.
func (l *lines) number(c found, what string) (float64, error) {
	cell := l.cells[c.index]
	v, err := strconv.ParseFloat(string(cell), 64)
	if err != nil && l.separator != ',' {
		v, err = strconv.ParseFloat(strings.Replace(string(cell), ",", ".", 1), 64)
	}
	v *= c.factor
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, l.errorf("%s should be a number, not %q", what, clip(cell))
	}
	return v, nil
}

// clip shortens what a message quotes.
func clip(cell []byte) string {
	const most = 40
	if len(cell) > most {
		return strings.ToValidUTF8(string(cell[:most]), "") + "…"
	}
	return string(cell)
}
