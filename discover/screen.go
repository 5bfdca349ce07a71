package discover

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/discover/surrogate"
)

// Estimator predicts an outcome of many candidates fast.
type Estimator interface {
	// Predict returns the value for inputs and the ends of its interval.
	Predict(inputs []string) (value, low, high float64, err error)
}

// Trained is a trained predictor of an outcome, which takes the place of the
// campaign's own model in a screen.
type Trained struct {
	Outcome int
	Inputs  []int   // variables that it takes, in order
	Level   float64 // probability with which its intervals hold
	// New returns an estimator for one goroutine.
	New func() Estimator
}

// Screen ranks candidates of a file by what they are worth to the campaign.
type Screen struct {
	Trained []Trained
	Top     int // how many of the best are kept
	// Checkpoint is a file in which the state is kept, so that a screen that
	// was interrupted goes on where it was. Empty for none.
	Checkpoint string
	// Identity says what is screened: a checkpoint of another is refused.
	Identity string
	Progress func(rows int)
}

// Ranked is a candidate of a screen.
type Ranked struct {
	Row      int       `json:"row"` // of the file, the first candidate being 1
	Texts    []string  `json:"texts"`
	Value    float64   `json:"value"`
	Use      float64   `json:"use"`
	Expected []float64 `json:"expected"` // of each outcome; NaN cannot be, unknown outcomes are 0
	Half     []float64 `json:"half"`     // half widths of 90 % intervals; negative where nothing is known
}

// Screened is the outcome of a screen.
type Screened struct {
	Rows     int      `json:"rows"`     // looked at
	Unread   int      `json:"unread"`   // of them, that could not be read
	Reason   string   `json:"reason"`   // why, for the first of them
	Excluded int      `json:"excluded"` // of them, that break a constraint
	Best     []Ranked `json:"best"`     // the best first
	Identity string   `json:"identity"`
}

// A screen reads blockRows rows at once, and saves its state after saveRows.
const (
	blockRows = 1 << 14
	saveRows  = 1 << 19
)

// Run ranks the candidates of r, a CSV file with a head that names all
// variables, or one formula or choice on each line if the campaign has a single
// variable. Memory does not grow with their number.
func (s *Screen) Run(ctx context.Context, c *Campaign, r io.Reader) (*Screened, error) {
	rnd := rand.New(rand.NewPCG(c.Seed, uint64(c.batches)+1))
	m, err := c.model(rnd)
	if err != nil {
		return nil, err
	}
	if m.chooser == nil {
		if len(s.Trained) == 0 {
			return nil, errors.New("too little is measured for a model of the campaign's own, and no trained one is given")
		}
		m.surrogate = surrogate.Empty(len(c.Outcomes))
		if m.chooser, err = c.Policy.New(m.surrogate, surrogate.Data{}, rnd); err != nil {
			return nil, err
		}
	}
	state := &Screened{Identity: s.Identity}
	if err := s.resume(state); err != nil {
		return nil, err
	}
	in, err := newCandidates(c, r)
	if err != nil {
		return nil, err
	}
	if err := in.skip(state.Rows); err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, e := range c.Experiments {
		if !e.Record {
			taken[c.Space.Key(e.Point)] = true
		}
	}
	workers := make([]*screener, runtime.GOMAXPROCS(0))
	for i := range workers {
		workers[i] = &screener{screen: s, campaign: c, model: m, taken: taken}
		for _, t := range s.Trained {
			workers[i].estimators = append(workers[i].estimators, t.New())
		}
	}
	saved := state.Rows
	for {
		if err := ctx.Err(); err != nil {
			return nil, errors.Join(err, s.save(state))
		}
		rows, err := in.next(blockRows)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		least := math.Inf(-1)
		if len(state.Best) == s.Top {
			least = state.Best[len(state.Best)-1].Value
		}
		if err := screenBlock(workers, rows, state, least); err != nil {
			return nil, err
		}
		s.merge(state, workers)
		if s.Progress != nil {
			s.Progress(state.Rows)
		}
		if state.Rows-saved >= saveRows {
			if err := s.save(state); err != nil {
				return nil, err
			}
			saved = state.Rows
		}
	}
	return state, nil
}

// Done removes the checkpoint of a screen whose outcome is safe.
func (s *Screen) Done() error {
	if s.Checkpoint == "" {
		return nil
	}
	if err := os.Remove(s.Checkpoint); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// screenBlock shares rows among workers.
func screenBlock(workers []*screener, rows [][]string, state *Screened, least float64) error {
	var wait sync.WaitGroup
	share := (len(rows) + len(workers) - 1) / len(workers)
	for i, w := range workers {
		part := rows[min(i*share, len(rows)):min((i+1)*share, len(rows))]
		first := state.Rows + min(i*share, len(rows)) + 1
		wait.Go(func() { w.err = w.run(part, first, least) })
	}
	wait.Wait()
	state.Rows += len(rows)
	for _, w := range workers {
		if w.err != nil {
			return w.err
		}
	}
	return nil
}

// merge takes what the workers found into state.
func (s *Screen) merge(state *Screened, workers []*screener) {
	for _, w := range workers {
		state.Best = append(state.Best, w.found...)
		state.Unread += w.unread
		state.Excluded += w.excluded
		if state.Reason == "" {
			state.Reason = w.reason
		}
		w.found, w.unread, w.excluded, w.reason = w.found[:0], 0, 0, ""
	}
	slices.SortFunc(state.Best, func(a, b Ranked) int { return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Row, b.Row)) })
	seen := map[string]bool{}
	state.Best = slices.DeleteFunc(state.Best, func(r Ranked) bool {
		key := strings.Join(r.Texts, "\x1f")
		defer func() { seen[key] = true }()
		return seen[key]
	})
	state.Best = state.Best[:min(len(state.Best), s.Top)]
}

// screener values candidates in one goroutine.
type screener struct {
	screen     *Screen
	campaign   *Campaign
	model      *model
	estimators []Estimator
	taken      map[string]bool

	found            []Ranked
	unread, excluded int
	reason           string
	err              error
}

// chunk is how many candidates the model predicts at once.
const chunk = 256

func (w *screener) run(rows [][]string, first int, least float64) error {
	for i := 0; i < len(rows); i += chunk {
		if err := w.chunk(rows[i:min(i+chunk, len(rows))], first+i, least); err != nil {
			return err
		}
	}
	return nil
}

func (w *screener) chunk(rows [][]string, first int, least float64) error {
	c := w.campaign
	own := len(w.estimators) < len(c.Outcomes) && w.model.surrogate != nil && !w.model.blank()
	var index []int
	var points, x [][]float64
	for i, row := range rows {
		point, err := numbers(c, row)
		if err == nil {
			if ok, _ := c.Space.ContainsNumbers(point); !ok {
				w.excluded++
				continue
			}
			if own {
				var encoded []float64
				if encoded, err = w.model.encoder.EncodeText(point, row); err == nil {
					x = append(x, encoded)
				}
			}
		}
		if err != nil {
			w.miss(first+i, err)
			continue
		}
		index, points = append(index, i), append(points, point)
	}
	var p *surrogate.Prediction
	if own {
		var err error
		if p, err = w.model.surrogate.Predict(x); err != nil {
			return err
		}
	} else {
		p = blankPrediction(len(c.Outcomes), len(index))
	}
	unreadable := w.estimate(p, rows, index, first)
	for k, score := range w.model.chooser.Value(p) {
		if c.Cost != nil && c.Policy.Rule == policy.Improvement {
			score.Value -= math.Log(c.Cost.Of(points[k]))
		}
		if unreadable[k] || math.IsNaN(score.Value) || score.Value <= least {
			continue
		}
		if err := w.keep(rows[index[k]], first+index[k], score, p, k); err != nil {
			w.miss(first+index[k], err)
		}
	}
	return nil
}

func (w *screener) miss(row int, err error) {
	w.unread++
	if w.reason == "" {
		w.reason = fmt.Sprintf("candidate %d: %v", row, err)
	}
}

// blank reports whether the model knows nothing.
func (m *model) blank() bool {
	for j := range m.campaign.Outcomes {
		if m.surrogate.Outcome(j) != nil {
			return false
		}
	}
	return true
}

func blankPrediction(outcomes, n int) *surrogate.Prediction {
	p := &surrogate.Prediction{Success: make([]float64, n)}
	for i := range p.Success {
		p.Success[i] = 1
	}
	for range outcomes {
		p.Mean, p.Deviation = append(p.Mean, unknown(n)), append(p.Deviation, unknown(n))
	}
	return p
}

// estimate puts what trained predictors say into p, and returns which
// candidates they cannot read.
func (w *screener) estimate(p *surrogate.Prediction, rows [][]string, index []int, first int) []bool {
	unreadable := make([]bool, len(index))
	var inputs []string
	for t, trained := range w.screen.Trained {
		scale := w.model.surrogate.Scale(trained.Outcome)
		width := math.Sqrt2 * math.Erfinv(trained.Level)
		for k, i := range index {
			if unreadable[k] {
				continue
			}
			inputs = inputs[:0]
			for _, j := range trained.Inputs {
				inputs = append(inputs, rows[i][j])
			}
			value, low, high, err := w.estimators[t].Predict(inputs)
			if err != nil {
				unreadable[k] = true
				w.miss(first+i, err)
				continue
			}
			p.Mean[trained.Outcome][k] = scale.To(value)
			p.Deviation[trained.Outcome][k] = (scale.To(high) - scale.To(low)) / (2 * width)
		}
	}
	return unreadable
}

// keep notes a candidate that may be among the best, unless it was tried.
func (w *screener) keep(row []string, number int, score policy.Score, p *surrogate.Prediction, k int) error {
	c := w.campaign
	r := Ranked{Row: number, Texts: slices.Clone(row), Value: score.Value, Use: score.Use}
	for j, v := range c.Space.Variables {
		switch v.Kind {
		case space.Formula, space.Molecule:
			canonical, err := v.Canonical(row[j])
			if err != nil {
				return err
			}
			r.Texts[j] = canonical
		case space.Number:
			x, err := strconv.ParseFloat(row[j], 64)
			if err != nil {
				return err
			}
			r.Texts[j] = strconv.FormatFloat(x+0, 'g', 9, 64)
		}
	}
	if w.taken[strings.Join(r.Texts, "\x1f")] {
		w.excluded++
		return nil
	}
	for j := range c.Outcomes {
		scale := w.model.surrogate.Scale(j)
		mean, half := p.Mean[j][k], 1.645*p.Deviation[j][k]
		if math.IsNaN(mean) {
			r.Expected, r.Half = append(r.Expected, 0), append(r.Half, -1)
			continue
		}
		r.Expected = append(r.Expected, scale.From(mean))
		r.Half = append(r.Half, (scale.From(mean+half)-scale.From(mean-half))/2)
	}
	w.found = append(w.found, r)
	return nil
}

// numbers returns a point with the numbers of a row; its choices are not set.
func numbers(c *Campaign, row []string) ([]float64, error) {
	point := make([]float64, len(row))
	for j, v := range c.Space.Variables {
		if v.Kind != space.Number {
			continue
		}
		x, err := c.Space.Read(j, row[j])
		if err != nil {
			return nil, err
		}
		point[j] = x
	}
	return point, nil
}

// candidates reads rows of texts, one for each variable.
type candidates struct {
	campaign *Campaign
	csv      *csv.Reader
	column   []int
	first    []string // a first line that is no head
}

// newCandidates reads the head.
func newCandidates(c *Campaign, r io.Reader) (*candidates, error) {
	in := &candidates{campaign: c, csv: csv.NewReader(r), column: make([]int, len(c.Space.Variables))}
	in.csv.ReuseRecord = true
	head, err := in.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file of candidates is empty")
	}
	if err != nil {
		return nil, err
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	for j, v := range c.Space.Variables {
		in.column[j] = slices.IndexFunc(head, func(h string) bool { return strings.TrimSpace(h) == v.Name })
		if in.column[j] < 0 && len(head) == 1 && len(c.Space.Variables) == 1 {
			in.column[j] = 0
			in.first = slices.Clone(head)
		} else if in.column[j] < 0 {
			return nil, fmt.Errorf("the candidates have no column %q", v.Name)
		}
	}
	return in, nil
}

// skip passes over n rows.
func (in *candidates) skip(n int) error {
	for n > 0 {
		rows, err := in.next(min(n, blockRows))
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return errors.New("the file of candidates is shorter than when the screen was interrupted")
		}
		n -= len(rows)
	}
	return nil
}

// next returns at most n rows, none at the end.
func (in *candidates) next(n int) ([][]string, error) {
	rows := make([][]string, 0, n)
	texts := make([]string, 0, n*len(in.column))
	for len(rows) < n {
		record := in.first
		in.first = nil
		if record == nil {
			var err error
			record, err = in.csv.Read()
			if errors.Is(err, io.EOF) {
				return rows, nil
			}
			if err != nil {
				return nil, err
			}
		}
		for _, k := range in.column {
			texts = append(texts, strings.TrimSpace(record[k]))
		}
		rows = append(rows, texts[len(texts)-len(in.column):])
	}
	return rows, nil
}

// resume takes the state of an interrupted screen up.
func (s *Screen) resume(state *Screened) error {
	if s.Checkpoint == "" {
		return nil
	}
	data, err := os.ReadFile(s.Checkpoint)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var saved Screened
	if err := json.Unmarshal(data, &saved); err != nil {
		return fmt.Errorf("%s: %w; remove it to screen from the beginning", s.Checkpoint, err)
	}
	if saved.Identity != s.Identity {
		return fmt.Errorf("%s is of another screen (%s); remove it to screen from the beginning", s.Checkpoint, saved.Identity)
	}
	*state = saved
	return nil
}

// save writes the state beside the checkpoint and puts it in its place, so that
// there is a whole one at any moment.
func (s *Screen) save(state *Screened) (err error) {
	if s.Checkpoint == "" {
		return nil
	}
	data, err := json.Marshal(state)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(s.Checkpoint), filepath.Base(s.Checkpoint)+".*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), s.Checkpoint)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
