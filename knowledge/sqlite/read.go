package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

// stream runs a query and yields what scan makes of each row.
func stream[T any](ctx context.Context, db *DB, scan func(*sql.Rows) (*T, error), query string, args ...any) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		rows, err := db.read.QueryContext(ctx, query, args...)
		if err != nil {
			yield(nil, fmt.Errorf("%s: %w", db.dir, err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				yield(nil, fmt.Errorf("%s: %w", db.dir, err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("%s: %w", db.dir, err))
		}
	}
}

// failing yields one error.
func failing[T any](err error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) { yield(nil, err) }
}

const recordColumns = `r.hash, d.hash, d.name, r.property, r.subject, r.kind, r.formula, r.subject_name, r.smiles, r.elements,
	r.subject_block, r.subject_start, r.subject_end, r.text, r.low, r.high, r.error, r.approximate, r.unit, r.confidence,
	r.block, r.page, r.span_start, r.span_end, r.evidence, r.sentence, r.conditions, r.reasons, r.readings, d.work_notice`

// scanRecord reads recordColumns, and before them the columns of more.
func scanRecord(rows *sql.Rows, more ...any) (*record.Record, error) {
	var r record.Record
	var elements, conditions, reasons string
	s, e := &r.Subject, &r.Evidence
	if err := rows.Scan(append(more, &r.ID, &r.Document, &r.Name, &r.Property, &s.Text, &s.Kind, &s.Formula, &s.Name, &s.SMILES, &elements,
		&s.Block, &s.Start, &s.End, &r.Text, &r.Low, &r.High, &r.Error, &r.Approx, &r.Unit, &r.Confidence,
		&e.Block, &e.Page, &e.Start, &e.End, &e.Text, &e.Sentence, &conditions, &reasons, &r.Readings, &r.Notice)...); err != nil {
		return nil, err
	}
	if r.Readings == 1 {
		r.Readings = 0
	}
	s.Elements = symbols(elements)
	var err error
	if r.Conditions, err = unmarshal[record.Condition](conditions); err != nil {
		return nil, fmt.Errorf("record %s: conditions: %w", r.ID, err)
	}
	if r.Reasons, err = unmarshal[string](reasons); err != nil {
		return nil, fmt.Errorf("record %s: reasons: %w", r.ID, err)
	}
	return &r, nil
}

func scanOneRecord(rows *sql.Rows) (*record.Record, error) { return scanRecord(rows) }

// orders are the ORDER BY clauses; each ends with the key, which makes it total.
var orders = map[knowledge.Order]string{
	"":                          "r.confidence DESC, r.property, r.hash, r.id",
	knowledge.ByConfidence:      "r.confidence DESC, r.property, r.hash, r.id",
	knowledge.ByValue:           "r.property, r.dimension, r.least IS NULL, r.least, r.greatest, r.hash, r.id",
	knowledge.ByValueDescending: "r.property, r.dimension, r.greatest IS NULL, r.greatest DESC, r.least DESC, r.hash, r.id",
	knowledge.BySubject:         "r.subject_key, r.property, r.hash, r.id",
	knowledge.ByDocument:        "d.name, r.id",
}

// Query implements knowledge.Store.
func (db *DB) Query(ctx context.Context, q *knowledge.Query, order knowledge.Order, limit int) iter.Seq2[*record.Record, error] {
	by, ok := orders[order]
	if !ok {
		return failing[record.Record](fmt.Errorf("unknown order %q", order))
	}
	if q == nil {
		q = &knowledge.Query{}
	}
	c := &compiler{}
	where, err := c.query(q)
	if err != nil {
		return failing[record.Record](err)
	}
	query := "SELECT " + recordColumns + " FROM records r JOIN documents d ON d.id = r.document" + where + " ORDER BY " + by
	if limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", limit)
	}
	return stream(ctx, db, scanOneRecord, query, c.args...)
}

// Readings implements knowledge.Store.
func (db *DB) Readings(ctx context.Context, id string) iter.Seq2[*record.Record, error] {
	return stream(ctx, db, scanOneRecord, `SELECT `+recordColumns+` FROM records a JOIN documents b ON b.id = a.document
		JOIN documents d ON d.work = b.work JOIN records r ON r.document = d.id AND r.fact = a.fact
		WHERE a.hash = $1 ORDER BY r.place, r.id`, id)
}

// Record implements knowledge.Store.
func (db *DB) Record(ctx context.Context, prefix string) (*record.Record, error) {
	const listed = 5
	p := strings.ToLower(strings.TrimSpace(prefix))
	if p == "" || strings.Trim(p, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("record %q: %w", prefix, knowledge.ErrNotFound)
	}
	var found []*record.Record
	// The identities that begin with p stand between p and p followed by "g".
	for r, err := range stream(ctx, db, scanOneRecord, "SELECT "+recordColumns+` FROM records r JOIN documents d ON d.id = r.document
		WHERE r.hash >= $1 AND r.hash < $2 ORDER BY r.hash LIMIT $3`, p, p+"g", listed) {
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("record %q: %w", prefix, knowledge.ErrNotFound)
	case 1:
		return found[0], nil
	}
	ambiguous := &knowledge.AmbiguousError{Prefix: prefix}
	for _, r := range found {
		ambiguous.IDs = append(ambiguous.IDs, r.ID)
	}
	return nil, ambiguous
}

// firstOfWork yields for each document the one that stands for its work: no
// notice, with markup if there is one, by name. Which was read first is chance.
const firstOfWork = `SELECT id, first_value(id) OVER (PARTITION BY work
	ORDER BY about NOT IN ('', 'null'), CASE format WHEN 'pdf' THEN 1 WHEN 'text' THEN 2 ELSE 0 END, name, id) AS first FROM documents`

// listed is a row of Documents: a document once for each of its names.
type listed struct {
	knowledge.DocumentInfo
	key  int64
	name string
}

// Documents implements knowledge.Store.
func (db *DB) Documents(ctx context.Context, filter knowledge.DocumentFilter) iter.Seq2[*knowledge.DocumentInfo, error] {
	return func(yield func(*knowledge.DocumentInfo, error) bool) {
		pattern := "%"
		if filter.Like != "" {
			pattern = like(&knowledge.Match{Like: true, Pattern: filter.Like})
		}
		if filter.Status == "" || filter.Status == knowledge.Read {
			var current *listed
			for l, err := range stream(ctx, db, scanListed, `SELECT d.id, d.hash, s.name, d.format, d.title, d.authors, d.identifiers, d.date, d.language,
				d.pages, d.blocks, d.records, d.size, d.warnings, d.reader, d.read_at, d.license, d.origin, f.hash,
				CASE WHEN d.id = f.id THEN '' WHEN d.joined = '' THEN f.joined ELSE d.joined END, d.notice, d.work_notice
				FROM (`+firstOfWork+`) w JOIN documents d ON d.id = w.id JOIN documents f ON f.id = w.first JOIN sources s ON s.document = d.id
				WHERE EXISTS (SELECT 1 FROM sources n WHERE n.document = d.id AND n.name LIKE $1 ESCAPE '\')
				ORDER BY f.name, f.id, d.id <> f.id, d.name, d.id, s.name`, pattern) {
				if err != nil {
					yield(nil, err)
					return
				}
				if current != nil && current.key == l.key {
					current.Names = append(current.Names, l.name)
					continue
				}
				if current != nil && !yield(&current.DocumentInfo, nil) {
					return
				}
				current = l
			}
			if current != nil && !yield(&current.DocumentInfo, nil) {
				return
			}
		}
		for _, status := range []knowledge.Status{knowledge.Failed, knowledge.Pending} {
			if filter.Status != "" && filter.Status != status {
				continue
			}
			for info, err := range stream(ctx, db, scanUnread, `SELECT name, size, status, reason, reader FROM sources
				WHERE status = $1 AND status <> 'read' AND name LIKE $2 ESCAPE '\' ORDER BY name`, string(status), pattern) {
				if !yield(info, err) {
					return
				}
			}
		}
	}
}

func scanListed(rows *sql.Rows) (*listed, error) {
	var l listed
	var authors, identifiers, warnings string
	var at int64
	if err := rows.Scan(&l.key, &l.ID, &l.name, &l.Format, &l.Title, &authors, &identifiers, &l.Date, &l.Language,
		&l.Pages, &l.Blocks, &l.Records, &l.Size, &warnings, &l.Reader, &at, &l.License, &l.Origin, &l.Work, &l.Joined, &l.Notice, &l.WorkNotice); err != nil {
		return nil, err
	}
	l.Names, l.Status, l.ReadAt = []string{l.name}, knowledge.Read, time.UnixMilli(at)
	if err := errors.Join(json.Unmarshal([]byte(authors), &l.Authors), json.Unmarshal([]byte(identifiers), &l.Identifiers),
		json.Unmarshal([]byte(warnings), &l.Warnings)); err != nil {
		return nil, fmt.Errorf("document %s: %w", l.ID, err)
	}
	return &l, nil
}

func scanUnread(rows *sql.Rows) (*knowledge.DocumentInfo, error) {
	var info knowledge.DocumentInfo
	var name string
	if err := rows.Scan(&name, &info.Size, &info.Status, &info.Reason, &info.Reader); err != nil {
		return nil, err
	}
	info.Names = []string{name}
	return &info, nil
}

// Document implements knowledge.Store.
func (db *DB) Document(ctx context.Context, id document.ID) (*document.Document, error) {
	// One transaction, so that a new reading cannot come in between.
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", db.dir, err)
	}
	defer tx.Rollback()
	_, doc, err := loadDocument(ctx, tx, id)
	if err != nil && !errors.Is(err, knowledge.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", db.dir, err)
	}
	return doc, err
}

// loadDocument returns a document with all its blocks, and its key.
func loadDocument(ctx context.Context, tx *sql.Tx, id document.ID) (key int64, _ *document.Document, err error) {
	var doc document.Document
	var authors, identifiers, warnings, about string
	err = tx.QueryRowContext(ctx, `SELECT id, hash, name, format, title, authors, identifiers, date, language, pages, warnings, license, origin, notice, about
		FROM documents WHERE hash = $1`, string(id)).Scan(&key, &doc.ID, &doc.Name, &doc.Format, &doc.Title, &authors, &identifiers,
		&doc.Date, &doc.Language, &doc.Pages, &warnings, &doc.License, &doc.Origin, &doc.Notice, &about)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, fmt.Errorf("document %s: %w", id, knowledge.ErrNotFound)
	}
	if err != nil {
		return 0, nil, err
	}
	if about == "" { // written before there were notices
		about = "null"
	}
	if err := errors.Join(json.Unmarshal([]byte(authors), &doc.Authors), json.Unmarshal([]byte(identifiers), &doc.Identifiers),
		json.Unmarshal([]byte(warnings), &doc.Warnings), json.Unmarshal([]byte(about), &doc.About)); err != nil {
		return 0, nil, fmt.Errorf("document %s: %w", id, err)
	}
	rows, err := tx.QueryContext(ctx, `SELECT kind, page, section, text, payload FROM blocks WHERE id BETWEEN $1 AND $2 ORDER BY id`,
		key<<ordinalBits, (key+1)<<ordinalBits-1)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b document.Block
		var section, extra string
		if err := rows.Scan(&b.Kind, &b.Page, &section, &b.Text, &extra); err != nil {
			return 0, nil, err
		}
		b.Section, err = unmarshal[string](section)
		if err == nil && extra != "" {
			var p payload
			err = json.Unmarshal([]byte(extra), &p)
			b.Shifts, b.Table, b.Recognition, b.Repairs = p.Shifts, p.Table, p.Recognition, p.Repairs
			if p.Box != nil {
				b.Box = *p.Box
			}
		}
		if err != nil {
			return 0, nil, fmt.Errorf("document %s: block %d: %w", id, len(doc.Blocks), err)
		}
		doc.Blocks = append(doc.Blocks, b)
	}
	return key, &doc, rows.Err()
}

// Search implements knowledge.Store. Blocks are ranked by BM25 with the
// constants of FTS5, k1 = 1.2 and b = 0.75.
func (db *DB) Search(ctx context.Context, text string, limit int) iter.Seq2[*knowledge.Passage, error] {
	match := words(text)
	if match == "" {
		return failing[knowledge.Passage](errors.New("there is no word to search for"))
	}
	if limit <= 0 {
		limit = -1 // which SQLite takes for none
	}
	return stream(ctx, db, scanPassage, fmt.Sprintf(`SELECT d.hash, d.name, d.title, b.id & %d, b.kind, b.page, b.section, b.text, -f.rank
		FROM (SELECT rowid, rank FROM blocks_text WHERE blocks_text MATCH $1 ORDER BY rank LIMIT $2) f
		JOIN blocks b ON b.id = f.rowid JOIN documents d ON d.id = b.id >> %d ORDER BY f.rank, b.id`, 1<<ordinalBits-1, ordinalBits), match, limit)
}

func scanPassage(rows *sql.Rows) (*knowledge.Passage, error) {
	var p knowledge.Passage
	var section string
	if err := rows.Scan(&p.Document, &p.Name, &p.Title, &p.Block, &p.Kind, &p.Page, &section, &p.Text, &p.Score); err != nil {
		return nil, err
	}
	var err error
	p.Section, err = unmarshal[string](section)
	return &p, err
}

// Stats implements knowledge.Store.
func (db *DB) Stats(ctx context.Context) (*knowledge.Stats, error) {
	var s knowledge.Stats
	if err := db.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM sources),
		(SELECT count(*) FROM sources WHERE status = 'failed' AND status <> 'read'), (SELECT count(*) FROM sources WHERE status = 'pending'),
		(SELECT coalesce(sum(blocks), 0) FROM documents), (SELECT coalesce(sum(records), 0) FROM documents),
		(SELECT count(*) FROM documents WHERE work = id), (SELECT count(*) FROM documents WHERE work_notice = 'retracted'),
		(SELECT coalesce(sum(facts), 0) FROM property_counts),
		(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())`).Scan(
		&s.Documents, &s.Sources, &s.Failed, &s.Pending, &s.Blocks, &s.Records, &s.Works, &s.Retracted, &s.Facts, &s.Bytes); err != nil {
		return nil, fmt.Errorf("%s: %w", db.dir, err)
	}
	for p, err := range stream(ctx, db, func(rows *sql.Rows) (*knowledge.PropertyCount, error) {
		var p knowledge.PropertyCount
		return &p, rows.Scan(&p.Property, &p.Facts, &p.Records)
	}, `SELECT property, facts, records FROM property_counts ORDER BY facts DESC, property`) {
		if err != nil {
			return nil, err
		}
		s.Properties = append(s.Properties, *p)
	}
	return &s, nil
}
