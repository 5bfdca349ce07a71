package discover

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/alkahest/alkahest/discover/space"
)

// logVersion is the version of the form of the log. A program reads logs of its
// own version and all before.
const logVersion = 1

// entry is a line of the log: one thing that happened, as a JSON object.
type entry struct {
	Event    string             `json:"event"` // begin, proposed, result or replaced, a result in the place of one of its ID
	Version  int                `json:"version,omitempty"`
	Campaign string             `json:"campaign,omitempty"`
	Seed     uint64             `json:"seed,omitempty"`
	Batch    int                `json:"batch,omitempty"`
	ID       string             `json:"id,omitempty"`
	Values   map[string]any     `json:"values,omitempty"`
	Outcomes map[string]float64 `json:"outcomes,omitempty"`
	Expected map[string]Normal  `json:"expected,omitempty"` // when it was proposed
	Status   Status             `json:"status,omitempty"`
	Source   string             `json:"source,omitempty"`
}

// maxLine bounds a line of the log.
const maxLine = 1 << 20

// readLog takes up what the log beside the declaration holds. A last line that
// was cut off, as a full disk or a killed process leaves it, is passed over
// with a note: its event was never confirmed.
func (c *Campaign) readLog() error {
	name := LogFile(c.File)
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if end := bytes.LastIndexByte(data, '\n'); end+1 < len(data) {
		c.Notes = append(c.Notes, fmt.Sprintf("%s: the last line is cut off and passed over", name))
		data = data[:end+1]
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if err := c.replay(e, name, n); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// replay takes one event up.
func (c *Campaign) replay(e entry, name string, line int) error {
	switch e.Event {
	case "begin":
		if e.Version > logVersion {
			return fmt.Errorf("the log has version %d; this program knows versions up to %d", e.Version, logVersion)
		}
		return nil
	case "proposed":
		point, err := c.point(e.Values)
		if err != nil {
			return err
		}
		c.batches = max(c.batches, e.Batch)
		c.Pending = append(c.Pending, Pending{ID: e.ID, Point: point})
		return nil
	case "result", "replaced":
		point, err := c.point(e.Values)
		if err != nil {
			return err
		}
		x := Experiment{ID: e.ID, Point: point, Status: e.Status, Source: e.Source}
		for _, o := range c.Outcomes {
			y, ok := e.Outcomes[o.Name]
			if !ok {
				y = math.NaN()
			}
			x.Outcomes = append(x.Outcomes, y)
		}
		// Equal lines of one log are experiments of their own: Tell has seen
		// to that.
		c.take(x)
		return nil
	}
	return fmt.Errorf("unknown event %q", e.Event)
}

// point returns the point with these values.
func (c *Campaign) point(values map[string]any) ([]float64, error) {
	point := make([]float64, len(c.Space.Variables))
	for j, v := range c.Space.Variables {
		value, ok := values[v.Name]
		if !ok {
			return nil, fmt.Errorf("the value of %q is missing; was the campaign changed since?", v.Name)
		}
		x, err := c.Space.Read(j, fmt.Sprint(value))
		if err != nil {
			return nil, err
		}
		point[j] = x
	}
	return point, nil
}

// Values returns the values of point by the names of the variables.
func (c *Campaign) Values(point []float64) map[string]any {
	values := map[string]any{}
	for j, v := range c.Space.Variables {
		if v.Kind == space.Number {
			values[v.Name] = point[j]
		} else {
			values[v.Name] = c.Space.Text(point, j)
		}
	}
	return values
}

func (c *Campaign) resultEntry(e *taken) entry {
	event := "result"
	if e.replaced {
		event = "replaced" // which programs that know no IDs refuse, rather than count both
	}
	return entry{Event: event, ID: e.ID, Values: c.Values(e.Point), Outcomes: c.Measured(&e.Experiment), Status: e.Status, Source: e.Source}
}

// appendLog writes entries to the end of the log, all or none: a line that an
// earlier process left unfinished is cut off first, and what this one cannot
// finish too.
func (c *Campaign) appendLog(entries []entry) (err error) {
	if len(entries) == 0 {
		return nil
	}
	file, err := os.OpenFile(LogFile(c.File), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	end, err := wholeLines(file)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if end == 0 {
		entries = append([]entry{{Event: "begin", Version: logVersion, Campaign: c.Name, Seed: c.Seed}}, entries...)
	}
	for _, e := range entries {
		if err := encoder.Encode(e); err != nil {
			return err
		}
	}
	if err := file.Truncate(end); err != nil {
		return err
	}
	if _, err := file.WriteAt(b.Bytes(), end); err != nil {
		return errors.Join(err, file.Truncate(end))
	}
	return file.Sync()
}

// wholeLines returns where the last whole line of file ends.
func wholeLines(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	end := info.Size()
	buffer := make([]byte, 4096)
	for end > 0 {
		n := min(end, int64(len(buffer)))
		if _, err := file.ReadAt(buffer[:n], end-n); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buffer[:n], '\n'); i >= 0 {
			return end - n + int64(i) + 1, nil
		}
		end -= n
	}
	return 0, nil
}
