package evaluate

import "fmt"

// Report is the outcome of scoring one corpus.
type Report struct {
	Corpus    string    `json:"corpus"`
	Title     string    `json:"title"`
	Split     string    `json:"split,omitempty"` // the part of the corpus that was scored
	Documents int       `json:"documents"`       // as scored: a paper in two formats is two
	Tasks     []Task    `json:"tasks"`
	Peers     []Task    `json:"peers,omitempty"` // outputs of other tools on the same documents, scored alike
	Notes     []string  `json:"notes,omitempty"` // what limits the numbers
	Mistakes  []Mistake `json:"mistakes,omitempty"`

	Calibration *Calibration `json:"calibration,omitempty"` // of the corpora of records
	Verdicts    []Verdict    `json:"-"`                     // on the records that were scored
	annotated   int          // records that are annotated, where there are verdicts
}

// Task is one score. Precision is Correct/Found, Recall Correct/Gold and F1
// their harmonic mean, all from 0 to 1 and 0 where the divisor is 0.
type Task struct {
	Name      string   `json:"name"`
	Precision float64  `json:"precision"`
	Recall    float64  `json:"recall"`
	F1        float64  `json:"f1"`
	Correct   float64  `json:"correct"` // whole, except in tasks that give part of a point
	Found     int      `json:"found"`
	Gold      int      `json:"gold"`
	Average   *Average `json:"average,omitempty"`
	Overlap   float64  `json:"overlap,omitempty"` // mean overlap F1 of the official score of MeasEval
	Exact     float64  `json:"exact,omitempty"`   // its mean exact match
	Spread    float64  `json:"spread,omitempty"`  // standard deviation of F1 over the folds of a cross-validation
}

// Average is the mean of the scores of single documents, over the documents
// that have anything to find.
type Average struct {
	Documents int     `json:"documents"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Barren    int     `json:"barren"` // documents with nothing to find, not in the mean
	Clean     int     `json:"clean"`  // of these, how many have no finding
}

// Mistake is one finding that is not in the annotation, or the reverse.
type Mistake struct {
	Task     string `json:"task"`
	Document string `json:"document"`
	Kind     string `json:"kind"` // Missed or Wrong
	Gold     string `json:"gold,omitempty"`
	Found    string `json:"found,omitempty"`
	Sentence string `json:"sentence,omitempty"`
}

// The kinds of mistake.
const (
	Missed = "missed" // annotated, not found
	Wrong  = "wrong"  // found, not annotated
)

// maxNotes bounds the notes of a report; a corpus with none of its files right
// must not repeat itself a thousand times.
const maxNotes = 50

func (r *Report) note(format string, args ...any) {
	switch {
	case len(r.Notes) < maxNotes:
		r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
	case len(r.Notes) == maxNotes:
		r.Notes = append(r.Notes, "further notes left out")
	}
}

// NewTask returns the score of counts.
func NewTask(name string, correct float64, found, gold int) Task {
	t := Task{Name: name, Correct: correct, Found: found, Gold: gold}
	if found > 0 {
		t.Precision = correct / float64(found)
	}
	if gold > 0 {
		t.Recall = correct / float64(gold)
	}
	if t.Precision+t.Recall > 0 {
		t.F1 = 2 * t.Precision * t.Recall / (t.Precision + t.Recall)
	}
	return t
}

// tally adds up counts over documents.
type tally struct {
	name        string
	correct     float64
	found, gold int
	average     Average // sums until done
}

func (t *tally) add(correct float64, found, gold int) {
	t.correct += correct
	t.found += found
	t.gold += gold
	if gold == 0 {
		t.average.Barren++
		if found == 0 {
			t.average.Clean++
		}
		return
	}
	one := NewTask("", correct, found, gold)
	t.average.Documents++
	t.average.Precision += one.Precision
	t.average.Recall += one.Recall
	t.average.F1 += one.F1
}

// task returns the score over all documents.
func (t *tally) task() Task { return NewTask(t.name, t.correct, t.found, t.gold) }

// averaged returns the score with the mean over documents beside it.
func (t *tally) averaged() Task {
	out := t.task()
	a := t.average
	if n := float64(a.Documents); n > 0 {
		a.Precision /= n
		a.Recall /= n
		a.F1 /= n
	}
	out.Average = &a
	return out
}
