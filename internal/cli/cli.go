// Package cli is the command line of Alkahest: one file for each verb, and the
// tables, excerpts and bars by which verbs show what they have.
//
// The exit status of every verb is 0 when it did what was asked, 1 when it
// could not, 2 when it was asked wrongly, and 3 when some files could not be
// read and all others were.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/field/declared"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/sqlite"
)

// The exit statuses.
const (
	statusOK = iota
	statusFailed
	statusUsage
	statusSomeFailed
)

// defaultDB is the folder of the database where none is named.
const defaultDB = "alkahest.db"

// grammar is the command line as kong reads it.
type grammar struct {
	DB        string   `name:"db" env:"ALKAHEST_DB" default:"${defaultDB}" placeholder:"DIR" help:"Folder of the database (default ${default})."`
	FieldDirs []string `name:"fields" sep:"none" placeholder:"DIR" help:"Folder with declarations of more fields; may be repeated."`

	Weights string `env:"ALKAHEST_WEIGHTS" placeholder:"DIR" help:"Folder with weights that alkahest train made, in place of the built-in ones."`

	Demo      demoCommand      `cmd:"" help:"Read the bundled samples, show the table, say what to try next."`
	Fetch     fetchCommand     `cmd:"" help:"Fetch papers and patents from public services into a folder."`
	Read      readCommand      `cmd:"" help:"Read files, folders and archives into the database."`
	Query     queryCommand     `cmd:"" help:"Ask the database for records."`
	Show      showCommand      `cmd:"" help:"Show one record in the words it was read from."`
	Extract   extractCommand   `cmd:"" help:"Write the records of files to standard output, without a database."`
	Sheet     sheetCommand     `cmd:"" help:"Say what the columns of a lab sheet are."`
	Export    exportCommand    `cmd:"" help:"Write all records of the database as CSV, JSON lines or Parquet."`
	Fields    fieldsCommand    `cmd:"" help:"List the properties that are known, with their units and words."`
	Documents documentsCommand `cmd:"" help:"List what was read, what failed and why."`
	Molecule  moleculeCommand  `cmd:"" help:"Check molecules and compute their properties and alerts."`
	Name      nameCommand      `cmd:"" help:"Give the structures of names of molecules and polymers."`
	Depict    depictCommand    `cmd:"" help:"Draw a molecule as SVG."`
	Learn     learnCommand     `cmd:"" help:"Train a predictor of a property, and say how far it can be trusted."`
	Predict   predictCommand   `cmd:"" help:"Predict a property of compositions or molecules, with an interval."`
	Propose   proposeCommand   `cmd:"" help:"Say which experiments of a campaign to make next, and why."`
	Tell      tellCommand      `cmd:"" help:"Take the results of experiments of a campaign."`
	Screen    screenCommand    `cmd:"" help:"Rank millions of candidates of a campaign."`
	Report    reportCommand    `cmd:"" help:"Write a report of a campaign with plots, as one HTML file."`
	Campaign  campaignCommand  `cmd:"" help:"Check a campaign file; measure campaigns on public sets."`
	CycleLife cycleLifeCommand `cmd:"" name:"cycle-life" help:"Predict how long battery cells will last from their first hundred cycles."`
	Gold      goldCommand      `cmd:"" help:"Make a sheet from your own papers to measure how well they are read."`
	Eval      evalCommand      `cmd:"" help:"Score the extractor on an annotated corpus, or on a sheet of your own papers."`
	Benchmark benchmarkCommand `cmd:"" help:"Measure predictors on a public set."`
	Train     trainCommand     `cmd:"" help:"Train the parts of the reader that are learned."`
	Version   versionCommand   `cmd:"" help:"Show the version."`
}

// description stands at the head of the help.
const description = `Alkahest reads scientific papers and builds a database of the properties of materials that they state, each value with the words it was read from.

Begin with "alkahest demo", then "alkahest read PATH".`

// environment is what a verb works with: the streams, and what the flags that
// all verbs share say.
type environment struct {
	in          io.Reader
	out, errOut io.Writer
	program     string // what the user types to start this program
	db          string // folder of the database
	dbGiven     bool   // by a flag or in the environment
	fieldDirs   []string
	weights     string // folder; empty for the built-in ones
}

// errSomeFailed reports that some files could not be read; which and why has
// been printed.
var errSomeFailed = errors.New("some files could not be read")

// usageError is a mistake in what the user asked for.
type usageError struct {
	err  error
	hint string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// Main runs the command line args, without the name of the program, and
// returns the exit status. An interrupt ends it after what is being stored has
// been stored.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	return run(ctx, args, in, out, errOut)
}

func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	e := &environment{in: in, out: out, errOut: errOut, program: programName()}
	var g grammar
	// Kong ends the process after --help; here it unwinds to this function.
	type exit int
	parse := func() (kctx *kong.Context, status int, err error) {
		defer func() {
			if r := recover(); r != nil {
				code, ok := r.(exit)
				if !ok {
					panic(r)
				}
				kctx, status, err = nil, int(code), nil
			}
		}()
		parser, err := kong.New(&g,
			kong.Name("alkahest"),
			kong.Vars{"defaultDB": defaultDB, "maxSize": "512"},
			kong.Description(description),
			kong.Writers(out, errOut),
			kong.Exit(func(code int) { panic(exit(code)) }),
			kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
			kong.BindTo(ctx, (*context.Context)(nil)),
			kong.Bind(e),
		)
		if err != nil {
			return nil, statusFailed, err
		}
		if len(args) == 0 {
			args = []string{"--help"}
		}
		kctx, err = parser.Parse(args)
		if err != nil {
			return nil, statusUsage, &usageError{err: err, hint: helpHint(err)}
		}
		return kctx, statusOK, nil
	}
	kctx, status, err := parse()
	if err == nil && kctx == nil {
		return status
	}
	if err == nil {
		e.db, e.fieldDirs, e.weights = cmp.Or(g.DB, defaultDB), g.FieldDirs, g.Weights // an empty variable says nothing
		e.dbGiven = os.Getenv("ALKAHEST_DB") != ""
		for _, p := range kctx.Path {
			e.dbGiven = e.dbGiven || p.Flag != nil && p.Flag.Name == "db"
		}
		err = kctx.Run()
	}
	return e.report(ctx, err)
}

// helpHint says which help explains the mistake err.
func helpHint(err error) string {
	verb := ""
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			verb = " " + node.Name
		}
	}
	return "alkahest" + verb + " --help explains it"
}

// report prints err and returns the exit status that it stands for.
func (e *environment) report(ctx context.Context, err error) int {
	var usage *usageError
	var syntax *knowledge.SyntaxError
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, errSomeFailed):
		return statusSomeFailed
	case ctx.Err() != nil:
		fmt.Fprintln(e.errOut, "alkahest: interrupted")
		return statusFailed
	case errors.As(err, &syntax):
		fmt.Fprintf(e.errOut, "alkahest: %v\n  %s\n  %s^\n", err, visible(syntax.Query), strings.Repeat(" ", widthOfFirst(syntax.Query, syntax.Column-1)))
		return statusUsage
	case errors.As(err, &usage):
		fmt.Fprintf(e.errOut, "alkahest: %v\n", err)
		if usage.hint != "" {
			fmt.Fprintln(e.errOut, usage.hint)
		}
		return statusUsage
	}
	fmt.Fprintf(e.errOut, "alkahest: %v\n", err)
	return statusFailed
}

// programName returns what to type to start this program again.
func programName() string {
	path, err := os.Executable()
	if err == nil && strings.Contains(filepath.ToSlash(path), "/go-build") && filepath.Base(filepath.Dir(path)) == "exe" {
		return "go run ./cmd/alkahest" // started by "go run", which builds into go-build*/…/exe
	}
	return "alkahest"
}

// suggest returns a command line that the user may type next, with the database
// named where it is not the usual one.
func (e *environment) suggest(verb string, args ...string) string {
	words := []string{e.program}
	words = append(words, verb)
	for _, a := range args {
		words = append(words, shellQuoted(a))
	}
	if os.Getenv("ALKAHEST_DB") != e.db && e.db != defaultDB {
		words = append(words, "--db", shellQuoted(e.db))
	}
	for _, dir := range e.fieldDirs {
		words = append(words, "--fields", shellQuoted(dir))
	}
	return strings.Join(words, " ")
}

// shellQuoted returns s as one word of a POSIX shell.
func shellQuoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 0x7F || strings.ContainsRune("-_./:=,+@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// fields returns the fields that come with the program and those of the user.
func (e *environment) fields() (*field.Set, error) {
	set, err := declared.Load(e.fieldDirs...)
	if err != nil {
		return nil, fmt.Errorf("fields: %w", err)
	}
	return set, nil
}

// store opens the database, making it only if create is set.
func (e *environment) store(ctx context.Context, create bool) (*sqlite.DB, error) {
	if !create {
		if _, err := os.Stat(filepath.Join(e.db, sqlite.FileName)); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return nil, fmt.Errorf("there is no database in %s yet; make one with\n  %s", e.db, e.suggest("read", "PATH"))
			}
			return nil, err
		}
	}
	return sqlite.Open(ctx, e.db)
}
