package languagemodel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/internal/filecache"
	"github.com/alkahest/alkahest/record"
)

// Reviewer reads documents with an extractor and has a model look over what
// was read. It is safe for concurrent use.
type Reviewer struct {
	client    *Client
	extractor *extract.Extractor
	fields    *field.Set
	cache     *filecache.Folder

	mu      sync.Mutex
	usage   Usage
	failing int // answers in a row that failed
	stopped error
}

// Usage is what a reviewer has asked so far.
type Usage struct {
	Requests  int // sent to the server
	Cached    int // answered from the cache
	Tokens    int // as the server counts them
	Confirmed int // records that the model agrees with
	Doubted   int // records that it does not
	Added     int // records that it added
	Refused   int // statements of the model that are not in the document
}

// patience is how many answers in a row may fail before the model is not asked
// any more.
const patience = 3

// How much the word of a model counts, in units of the logarithm of odds.
// These are choices, not measurements: what a model is worth differs from model
// to model, so records that one has touched say so in their reasons.
const (
	agreement    = 1.0
	disagreement = -2.0
	added        = 0.4 // of a record that only the model has read: odds of 1.5, confidence 0.6
)

// NewReviewer returns a reviewer that reads with x, whose fields are fields.
func NewReviewer(c *Client, x *extract.Extractor, fields *field.Set, cache *filecache.Folder) *Reviewer {
	return &Reviewer{client: c, extractor: x, fields: fields, cache: cache}
}

// Usage returns what was asked so far.
func (v *Reviewer) Usage() Usage {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.usage
}

// Extract returns what x reads in doc, judged and completed by the model. The
// records that x read are always there. If the model could not be asked, or
// only in part, the error says why, beside the records; once the budget is used
// up or the model has failed three times in a row it is not asked again.
func (v *Reviewer) Extract(ctx context.Context, doc *document.Document) ([]*record.Record, error) {
	records := v.extractor.Extract(doc)
	checker := v.extractor.Checker(doc)
	var blocks []int
	for b := range doc.Blocks {
		if checker.Stated(b) {
			blocks = append(blocks, b)
		}
	}
	for _, a := range questions(doc, blocks, v.properties(records), records) {
		r, err := v.ask(ctx, &a.question)
		if err != nil {
			return records, err
		}
		records = v.apply(checker, a, r, records)
	}
	slices.SortStableFunc(records, func(a, b *record.Record) int { return a.Evidence.Block - b.Evidence.Block })
	return records, nil
}

// properties returns the properties to ask for: those of the fields that the
// records are of, or of all fields if there are none.
func (v *Reviewer) properties(records []*record.Record) []*field.Property {
	of := map[string]bool{}
	for _, r := range records {
		if p := v.fields.Property(r.Property); p != nil {
			of[p.Field] = true
		}
	}
	var out []*field.Property
	for p := range v.fields.Properties() {
		if len(of) == 0 || of[p.Field] {
			out = append(out, p)
		}
	}
	return out
}

// ask returns the reply to q from the cache or the server.
func (v *Reviewer) ask(ctx context.Context, q *question) (*reply, error) {
	body, err := v.client.body(q)
	if err != nil {
		return nil, err
	}
	key := filecache.KeyOf([]byte(v.client.endpoint), body)
	if text, ok, _ := v.cache.Get(key); ok { // one that cannot be read is asked for again
		if r, err := parseReply(string(text)); err == nil {
			v.mu.Lock()
			v.usage.Cached++
			v.mu.Unlock()
			return r, nil
		}
	}
	if err := v.begin(); err != nil {
		return nil, err
	}
	text, tokens, err := v.client.complete(ctx, body)
	var r *reply
	if err == nil {
		r, err = parseReply(text)
	}
	v.end(ctx, tokens, err)
	if err != nil {
		return nil, err
	}
	if err := v.cache.Put(key, []byte(text)); err != nil {
		return nil, fmt.Errorf("keeping an answer of the language model: %w", err)
	}
	return r, nil
}

// begin counts a request, or says why there will be none.
func (v *Reviewer) begin() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := &v.client.settings
	switch {
	case v.stopped != nil:
	case v.usage.Requests >= s.Requests:
		v.stopped = fmt.Errorf("%w: %d requests", ErrBudget, s.Requests)
	case v.usage.Tokens >= s.Tokens:
		v.stopped = fmt.Errorf("%w: %d tokens", ErrBudget, v.usage.Tokens)
	default:
		v.usage.Requests++
	}
	return v.stopped
}

// end notes how a request went.
func (v *Reviewer) end(ctx context.Context, tokens int, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.usage.Tokens += tokens
	if err == nil {
		v.failing = 0
		return
	}
	if v.failing++; v.failing == patience && ctx.Err() == nil {
		v.stopped = fmt.Errorf("given up after %d failures in a row: %w", patience, err)
	}
}

// apply changes records by what the model replied to a, and returns them with
// those that it added.
func (v *Reviewer) apply(checker *extract.Checker, a *asked, r *reply, records []*record.Record) []*record.Record {
	name := v.client.settings.Model
	var u Usage
	judged := map[int]bool{}
	for _, j := range r.Judgements {
		if j.ID < 0 || j.ID >= len(a.records) || judged[j.ID] {
			u.Refused++
			continue
		}
		judged[j.ID] = true
		if j.Stated {
			u.Confirmed++
			weigh(a.records[j.ID], agreement, "confirmed by the language model "+name)
		} else {
			u.Doubted++
			weigh(a.records[j.ID], disagreement, "doubted by the language model "+name)
		}
	}
	shown := map[int]bool{}
	for _, b := range a.question.Blocks {
		shown[b.Number] = true
	}
	known := map[string]bool{}
	for _, old := range records {
		known[old.ID] = true
	}
	for _, s := range r.Records {
		rec, err := checker.Record(extract.Claim(s))
		if err != nil || !shown[s.Block] {
			u.Refused++
			continue
		}
		if known[rec.ID] {
			continue // has been judged
		}
		known[rec.ID] = true
		u.Added++
		rec.Confidence = logistic(added)
		rec.Reasons = []string{"read by the language model " + name}
		records = append(records, rec)
	}
	v.mu.Lock()
	v.usage.Confirmed += u.Confirmed
	v.usage.Doubted += u.Doubted
	v.usage.Added += u.Added
	v.usage.Refused += u.Refused
	v.mu.Unlock()
	return records
}

// weigh adds d to the logarithm of the odds of r.
func weigh(r *record.Record, d float64, reason string) {
	p := min(max(r.Confidence, 0.001), 0.999)
	r.Confidence = logistic(math.Log(p/(1-p)) + d)
	r.Reasons = append(r.Reasons, reason)
}

// logistic returns the probability with logarithm of odds x, to three places.
func logistic(x float64) float64 { return math.Round(1000/(1+math.Exp(-x))) / 1000 }
