package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/fetch"
	"github.com/alkahest/alkahest/knowledge"
)

// fetchCommand is "alkahest fetch".
type fetchCommand struct {
	EuropePMC fetchEuropePMC `cmd:"" name:"europepmc" help:"Open-access articles of Europe PMC, as XML."`
	ArXiv     fetchArXiv     `cmd:"" name:"arxiv" help:"Papers of arXiv, as PDF or TeX."`
	DOI       fetchDOI       `cmd:"" name:"doi" help:"Works by their DOIs, where OpenAlex knows an open copy."`
	Notices   fetchNotices   `cmd:"" name:"notices" help:"Which works in the database were retracted, as OpenAlex knows."`
	USPTO     fetchUSPTO     `cmd:"" name:"uspto" help:"The weekly files of patents of the United States."`
}

// Help is shown by "alkahest fetch --help".
func (*fetchCommand) Help() string {
	return `Fetches documents into a folder, with what the service says of them: identifiers, licence, retraction. Nothing is connected to but the service named. The same command again goes on where it was, and fetches nothing twice.`
}

// fetchFlags are the flags of all services.
type fetchFlags struct {
	Output  string `short:"o" default:"papers" placeholder:"DIR" help:"Folder to fetch into (default ${default})."`
	DryRun  bool   `help:"Fetch nothing; list what would be fetched, with licence and size."`
	MaxSize int64  `default:"${maxSize}" placeholder:"MIB" help:"Largest file to fetch, in MiB (default ${default})."`
	connectFlags
}

// connectFlags say how to connect.
type connectFlags struct {
	Contact string   `env:"ALKAHEST_CONTACT" placeholder:"MAIL" help:"Your mail address, sent with every request, so that a service can reach you before it shuts you out."`
	Mirror  []string `sep:"none" placeholder:"NAME=URL" help:"Another address of a service (europepmc, arxiv, openalex, uspto), such as a mirror inside of your network; may be repeated."`
}

// client returns a client as the flags want it. more may change its options.
func (f *fetchFlags) client(more func(*fetch.Options)) (*fetch.Client, error) {
	if f.MaxSize <= 0 {
		return nil, usagef("--max-size must be positive")
	}
	return f.connectFlags.client(func(o *fetch.Options) {
		o.MaxSize = f.MaxSize << 20
		if more != nil {
			more(o)
		}
	})
}

func (f *connectFlags) client(more func(*fetch.Options)) (*fetch.Client, error) {
	options := fetch.Options{
		Contact: f.Contact, Program: "alkahest/" + programVersion(), Mirrors: map[string]string{}, Keys: map[string]string{},
		Now: time.Now, Sleep: sleep, Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
	}
	for _, m := range f.Mirror {
		name, address, ok := strings.Cut(m, "=")
		if !ok {
			return nil, usagef("--mirror %s: write NAME=URL, with a name of %s", m, strings.Join(fetch.Services(), ", "))
		}
		options.Mirrors[name] = address
	}
	more(&options)
	c, err := fetch.New(options)
	if err != nil {
		return nil, &usageError{err: err}
	}
	return c, nil
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run fetches items, or lists them.
func (f *fetchFlags) run(ctx context.Context, e *environment, c *fetch.Client, items iter.Seq2[*fetch.Item, error]) (err error) {
	defer func() { err = errors.Join(err, c.Close()) }()
	if f.DryRun {
		return f.list(ctx, e, c, items)
	}
	fetched, known, size := 0, 0, int64(0)
	var failures, notices []failure
	missing := 0
	err = c.Fetch(ctx, f.Output, items, func(event fetch.Event) {
		entry := &event.Entry
		name := entry.File
		if name == "" {
			name = entry.ID
		}
		switch {
		case event.Known:
			known++
		case entry.State == fetch.Done:
			fetched++
			size += entry.Size
		default:
			missing++
			if len(failures) < maxListed {
				failures = append(failures, failure{name, entry.Reason})
			}
		}
		if entry.Notice != document.NoNotice {
			notices = append(notices, failure{name, string(entry.Notice) + ": " + entry.Title})
		}
		if isTerminal(e.errOut) {
			fmt.Fprintf(e.errOut, "\r\x1b[K%s", clip(visible(name+"  "+entry.Title), max(20, terminalWidth(e.errOut)-1)))
		}
	})
	if isTerminal(e.errOut) {
		fmt.Fprint(e.errOut, "\r\x1b[K")
	}
	if err != nil && fetched+known+missing == 0 {
		return explainFetch(err)
	}
	fmt.Fprintf(e.out, "fetched %s (%s) into %s\n", count(fetched, "file"), bytesOf(size), f.Output)
	if known > 0 {
		fmt.Fprintf(e.out, "%s fetched before\n", count(known, "file"))
	}
	if missing > 0 {
		fmt.Fprintf(e.out, "could not fetch %d:\n", missing)
		list(e.out, failures)
		if missing > len(failures) {
			fmt.Fprintf(e.out, "  and %d more: %s\n", missing-len(failures), filepath.Join(f.Output, fetch.ManifestName))
		}
	}
	if len(notices) > 0 {
		fmt.Fprintln(e.out, "the publisher has since said of:")
		list(e.out, notices)
	}
	if err != nil {
		fmt.Fprintln(e.out, "what was fetched is kept; the same command goes on")
		return explainFetch(err)
	}
	if fetched+known > 0 {
		fmt.Fprintf(e.out, "\nto read them: %s\n", e.suggest("read", f.Output))
	}
	if missing > 0 {
		return errSomeFailed
	}
	return nil
}

// explainFetch adds to an error what the user can do about it.
func explainFetch(err error) error {
	if errors.Is(err, fetch.ErrKey) {
		return &usageError{err, "put it into the environment as USPTO_API_KEY"}
	}
	if errors.Is(err, fetch.ErrLocked) {
		return fmt.Errorf("%w; wait until it has ended, or fetch into another folder with -o", err)
	}
	return err
}

// list prints what would be fetched.
func (f *fetchFlags) list(ctx context.Context, e *environment, c *fetch.Client, items iter.Seq2[*fetch.Item, error]) error {
	g := &grid{columns: []column{{head: "FILE"}, {head: "SIZE", right: true}, {head: "LICENSE", least: 12}, {head: "NOTICE", rare: true}, {head: "TITLE OR REASON", least: 20}}}
	total := int64(0)
	for item, err := range items {
		if err != nil {
			return explainFetch(err)
		}
		license := item.License
		if license == "" {
			license = "unknown"
		}
		if len(item.Copies) == 0 {
			g.add("", "", license, string(item.Notice), item.ID+": "+item.Missing)
			continue
		}
		size, err := c.Size(ctx, item.Copies[0])
		shown := "unknown"
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && size > 0:
			shown = bytesOf(size)
			total += size
		}
		g.add(item.Copies[0].File, shown, license, string(item.Notice), item.Title)
	}
	if len(g.rows) == 0 {
		fmt.Fprintln(e.out, "nothing answers this")
		return nil
	}
	if err := g.write(e.out, terminalWidth(e.out)); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "\n%s, %s as far as is known; nothing was fetched\n", count(len(g.rows), "item"), bytesOf(total))
	return nil
}

// bytesOf writes a number of bytes for people.
func bytesOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// fetchEuropePMC is "alkahest fetch europepmc".
type fetchEuropePMC struct {
	Query []string `arg:"" help:"What to look for, in the language of Europe PMC: words, 'TITLE:garnet AND PUB_YEAR:[2018 TO 2024]'."`
	Max   int      `default:"25" help:"At most so many articles (default ${default})."`
	fetchFlags
}

// Run fetches articles.
func (c *fetchEuropePMC) Run(ctx context.Context, e *environment) error {
	if c.Max <= 0 {
		return usagef("--max must be positive")
	}
	client, err := c.client(nil)
	if err != nil {
		return err
	}
	return c.run(ctx, e, client, client.EuropePMC(ctx, strings.Join(c.Query, " "), c.Max))
}

// fetchArXiv is "alkahest fetch arxiv".
type fetchArXiv struct {
	Query  []string `arg:"" help:"What to look for: words, or the language of arXiv, 'ti:garnet AND cat:cond-mat.mtrl-sci'."`
	Max    int      `default:"25" help:"At most so many papers (default ${default}). arXiv takes one request in three seconds, and each paper needs two."`
	Source bool     `help:"The TeX source instead of the PDF."`
	fetchFlags
}

// Run fetches papers.
func (c *fetchArXiv) Run(ctx context.Context, e *environment) error {
	if c.Max <= 0 {
		return usagef("--max must be positive")
	}
	client, err := c.client(nil)
	if err != nil {
		return err
	}
	return c.run(ctx, e, client, client.ArXiv(ctx, strings.Join(c.Query, " "), c.Max, c.Source))
}

// fetchDOI is "alkahest fetch doi".
type fetchDOI struct {
	DOIs []string `arg:"" name:"doi" help:"DOIs, such as 10.1039/d0ta00000a."`
	Host []string `sep:"none" placeholder:"HOST" help:"Also fetch open copies from this host, such as www.mdpi.com; may be repeated. Europe PMC and arXiv are asked in any case."`
	fetchFlags
}

// Run fetches works.
func (c *fetchDOI) Run(ctx context.Context, e *environment) error {
	for _, doi := range c.DOIs {
		if _, ok := fetch.CleanDOI(doi); !ok {
			return usagef("%q is no DOI such as 10.1000/182", doi)
		}
	}
	client, err := c.client(func(o *fetch.Options) {
		o.Hosts = c.Host
		o.Keys["openalex"] = os.Getenv("OPENALEX_API_KEY")
	})
	if err != nil {
		return err
	}
	return c.run(ctx, e, client, client.DOI(ctx, c.DOIs))
}

// fetchUSPTO is "alkahest fetch uspto".
type fetchUSPTO struct {
	From         time.Time `format:"2006-01-02" required:"" placeholder:"DAY" help:"First day of publication, such as 2024-01-02."`
	To           time.Time `format:"2006-01-02" placeholder:"DAY" help:"Last day (default: the first)."`
	Applications bool      `help:"Published applications instead of patents."`
	Max          int       `default:"10" help:"At most so many weekly files, of 100 MiB and more (default ${default})."`
	fetchFlags
}

// Run fetches weekly files.
func (c *fetchUSPTO) Run(ctx context.Context, e *environment) error {
	if c.Max <= 0 {
		return usagef("--max must be positive")
	}
	if c.To.IsZero() {
		c.To = c.From
	}
	if c.To.Before(c.From) {
		return usagef("--to %s lies before --from %s", c.To.Format(time.DateOnly), c.From.Format(time.DateOnly))
	}
	product := fetch.Grants
	if c.Applications {
		product = fetch.Applications
	}
	client, err := c.client(func(o *fetch.Options) {
		o.Keys["uspto"] = os.Getenv("USPTO_API_KEY")
	})
	if err != nil {
		return err
	}
	return c.run(ctx, e, client, client.USPTO(ctx, product, c.From, c.To, c.Max))
}

// fetchNotices is "alkahest fetch notices".
type fetchNotices struct {
	connectFlags
}

// Help is shown by "alkahest fetch notices --help".
func (*fetchNotices) Help() string {
	return `Sends the DOIs of the documents in the database to OpenAlex, which so learns which papers you have, and notes which of them were retracted. Their records are then shown as such. Ask again from time to time: papers are retracted years after they were read.`
}

// Run asks for notices and notes them.
func (c *fetchNotices) Run(ctx context.Context, e *environment) (err error) {
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var dois []string
	for d, err := range db.Documents(ctx, knowledge.DocumentFilter{Status: knowledge.Read}) {
		if err != nil {
			return err
		}
		if doi, ok := fetch.CleanDOI(d.Identifiers["doi"]); ok {
			dois = append(dois, doi)
		}
	}
	slices.Sort(dois)
	dois = slices.Compact(dois)
	client, err := c.client(func(o *fetch.Options) { o.Keys["openalex"] = os.Getenv("OPENALEX_API_KEY") })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	var notices []knowledge.StatedNotice
	var retracted []failure
	for item, err := range client.Notices(ctx, dois) {
		if err != nil {
			return err
		}
		doi := item.Identifiers["doi"]
		notices = append(notices, knowledge.StatedNotice{DOI: doi, Notice: item.Notice, Origin: "OpenAlex", At: time.Now()})
		if item.Notice != document.NoNotice {
			retracted = append(retracted, failure{doi, string(item.Notice) + ": " + item.Title})
		}
	}
	changed, err := db.StateNotices(ctx, notices)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "OpenAlex knows %d of %s in the database\n", len(notices), count(len(dois), "DOI"))
	list(e.out, retracted)
	fmt.Fprintf(e.out, "%s judged differently than before\n", count(changed, "work"))
	return nil
}
