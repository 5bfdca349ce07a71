package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/internal/filelock"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

// A job is a chunk of sources, because a job costs about as much as a small
// document. What a killed process loses is at most one chunk a worker.
const (
	chunkFiles = 16
	chunkBytes = 4 << 20
	guessBytes = 256 << 10 // taken for a source of unknown size
	batchFiles = 512       // sources noted in one transaction
)

// maxAlone is how many times a source may be begun alone without coming back
// before it is held to be what ends the process.
const maxAlone = 3

// last is the lowest priority of a job. A job that did not come back gets it,
// so that whatever ended the process is tried again after everything else.
const last = 4

// unfinished are the states of a job that is still to be done.
const unfinished = `('available', 'pending', 'retryable', 'running', 'scheduled')`

// chunk is the arguments of a job. Which sources it reads is in the table
// sources, so that a source is decided and its job done in one place.
type chunk struct {
	Sources int `json:"sources"`
}

// Kind returns the name under which the jobs are stored.
func (chunk) Kind() string { return "read" }

// acquire makes this process the one that reads into the database, and hands
// the jobs of a process that was killed back to be done: as nobody else can be
// working on them, without waiting.
func (db *DB) acquire(ctx context.Context) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.lock != nil {
		return nil
	}
	path := filepath.Join(db.dir, lockName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	ok, owner, err := filelock.Take(f)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	if !ok {
		return errors.Join(fmt.Errorf("%s: %w (process %s)", db.dir, knowledge.ErrLocked, owner), f.Close())
	}
	if err := db.reclaim(ctx); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", db.dir, err), f.Close())
	}
	db.lock = f
	return nil
}

// reclaim makes every unfinished job available, forgets finished ones, and
// gives a new job to waiting sources whose job is gone.
func (db *DB) reclaim(ctx context.Context) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		// scheduled_at must not lie in the future; attempt is kept apart from
		// zero, as it tells that an earlier attempt did not come back.
		if _, err := tx.ExecContext(ctx, `UPDATE river_job SET state = 'available', finalized_at = NULL, scheduled_at = created_at,
			priority = CASE WHEN attempt > 0 THEN $1 ELSE priority END, attempt = min(attempt, 1)
			WHERE kind = 'read' AND state IN `+unfinished, last); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM river_job WHERE kind = 'read' AND state NOT IN `+unfinished); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT name, size FROM sources WHERE status = 'pending'
			AND (job IS NULL OR job NOT IN (SELECT id FROM river_job)) ORDER BY name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		var lost []knowledge.Source
		for rows.Next() {
			var s knowledge.Source
			if err := rows.Scan(&s.Name, &s.Size); err != nil {
				return err
			}
			lost = append(lost, s)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		return db.assign(ctx, tx, lost)
	})
}

// assign makes jobs for sources that are noted as pending already.
func (db *DB) assign(ctx context.Context, tx *sql.Tx, sources []knowledge.Source) error {
	if len(sources) == 0 {
		return nil
	}
	client, err := river.NewClient(riversqlite.New(db.write), &river.Config{Logger: db.logger})
	if err != nil {
		return err
	}
	// Few sources are spread thinly, so that all workers have something to do.
	most := min(chunkFiles, max(1, len(sources)/(8*runtime.GOMAXPROCS(0))))
	for len(sources) > 0 {
		n, size := 0, int64(0)
		for n < len(sources) && n < most && (n == 0 || size < chunkBytes) {
			if sources[n].Size < 0 {
				size += guessBytes
			} else {
				size += sources[n].Size
			}
			n++
		}
		job, err := client.InsertTx(ctx, tx, chunk{Sources: n}, nil)
		if err != nil {
			return err
		}
		for _, s := range sources[:n] {
			if _, err := tx.ExecContext(ctx, `UPDATE sources SET job = $2 WHERE name = $1`, s.Name, job.Job.ID); err != nil {
				return err
			}
		}
		sources = sources[n:]
	}
	return nil
}

// Enqueue implements knowledge.Store.
func (db *DB) Enqueue(ctx context.Context, sources iter.Seq2[*knowledge.Source, error], options knowledge.EnqueueOptions) (knowledge.Queued, error) {
	var total knowledge.Queued
	if err := db.acquire(ctx); err != nil {
		return total, err
	}
	batch := make([]arrival, 0, batchFiles)
	flush := func() error {
		q, err := db.note(ctx, batch, options)
		if err != nil {
			return fmt.Errorf("%s: %w", db.dir, err)
		}
		total.New, total.Known, total.Failed = total.New+q.New, total.Known+q.Known, total.Failed+q.Failed
		batch = batch[:0]
		return nil
	}
	for s, err := range sources {
		if s == nil {
			if err == nil {
				err = errors.New("source without a name")
			}
			return total, errors.Join(err, flush())
		}
		batch = append(batch, arrival{*s, err})
		if len(batch) == batchFiles {
			if err := flush(); err != nil {
				return total, err
			}
		}
	}
	return total, flush()
}

// arrival is a source as it came, with the reason why it cannot be read, if any.
type arrival struct {
	knowledge.Source
	err error
}

// note stores a batch of sources and makes jobs for those to be read.
func (db *DB) note(ctx context.Context, batch []arrival, options knowledge.EnqueueOptions) (knowledge.Queued, error) {
	var q knowledge.Queued
	if len(batch) == 0 {
		return q, nil
	}
	err := db.transact(ctx, func(tx *sql.Tx) error {
		q = knowledge.Queued{}
		var waiting []knowledge.Source
		for _, s := range batch {
			modified := nanoseconds(s.Modified)
			var size, when int64
			var status, reader string
			err := tx.QueryRowContext(ctx, `SELECT size, modified, status, reader FROM sources WHERE name = $1`, s.Name).Scan(&size, &when, &status, &reader)
			found := err == nil
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if s.err != nil {
				q.Failed++
				if _, err := tx.ExecContext(ctx, `INSERT INTO sources (name, size, modified, status, reason, reader) VALUES ($1, $2, $3, 'failed', $4, $5)
					ON CONFLICT (name) DO UPDATE SET size = excluded.size, modified = excluded.modified, status = 'failed',
					reason = excluded.reason, reader = excluded.reader, job = NULL`, s.Name, s.Size, modified, reason(s.err), options.Reader); err != nil {
					return err
				}
				continue
			}
			same := found && !options.Again && s.Size >= 0 && modified != 0 && size == s.Size && when == modified && reader == options.Reader
			switch {
			case same && status == string(knowledge.Read):
				q.Known++
				continue
			case same && status == string(knowledge.Failed) && !options.Retry:
				q.Failed++
				continue
			}
			q.New++
			again := 0
			if options.Again {
				again = 1
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO sources (name, size, modified, status, again) VALUES ($1, $2, $3, 'pending', $4)
				ON CONFLICT (name) DO UPDATE SET size = excluded.size, modified = excluded.modified, status = 'pending',
				reason = '', again = excluded.again, attempts = CASE WHEN sources.size = excluded.size
				AND sources.modified = excluded.modified THEN sources.attempts ELSE 0 END`, s.Name, s.Size, modified, again); err != nil {
				return err
			}
			if !found || status != string(knowledge.Pending) { // a pending source has its job already
				waiting = append(waiting, s.Source)
			}
		}
		return db.assign(ctx, tx, waiting)
	})
	return q, err
}

func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// maxReason bounds a stored reason, in bytes.
const maxReason = 2000

func reason(err error) string {
	s := strings.ToValidUTF8(err.Error(), "\uFFFD")
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason], "") + "…"
	}
	if s == "" {
		s = "unknown reason"
	}
	return s
}

// Work implements knowledge.Store. When ctx is cancelled it stores what was
// read completely, leaves the rest waiting and returns the context's error.
func (db *DB) Work(ctx context.Context, read knowledge.ReadFunc, options knowledge.WorkOptions) error {
	if err := db.acquire(ctx); err != nil {
		return err
	}
	if options.Workers <= 0 {
		options.Workers = runtime.GOMAXPROCS(0)
	}
	w := &worker{db: db, read: read, options: options, news: make(chan struct{}, 1)}
	if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM sources WHERE status = 'pending'`).Scan(&w.total); err != nil {
		return fmt.Errorf("%s: %w", db.dir, err)
	}
	if w.total == 0 {
		return nil
	}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, w); err != nil {
		return err
	}
	client, err := river.NewClient(riversqlite.New(db.write), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: options.Workers}},
		Workers: workers,
		Logger:  db.logger,
		// One process works, and asking a file is cheap: polling finds a job
		// within a few milliseconds, and nobody has to be elected for chores.
		PollOnly: true, FetchPollInterval: 20 * time.Millisecond, FetchCooldown: 5 * time.Millisecond,
		LeaderElectionDisabled: true,
		// A long document may take as long as it needs: acquire hands back the
		// jobs of a process that is gone, so no clock has to.
		JobTimeout: -1,
	})
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("%s: %w", db.dir, err)
	}
	err = w.wait(ctx)
	stopped := client.StopAndCancel(context.WithoutCancel(ctx))
	if err == nil {
		err = w.fatal()
	}
	if err != nil {
		// The jobs that were stopped become available again at once. Should the
		// disk fail here too, the next process does it, and err says why.
		_ = db.reclaim(context.WithoutCancel(ctx))
		return err
	}
	if stopped != nil {
		return fmt.Errorf("%s: stopping: %w", db.dir, stopped)
	}
	_, err = db.write.ExecContext(ctx, `PRAGMA optimize`)
	return err
}

// worker reads chunks of sources.
type worker struct {
	river.WorkerDefaults[chunk]
	db      *DB
	read    knowledge.ReadFunc
	options knowledge.WorkOptions
	news    chan struct{} // told when a job has ended
	active  atomic.Int64  // jobs in progress

	suspects sync.Mutex // held while a source that may have ended the process is read

	mu    sync.Mutex
	err   error // the first failure of the store
	done  int
	total int
}

func (w *worker) fatal() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *worker) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = fmt.Errorf("%s: %w", w.db.dir, err)
	}
}

// wait returns when no job is left, the store has failed, or ctx has ended.
func (w *worker) wait(ctx context.Context) error {
	const patience = time.Second
	idle := time.NewTimer(patience)
	defer idle.Stop()
	for {
		idle.Reset(patience)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.news:
		case <-idle.C:
			// If jobs wait and none has begun, the store cannot be written:
			// find out why, for river only logs it.
			if w.active.Load() == 0 {
				if err := w.probe(ctx); err != nil {
					return fmt.Errorf("%s: %w", w.db.dir, err)
				}
			}
		}
		if err := w.fatal(); err != nil {
			return err
		}
		var left bool
		if err := w.db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM river_job WHERE kind = 'read' AND state IN `+unfinished+`)`).Scan(&left); err != nil {
			return err
		}
		if !left {
			return nil
		}
	}
}

// probe writes to the store without changing it.
func (w *worker) probe(ctx context.Context) error {
	return w.db.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sources SET attempts = attempts WHERE name = (SELECT name FROM sources WHERE status = 'pending' LIMIT 1)`)
		return err
	})
}

// waiting is a source that a job has to read.
type waiting struct {
	knowledge.Source
	again    bool
	attempts int
}

// result is what became of reading one source.
type result struct {
	source   waiting
	id       document.ID
	known    bool // the bytes are in the store; nothing was read
	document *document.Document
	records  []*record.Record
	err      error
}

// Work reads the sources of one job.
func (w *worker) Work(ctx context.Context, job *river.Job[chunk]) (err error) {
	w.active.Add(1)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil && err != ctx.Err() {
			w.fail(err)
		}
		w.active.Add(-1)
		select {
		case w.news <- struct{}{}:
		default:
		}
	}()
	sources, err := w.db.waiting(ctx, job.ID)
	if err != nil {
		return err
	}
	var results []result
	for _, s := range sources {
		if ctx.Err() != nil {
			break
		}
		if job.Attempt > 1 {
			if err := w.alone(ctx, job, s); err != nil {
				return err
			}
			continue
		}
		r := w.one(ctx, s)
		if ctx.Err() != nil && r.err != nil { // stopped, not failed
			break
		}
		results = append(results, r)
	}
	if stop := ctx.Err(); stop != nil {
		if err := w.store(ctx, job, results, false); err != nil {
			return err
		}
		return stop // or river would take the job for done
	}
	return w.store(ctx, job, results, true)
}

// alone reads and stores one source of a job that has had an attempt that did not come
// back. The source is counted before it is begun: the one that ends the process is found.
// Those that were in progress when it ended are read one after the other, or one of them
// would be counted each time another ends the process.
func (w *worker) alone(ctx context.Context, job *river.Job[chunk], s waiting) error {
	if s.attempts > 0 {
		w.suspects.Lock()
		defer w.suspects.Unlock()
		if ctx.Err() != nil {
			return nil
		}
	}
	r := result{source: s}
	if s.attempts >= maxAlone {
		r.err = fmt.Errorf("reading it ended the program %d times", s.attempts+1)
	} else {
		if err := w.attempt(ctx, s.Name, +1); err != nil {
			return err
		}
		r = w.one(ctx, s)
		if ctx.Err() != nil && r.err != nil { // stopped, not failed
			return w.attempt(context.WithoutCancel(ctx), s.Name, -1)
		}
	}
	return w.store(ctx, job, []result{r}, false)
}

// attempt counts a reading that begins (+1) or was called off (-1).
func (w *worker) attempt(ctx context.Context, name string, by int) error {
	return w.db.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sources SET attempts = attempts + $2 WHERE name = $1`, name, by)
		return err
	})
}

// waiting returns the sources of a job that are still to be read.
func (db *DB) waiting(ctx context.Context, job int64) ([]waiting, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT name, size, modified, again, attempts FROM sources WHERE job = $1 AND status = 'pending' ORDER BY attempts, name`, job)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []waiting
	for rows.Next() {
		var s waiting
		var modified int64
		if err := rows.Scan(&s.Name, &s.Size, &modified, &s.again, &s.attempts); err != nil {
			return nil, err
		}
		if modified != 0 {
			s.Modified = time.Unix(0, modified)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// one reads one source. Whatever goes wrong in there is a result.
func (w *worker) one(ctx context.Context, s waiting) (r result) {
	r.source = s
	defer func() {
		if p := recover(); p != nil {
			r = result{source: s, id: r.id, err: fmt.Errorf("the reader failed: %v (%s)", p, origin(debug.Stack()))}
		}
	}()
	if w.options.Identify != nil && !s.again {
		id, err := w.options.Identify(ctx, s.Source)
		if err != nil {
			r.err = err
			return r
		}
		r.id = id
		_, reader, found, err := documentKey(ctx, w.db.read, id)
		if err == nil && found && reader == w.options.Reader {
			r.known = true
			return r
		}
	}
	doc, records, err := w.read(ctx, s.Source)
	if doc != nil {
		r.id = doc.ID
	}
	switch {
	case err != nil:
		r.err = err
	case doc == nil || doc.ID == "":
		r.err = errors.New("the reader returned no document")
	case len(doc.Blocks) >= 1<<ordinalBits || len(records) >= 1<<ordinalBits:
		r.err = fmt.Errorf("%d blocks and %d records are more than a document may have", len(doc.Blocks), len(records))
	default:
		r.err = doc.Check()
	}
	if r.err != nil {
		return r
	}
	r.document = doc
	var warnings []string
	r.records, warnings = sound(doc, records)
	if warnings != nil {
		copied := *doc
		copied.Warnings = slices.Concat(doc.Warnings, warnings)
		r.document = &copied
	}
	return r
}

// origin returns where a panic came from, out of the stack of the goroutine:
// the first line of code below the call of panic.
func origin(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") && i+3 < len(lines) {
			at := strings.TrimSpace(lines[i+3])
			if strings.HasPrefix(lines[i+2], "runtime.") && i+5 < len(lines) { // the runtime panicked
				at = strings.TrimSpace(lines[i+5])
			}
			at, _, _ = strings.Cut(at, " +0x")
			return filepath.Base(at)
		}
	}
	return "origin unknown"
}

// store writes results and, when ends is set, the end of the job, in one
// transaction, and reports them once that is on the disk.
func (w *worker) store(ctx context.Context, job *river.Job[chunk], results []result, ends bool) error {
	if len(results) == 0 && !ends {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // what was read is kept even when we are told to stop
	var events []knowledge.Event
	err := w.db.transact(ctx, func(tx *sql.Tx) error {
		events = events[:0]
		s := newSaver(ctx, tx)
		var unread []knowledge.Source
		for i := range results {
			e, ok, err := w.settle(s, job.ID, &results[i])
			if err != nil {
				return fmt.Errorf("%s: %w", results[i].source.Name, err)
			}
			switch {
			case ok:
				events = append(events, e)
			case e.Known:
				unread = append(unread, e.Source)
			}
		}
		if err := s.finish(); err != nil {
			return err
		}
		if err := w.db.assign(ctx, tx, unread); err != nil {
			return err
		}
		if !ends {
			return nil
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
		return err
	})
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range events {
		w.done++
		w.total = max(w.total, w.done)
		if w.options.Progress != nil {
			e.Done, e.Total = w.done, w.total
			w.options.Progress(e)
		}
	}
	return nil
}

// settle writes one result. It reports false when there is nothing to report:
// the source was settled before, or, with Known set, its document has gone
// since it was identified and it has to be read after all.
func (w *worker) settle(s *saver, job int64, r *result) (e knowledge.Event, ok bool, err error) {
	e = knowledge.Event{Source: r.source.Source, Document: r.id}
	var before sql.NullInt64
	err = s.scan(`SELECT document FROM sources WHERE name = $1 AND job = $2 AND status = 'pending'`, []any{r.source.Name, job}, []any{&before})
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	if r.err != nil {
		e.Status, e.Reason = knowledge.Failed, reason(r.err)
		return e, true, s.exec(`UPDATE sources SET status = 'failed', reason = $2, reader = $3, job = NULL, attempts = 0, again = 0 WHERE name = $1`,
			r.source.Name, e.Reason, w.options.Reader)
	}
	key, reader, found, err := documentKey(s.ctx, s.tx, r.id)
	if err != nil {
		return e, false, err
	}
	switch {
	case found && reader == w.options.Reader && (r.known || !r.source.again):
		e.Known = true
		if err := s.scan(`SELECT blocks, records FROM documents WHERE id = $1`, []any{key}, []any{&e.Blocks, &e.Records}); err != nil {
			return e, false, err
		}
	case r.known:
		e.Known = true
		return e, false, nil
	default:
		if key, e.Records, err = s.document(r.document, r.records, r.source.Size, w.options.Reader, time.Now()); err != nil {
			return e, false, err
		}
		e.Blocks, e.Warnings = len(r.document.Blocks), r.document.Warnings
	}
	e.Status = knowledge.Read
	if err := s.exec(`UPDATE sources SET status = 'read', reason = '', reader = $2, document = $3, job = NULL, attempts = 0, again = 0 WHERE name = $1`,
		r.source.Name, w.options.Reader, key); err != nil {
		return e, false, err
	}
	if before.Valid && before.Int64 != key {
		err = s.forget(before.Int64)
	}
	return e, true, err
}
