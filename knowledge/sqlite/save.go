package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/works"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// ordinalBits is the width of the ordinal in the keys of blocks and records;
// the document's key stands above it.
const ordinalBits = 20

// saver writes documents within one transaction.
type saver struct {
	ctx      context.Context
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
	counts   map[string]int // change in the number of records, by property
	facts    map[string]int // change in the number of facts, by property
	units    map[string]measured
}

func newSaver(ctx context.Context, tx *sql.Tx) *saver {
	return &saver{ctx: ctx, tx: tx, prepared: map[string]*sql.Stmt{}, counts: map[string]int{}, facts: map[string]int{}, units: map[string]measured{}}
}

func (s *saver) prepare(query string) (*sql.Stmt, error) {
	if stmt := s.prepared[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.tx.PrepareContext(s.ctx, query)
	if err == nil {
		s.prepared[query] = stmt // closed with the transaction
	}
	return stmt, err
}

func (s *saver) exec(query string, args ...any) error {
	stmt, err := s.prepare(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(s.ctx, args...)
	return err
}

// scan reads the one row that query yields.
func (s *saver) scan(query string, args, into []any) error {
	stmt, err := s.prepare(query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(s.ctx, args...).Scan(into...)
}

// finish writes what is written once for the whole transaction.
func (s *saver) finish() error {
	changed := maps.Clone(s.counts)
	maps.Copy(changed, s.facts)
	for property := range changed {
		records, facts := s.counts[property], s.facts[property]
		if records == 0 && facts == 0 {
			continue
		}
		if err := s.exec(`INSERT INTO property_counts (property, records, facts) VALUES ($1, $2, $3) ON CONFLICT (property) DO UPDATE
			SET records = property_counts.records + excluded.records, facts = property_counts.facts + excluded.facts`, property, records, facts); err != nil {
			return err
		}
	}
	return s.exec(`DELETE FROM property_counts WHERE records <= 0`)
}

// documentKey returns the key and the reader of the document with identity id.
func documentKey(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, id document.ID) (key int64, reader string, found bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, reader FROM documents WHERE hash = $1`, string(id)).Scan(&key, &reader)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", false, nil
	}
	return key, reader, err == nil, err
}

// document writes doc and its records, in place of an earlier reading of the
// same bytes, and returns its key and how many records it has.
func (s *saver) document(doc *document.Document, records []*record.Record, size int64, reader string, now time.Time) (key int64, n int, err error) {
	authors, err := json.Marshal(doc.Authors)
	if err != nil {
		return 0, 0, err
	}
	identifiers, err := json.Marshal(doc.Identifiers)
	if err != nil {
		return 0, 0, err
	}
	warnings, err := json.Marshal(doc.Warnings)
	if err != nil {
		return 0, 0, err
	}
	about, err := json.Marshal(doc.About)
	if err != nil {
		return 0, 0, err
	}
	traits := works.Describe(doc)
	key, _, found, err := documentKey(s.ctx, s.tx, doc.ID)
	if err != nil {
		return 0, 0, err
	}
	stays := false // in its work
	if found {
		if stays, err = s.stays(key, traits); err != nil {
			return 0, 0, err
		}
		if !stays {
			if err := s.detach(key); err != nil {
				return 0, 0, err
			}
		}
		if err := s.empty(key); err != nil {
			return 0, 0, err
		}
	}
	seen := make(map[string]bool, len(records))
	unique := make([]*record.Record, 0, len(records))
	for _, r := range records {
		if !seen[r.ID] {
			seen[r.ID] = true
			unique = append(unique, r)
		}
	}
	values := []any{string(doc.ID), doc.Name, string(doc.Format), doc.Title, string(authors), string(identifiers), doc.Date, doc.Language,
		doc.Pages, string(warnings), size, reader, now.UnixMilli(), len(doc.Blocks), len(unique), doc.License, doc.Origin, string(about)}
	if found {
		err = s.exec(`UPDATE documents SET name = $2, format = $3, title = $4, authors = $5, identifiers = $6, date = $7, language = $8,
			pages = $9, warnings = $10, size = $11, reader = $12, read_at = $13, blocks = $14, records = $15,
			license = $16, origin = $17, about = $18 WHERE hash = $1`, values...)
	} else {
		err = s.scan(`INSERT INTO documents
			(hash, name, format, title, authors, identifiers, date, language, pages, warnings, size, reader, read_at, blocks, records,
			license, origin, about)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id`, values, []any{&key})
	}
	if err != nil {
		return 0, 0, err
	}
	for i := range doc.Blocks {
		if err := s.block(key<<ordinalBits|int64(i), &doc.Blocks[i]); err != nil {
			return 0, 0, fmt.Errorf("block %d: %w", i, err)
		}
	}
	readings := make([]reading, len(unique))
	byID := make(map[int64]*record.Record, len(unique))
	for i, r := range unique {
		id := key<<ordinalBits | int64(i)
		readings[i] = newReading(doc, id, r)
		byID[id] = r
	}
	order(readings)
	slices.SortFunc(readings, func(a, b reading) int { return cmp.Compare(a.id, b.id) })
	for _, at := range readings {
		r := byID[at.id]
		if err := s.record(key, at, r); err != nil {
			return 0, 0, fmt.Errorf("record %s: %w", r.ID, err)
		}
	}
	if stays {
		err = s.rearrange(key)
	} else {
		err = s.settleWork(key, traits)
	}
	return key, len(unique), err
}

// stays reports whether a document that is read again shows the same of its
// work as before.
func (s *saver) stays(key int64, traits *works.Traits) (bool, error) {
	data, err := json.Marshal(traits)
	if err != nil {
		return false, err
	}
	var before string
	err = s.scan(`SELECT traits FROM documents WHERE id = $1`, []any{key}, []any{&before})
	return before == string(data), err
}

// payload is what a block has besides text, as JSON in blocks.payload.
type payload struct {
	Shifts []document.Shift `json:"shifts,omitempty"`
	Table  *document.Table  `json:"table,omitempty"`
	Box    *document.Box    `json:"box,omitempty"`

	Recognition float64           `json:"recognition,omitempty"`
	Repairs     []document.Repair `json:"repairs,omitempty"`
}

func (s *saver) block(id int64, b *document.Block) error {
	var extra []byte
	if b.Shifts != nil || b.Table != nil || b.Box != (document.Box{}) || b.Recognition != 0 {
		p := payload{Shifts: b.Shifts, Table: b.Table, Recognition: b.Recognition, Repairs: b.Repairs}
		if b.Box != (document.Box{}) {
			p.Box = &b.Box
		}
		var err error
		if extra, err = json.Marshal(p); err != nil {
			return err
		}
	}
	section, err := marshal(b.Section)
	if err != nil {
		return err
	}
	return s.exec(`INSERT INTO blocks (id, kind, page, section, text, payload) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, string(b.Kind), b.Page, section, b.Text, string(extra))
}

// marshal returns the JSON of a slice, and nothing for an empty one.
func marshal[T any](values []T) (string, error) {
	if len(values) == 0 {
		return "", nil
	}
	data, err := json.Marshal(values)
	return string(data), err
}

func unmarshal[T any](data string) (values []T, err error) {
	if data == "" {
		return nil, nil
	}
	err = json.Unmarshal([]byte(data), &values)
	return values, err
}

// measured is a unit as values in it are stored.
type measured struct {
	unit      quantity.Unit
	dimension string
}

func (s *saver) measure(symbol string) measured {
	m, ok := s.units[symbol]
	if !ok {
		u, err := quantity.ParseUnit(symbol)
		if err != nil || u.Unknown {
			m = measured{quantity.Unit{Factor: 1}, "?" + symbol}
		} else {
			m = measured{u, u.Dimension.String()}
		}
		s.units[symbol] = m
	}
	return m
}

// ends returns the ends of a value as stored and in the coherent SI unit, nil
// when it has none.
func (m measured) ends(low, high *float64) (l, h, least, greatest any) {
	x, y, ok := knowledge.Ends(low, high)
	if !ok {
		return nil, nil, nil, nil
	}
	return x, y, knowledge.Coherent(x, m.unit), knowledge.Coherent(y, m.unit)
}

func mask(symbols []string) (low, high int64) {
	var set chem.Set
	for _, symbol := range symbols {
		if e, ok := chem.BySymbol(symbol); ok {
			set.Add(e)
		}
	}
	return int64(set[0]), int64(set[1])
}

func (s *saver) record(document int64, at reading, r *record.Record) error {
	conditions, err := marshal(r.Conditions)
	if err != nil {
		return err
	}
	reasons, err := marshal(r.Reasons)
	if err != nil {
		return err
	}
	m := s.measure(r.Unit)
	_, _, least, greatest := m.ends(r.Low, r.High)
	elementsLow, elementsHigh := mask(r.Subject.Elements)
	approximate := 0
	if r.Approx {
		approximate = 1
	}
	if err := s.exec(`INSERT INTO records (id, hash, document, property, subject_key, subject, kind, formula, subject_name, elements,
		subject_block, subject_start, subject_end, text, low, high, error, approximate, unit, dimension, least, greatest,
		elements_low, elements_high, confidence, block, page, span_start, span_end, evidence, sentence, conditions, reasons,
		fact, precedence, place, readings, smiles)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
		$23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)`,
		at.id, r.ID, document, r.Property, knowledge.SubjectKey(r), r.Subject.Text, string(r.Subject.Kind), r.Subject.Formula, r.Subject.Name,
		strings.Join(r.Subject.Elements, " "), r.Subject.Block, r.Subject.Start, r.Subject.End,
		r.Text, r.Low, r.High, r.Error, approximate, r.Unit, m.dimension, least, greatest,
		elementsLow, elementsHigh, r.Confidence, r.Evidence.Block, r.Evidence.Page, r.Evidence.Start, r.Evidence.End,
		r.Evidence.Text, r.Evidence.Sentence, conditions, reasons, at.fact, at.precedence, at.place, at.readings, r.Subject.SMILES); err != nil {
		return err
	}
	for i, c := range r.Conditions {
		m := s.measure(c.Unit)
		low, high, least, greatest := m.ends(c.Low, c.High)
		if err := s.exec(`INSERT INTO conditions (record, ordinal, name, text, low, high, dimension, least, greatest)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, at.id, i, strings.ToLower(c.Name), c.Text, low, high, m.dimension, least, greatest); err != nil {
			return err
		}
	}
	s.counts[r.Property]++
	s.facts[r.Property] += leads(at)
	return nil
}

// empty removes the blocks and records of a document.
func (s *saver) empty(key int64) error {
	rows, err := s.tx.QueryContext(s.ctx, `SELECT property, count(*), sum(CASE WHEN place = 0 THEN 1 ELSE 0 END)
		FROM records WHERE document = $1 GROUP BY property`, key)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var property string
		var n, facts int
		if err := rows.Scan(&property, &n, &facts); err != nil {
			return err
		}
		s.counts[property] -= n
		s.facts[property] -= facts
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	first, last := key<<ordinalBits, (key+1)<<ordinalBits-1
	return errors.Join(
		s.exec(`DELETE FROM conditions WHERE record BETWEEN $1 AND $2`, first, last),
		s.exec(`DELETE FROM records WHERE id BETWEEN $1 AND $2`, first, last),
		s.exec(`DELETE FROM blocks WHERE id BETWEEN $1 AND $2`, first, last))
}

// forget removes a document that no source has any longer.
func (s *saver) forget(key int64) error {
	var names int
	if err := s.tx.QueryRowContext(s.ctx, `SELECT count(*) FROM sources WHERE document = $1`, key).Scan(&names); err != nil || names > 0 {
		return err
	}
	return errors.Join(s.detach(key), s.empty(key), s.exec(`DELETE FROM documents WHERE id = $1`, key))
}

// sound returns the records that can be stored, and a warning for each that
// cannot: one that does not point at its own words, or whose number is none.
func sound(doc *document.Document, records []*record.Record) (kept []*record.Record, warnings []string) {
	inside := func(block, start, end int) bool {
		return block >= 0 && block < len(doc.Blocks) && start >= 0 && start <= end && end <= len(doc.Blocks[block].Text)
	}
	number := func(x *float64) bool { return x == nil || !math.IsNaN(*x) && !math.IsInf(*x, 0) }
	for _, r := range records {
		if r == nil {
			continue
		}
		e := &r.Evidence
		reason := ""
		switch {
		case r.ID == "":
			reason = "it has no identity"
		case r.Document != doc.ID:
			reason = "it belongs to another document"
		case !inside(e.Block, e.Start, e.End) || doc.Blocks[e.Block].Text[e.Start:e.End] != e.Text:
			reason = "its evidence does not stand where it says"
		case !number(r.Low) || !number(r.High) || !number(&r.Error) || !(r.Confidence >= 0 && r.Confidence <= 1):
			reason = "its value is not a number"
		}
		for _, c := range r.Conditions {
			if reason == "" && (!number(c.Low) || !number(c.High)) {
				reason = "the condition " + c.Name + " is not a number"
			}
		}
		if reason != "" {
			warnings = append(warnings, fmt.Sprintf("block %d, character %d: record of %s left out: %s", e.Block, e.Start, r.Property, reason))
			continue
		}
		kept = append(kept, r)
	}
	return kept, warnings
}
