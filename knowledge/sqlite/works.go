package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/works"
	"github.com/alkahest/alkahest/record"
)

// Bounds on what one document costs, however many others look like it.
const (
	maxDocuments  = 32 // of a work; the next one begins another
	maxCandidates = 32 // works compared with a document, for one of its keys
)

// member is a document of a work.
type member struct {
	id     int64
	traits *works.Traits
}

// members returns the documents of a work, oldest first.
func (s *saver) members(work int64) ([]member, error) {
	stmt, err := s.prepare(`SELECT id, traits FROM documents WHERE work = $1 AND traits <> '' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(s.ctx, work)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []member
	for rows.Next() {
		m := member{traits: &works.Traits{}}
		var traits []byte
		if err := rows.Scan(&m.id, &traits); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(traits, m.traits); err != nil {
			return nil, fmt.Errorf("traits of document %d: %w", m.id, err)
		}
		out = append(out, m)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// candidate is a work that may be the one of a document.
type candidate struct {
	work    int64
	members []member
	reason  string
}

// attach finds the work of the document with the given key and traits, or
// begins one, and returns it and how many documents it has. When the document
// shows that several works are one, they become one.
func (s *saver) attach(key int64, traits *works.Traits) (work int64, size int, err error) {
	same, alike, err := s.candidates(traits)
	if err != nil {
		return 0, 0, err
	}
	joined := []candidate{{work: key, members: []member{{key, traits}}}}
	size = 1
	join := func(c candidate) {
		if size+len(c.members) <= maxDocuments {
			joined = append(joined, c)
			size += len(c.members)
		}
	}
	for _, c := range same {
		join(c)
	}
	// What is only alike must not bring together what is known to differ. If
	// two works are equally alike and differ, nobody can say which one it is.
	alike = slices.DeleteFunc(alike, func(c candidate) bool {
		return slices.ContainsFunc(joined, func(j candidate) bool { return differ(j.members, c.members) })
	})
	ambiguous := false
	for i := range alike {
		for j := range i {
			ambiguous = ambiguous || differ(alike[i].members, alike[j].members)
		}
	}
	if !ambiguous {
		for _, c := range alike {
			join(c)
		}
	}
	work = key
	reason := ""
	for _, c := range joined[1:] {
		reason = cmp.Or(reason, c.reason)
		work = min(work, c.work)
	}
	for _, c := range joined[1:] {
		if c.work != work {
			if err := s.move(c, work); err != nil {
				return 0, 0, err
			}
		}
	}
	if err := s.exec(`UPDATE documents SET work = $2, joined = $3 WHERE id = $1`, key, work, reason); err != nil {
		return 0, 0, err
	}
	if err := s.index(traits, work); err != nil {
		return 0, 0, err
	}
	return work, size, s.judge(work)
}

// candidates returns the works that have a key in common with traits and are
// the same or alike.
func (s *saver) candidates(traits *works.Traits) (same, alike []candidate, err error) {
	seen := map[int64]bool{}
	for _, k := range traits.Keys() {
		found, err := s.withKey(k)
		if err != nil {
			return nil, nil, err
		}
		for _, work := range found {
			if seen[work] {
				continue
			}
			seen[work] = true
			c := candidate{work: work}
			if c.members, err = s.members(work); err != nil {
				return nil, nil, err
			}
			relation := works.Unknown
			for _, m := range c.members {
				r, reason := works.Compare(traits, m.traits)
				switch {
				case r == works.Same && relation != works.Same, r == works.Alike && relation == works.Unknown:
					relation, c.reason = r, reason
				case r == works.Different && relation != works.Same:
					relation = r
				}
			}
			switch relation {
			case works.Same:
				same = append(same, c)
			case works.Alike:
				alike = append(alike, c)
			}
		}
	}
	return same, alike, nil
}

// withKey returns works that have the key k, newest first: an old one may be
// full.
func (s *saver) withKey(k works.Key) ([]int64, error) {
	stmt, err := s.prepare(`SELECT work FROM work_keys WHERE hash = $1 ORDER BY work DESC LIMIT $2`)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(s.ctx, k.Hash, maxCandidates)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var work int64
		if err := rows.Scan(&work); err != nil {
			return nil, err
		}
		out = append(out, work)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// differ reports whether some document of a and some of b are known not to be
// the same work.
func differ(a, b []member) bool {
	for _, x := range a {
		for _, y := range b {
			if r, _ := works.Compare(x.traits, y.traits); r == works.Different {
				return true
			}
		}
	}
	return false
}

// index notes by which keys the work is found.
func (s *saver) index(traits *works.Traits, work int64) error {
	for _, k := range traits.Keys() {
		if err := s.exec(`INSERT INTO work_keys (hash, work) VALUES ($1, $2) ON CONFLICT (hash, work) DO NOTHING`, k.Hash, work); err != nil {
			return err
		}
	}
	return nil
}

// unindex takes back index for all documents of a work.
func (s *saver) unindex(members []member, work int64) error {
	for _, m := range members {
		for _, k := range m.traits.Keys() {
			if err := s.exec(`DELETE FROM work_keys WHERE hash = $1 AND work = $2`, k.Hash, work); err != nil {
				return err
			}
		}
	}
	return nil
}

// move makes the documents of c documents of another work.
func (s *saver) move(c candidate, work int64) error {
	if err := s.unindex(c.members, c.work); err != nil {
		return err
	}
	for _, m := range c.members {
		if err := s.exec(`UPDATE documents SET work = $2, joined = CASE WHEN joined = '' THEN $3 ELSE joined END WHERE id = $1`, m.id, work, c.reason); err != nil {
			return err
		}
		if err := s.index(m.traits, work); err != nil {
			return err
		}
	}
	return nil
}

// judge gives all documents of a work the gravest notice of any of them, or of
// what a service says of their DOIs.
func (s *saver) judge(work int64) error {
	members, err := s.members(work)
	if err != nil {
		return err
	}
	worst := document.NoNotice
	for _, m := range members {
		worst = document.Worst(worst, m.traits.Notice)
		doi := m.traits.Identifiers["doi"]
		if doi == "" {
			continue
		}
		var stated document.Notice
		err := s.scan(`SELECT notice FROM notices WHERE doi = $1`, []any{doi}, []any{&stated})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		worst = document.Worst(worst, stated)
	}
	return s.exec(`UPDATE documents SET work_notice = $2 WHERE work = $1 AND work_notice <> $2`, work, string(worst))
}

// StateNotices implements knowledge.Store.
func (db *DB) StateNotices(ctx context.Context, notices []knowledge.StatedNotice) (changed int, err error) {
	err = db.transact(ctx, func(tx *sql.Tx) error {
		changed = 0
		s := newSaver(ctx, tx)
		for _, n := range notices {
			doi := works.Normalise("doi", n.DOI)
			if doi == "" {
				return fmt.Errorf("%q is no DOI", n.DOI)
			}
			var err error
			if n.Notice == document.NoNotice {
				err = s.exec(`DELETE FROM notices WHERE doi = $1`, doi)
			} else {
				err = s.exec(`INSERT INTO notices (doi, notice, origin, stated_at) VALUES ($1, $2, $3, $4)
					ON CONFLICT (doi) DO UPDATE SET notice = excluded.notice, origin = excluded.origin, stated_at = excluded.stated_at`,
					doi, string(n.Notice), n.Origin, n.At.UnixMilli())
			}
			if err != nil {
				return err
			}
			found, err := s.withKey((&works.Traits{Identifiers: map[string]string{"doi": doi}}).Keys()[0])
			if err != nil {
				return err
			}
			for _, work := range found {
				var before, after document.Notice
				if err := errors.Join(s.workNotice(work, &before), s.judge(work), s.workNotice(work, &after)); err != nil {
					return err
				}
				if before != after {
					changed++
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", db.dir, err)
	}
	return changed, nil
}

func (s *saver) workNotice(work int64, notice *document.Notice) error {
	return s.scan(`SELECT work_notice FROM documents WHERE id = $1`, []any{work}, []any{notice})
}

// detach takes a document out of its work. As it may be what held the others
// together, each of them finds its work anew.
func (s *saver) detach(key int64) error {
	var work int64
	if err := s.scan(`SELECT work FROM documents WHERE id = $1`, []any{key}, []any{&work}); err != nil {
		return err
	}
	members, err := s.members(work)
	if err != nil {
		return err
	}
	if err := s.unindex(members, work); err != nil {
		return err
	}
	for _, m := range members {
		if err := s.exec(`UPDATE documents SET work = 0, joined = '' WHERE id = $1`, m.id); err != nil {
			return err
		}
	}
	again := map[int64]bool{}
	for _, m := range members {
		if m.id == key {
			continue
		}
		work, _, err := s.attach(m.id, m.traits)
		if err != nil {
			return err
		}
		again[work] = true
	}
	for _, work := range slices.Sorted(maps.Keys(again)) {
		if err := s.arrange(work); err != nil { // and nothing, if it went into another one since
			return err
		}
	}
	return nil
}

// reading is a record as far as it takes part in the order of those that state
// the same fact.
type reading struct {
	id         int64
	document   document.ID // decides between equal ones; which was stored first is chance
	property   string
	fact       int64
	precedence int
	exact      int // 0 with a stated uncertainty, 1 without, 2 "about"
	confidence float64
	place      int
	readings   int
}

func newReading(doc *document.Document, id int64, r *record.Record) reading {
	h := fnv.New64a()
	h.Write([]byte(knowledge.Fact(r))) // never fails
	return reading{id: id, document: doc.ID, property: r.Property, fact: int64(h.Sum64()), precedence: knowledge.Precedence(doc, r), exact: exact(r.Approx, r.Error), confidence: r.Confidence}
}

func exact(approximate bool, stated float64) int {
	switch {
	case approximate:
		return 2
	case stated > 0:
		return 0
	}
	return 1
}

// order sets the places of readings of one work, best first, and leaves them
// sorted by fact.
func order(readings []reading) {
	slices.SortFunc(readings, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.fact, b.fact), a.precedence-b.precedence, a.exact-b.exact, cmp.Compare(b.confidence, a.confidence),
			cmp.Compare(a.document, b.document), cmp.Compare(a.id, b.id))
	})
	for begin := 0; begin < len(readings); {
		end := begin
		for end < len(readings) && readings[end].fact == readings[begin].fact {
			end++
		}
		for i := begin; i < end; i++ {
			readings[i].place, readings[i].readings = i-begin, end-begin
		}
		begin = end
	}
}

// arrange puts the records of all documents of a work in order.
func (s *saver) arrange(work int64) error {
	rows, err := s.tx.QueryContext(s.ctx, `SELECT r.id, d.hash, r.property, r.fact, r.precedence, r.approximate, r.error, r.confidence, r.place, r.readings
		FROM records r JOIN documents d ON d.id = r.document WHERE d.work = $1`, work)
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []reading
	before := map[int64]reading{}
	for rows.Next() {
		var r reading
		var approximate bool
		var stated float64
		if err := rows.Scan(&r.id, &r.document, &r.property, &r.fact, &r.precedence, &approximate, &stated, &r.confidence, &r.place, &r.readings); err != nil {
			return err
		}
		r.exact = exact(approximate, stated)
		before[r.id] = r
		all = append(all, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	order(all)
	for _, r := range all {
		old := before[r.id]
		if old.place == r.place && old.readings == r.readings {
			continue
		}
		if err := s.exec(`UPDATE records SET place = $2, readings = $3 WHERE id = $1`, r.id, r.place, r.readings); err != nil {
			return err
		}
		s.facts[r.property] += leads(r) - leads(old)
	}
	return nil
}

// rearrange puts the records of a document's work in order, if other documents
// belong to it.
func (s *saver) rearrange(key int64) error {
	var work int64
	var size int
	if err := s.scan(`SELECT d.work, (SELECT count(*) FROM documents o WHERE o.work = d.work) FROM documents d WHERE d.id = $1`,
		[]any{key}, []any{&work, &size}); err != nil || size == 1 {
		return err
	}
	return s.arrange(work)
}

// leads returns 1 for the reading that stands for its fact, 0 for another.
func leads(r reading) int {
	if r.place == 0 {
		return 1
	}
	return 0
}

// tellBatch is the number of documents that tell takes into one transaction.
const tellBatch = 64

// tell finds works and facts for documents that were stored before there were
// any. Killed, it goes on where it was.
func (db *DB) tell(ctx context.Context) error {
	var needed bool
	if err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM documents WHERE traits = '')`).Scan(&needed); err != nil || !needed {
		return err
	}
	for {
		done := false
		if err := db.transact(ctx, func(tx *sql.Tx) error {
			ids, err := untold(ctx, tx)
			if err != nil {
				return err
			}
			done = len(ids) < tellBatch
			s := newSaver(ctx, tx)
			for _, id := range ids {
				if err := s.tell(id); err != nil {
					return fmt.Errorf("document %d: %w", id, err)
				}
			}
			return s.finish()
		}); err != nil {
			return fmt.Errorf("works: %w", err)
		}
		if done {
			return nil
		}
	}
}

func untold(ctx context.Context, tx *sql.Tx) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM documents WHERE traits = '' ORDER BY id LIMIT $1`, tellBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, errors.Join(rows.Err(), rows.Close())
}

// tell finds the work of a stored document and orders its records.
func (s *saver) tell(key int64) error {
	var id document.ID
	if err := s.scan(`SELECT hash FROM documents WHERE id = $1`, []any{key}, []any{&id}); err != nil {
		return err
	}
	_, doc, err := loadDocument(s.ctx, s.tx, id)
	if err != nil {
		return err
	}
	rows, err := s.tx.QueryContext(s.ctx, `SELECT r.id, `+recordColumns+` FROM records r JOIN documents d ON d.id = r.document WHERE r.document = $1 ORDER BY r.id`, key)
	if err != nil {
		return err
	}
	defer rows.Close()
	var readings []reading
	for rows.Next() {
		var row int64
		r, err := scanRecord(rows, &row)
		if err != nil {
			return err
		}
		readings = append(readings, newReading(doc, row, r))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	order(readings)
	for _, r := range readings {
		if err := s.exec(`UPDATE records SET fact = $2, precedence = $3, place = $4, readings = $5 WHERE id = $1`, r.id, r.fact, r.precedence, r.place, r.readings); err != nil {
			return err
		}
		s.facts[r.property] += leads(r) - 1 // each was counted as a fact of its own
	}
	return s.settleWork(key, works.Describe(doc))
}

// settleWork notes the traits of a document that belongs to no work, finds its
// work, and puts the records of that in order.
func (s *saver) settleWork(key int64, traits *works.Traits) error {
	data, err := json.Marshal(traits)
	if err != nil {
		return err
	}
	if err := s.exec(`UPDATE documents SET traits = $2, notice = $3 WHERE id = $1`, key, string(data), string(traits.Notice)); err != nil {
		return err
	}
	work, size, err := s.attach(key, traits)
	if err != nil || size == 1 { // the records of one document are in order already
		return err
	}
	return s.arrange(work)
}
