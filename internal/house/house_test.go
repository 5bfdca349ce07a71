package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/alkahest/alkahest"

// layer says what the packages that match Packages may import beside the
// standard library.
type layer struct {
	packages string   // path below the module; a trailing /... stands for the packages below it
	inside   []string // packages of the module, in the same notation
	outside  []string // modules and packages of others, each with all below it
}

// layers is the plan of the house, lowest first: every entry may only name
// packages of the entries above it, and packages that itself describes. The
// most specific entry that matches a package counts.
//
// DO NOT CHANGE THIS TABLE TO FIX A BUILD. Move the code to where the imports
// are allowed, or pass what is needed as an argument.
var layers = []layer{
	// The domain: the standard library and each other, downward.
	{packages: "quantity"},
	{packages: "chem"},
	{packages: "chem/...", inside: []string{"chem", "chem/...", "quantity"}},
	{packages: "document"},
	{packages: "record", inside: []string{"document", "quantity", "chem/..."}},
	{packages: "field", inside: []string{"quantity"}},

	// Files that people write by hand, for all who read such files; and folders of
	// what took long to find out, or that one process at a time may work in.
	{packages: "internal/strictyaml", outside: []string{"go.yaml.in/yaml/v3"}},
	{packages: "internal/filecache"},
	{packages: "internal/filelock", outside: []string{"golang.org/x/sys"}},

	// Readers of files. Each may bring the parser of its format.
	{packages: "document/...", inside: []string{"document", "document/..."}, outside: []string{
		"golang.org/x/net/html", "golang.org/x/text", "golang.org/x/sys",
	}},
	{packages: "document/patent", inside: []string{"chem", "document", "document/..."}},
	{packages: "document/ocr", inside: []string{"chem", "document", "document/...", "internal/filecache"}},
	{packages: "document/pdf", inside: []string{"document", "document/..."}, outside: []string{
		"github.com/klippa-app/go-pdfium", "github.com/tetratelabs/wazero", "golang.org/x/text",
	}},
	{packages: "field/declared", inside: []string{"field", "internal/strictyaml", "quantity"}, outside: []string{"go.yaml.in/yaml/v3"}},

	// What is done with them.
	{packages: "extract/tagger", inside: []string{"chem/...", "quantity"}},
	{packages: "extract/chooser"},
	{packages: "extract/linker", inside: []string{"extract/tagger"}},
	{packages: "extract", inside: []string{"chem", "chem/...", "document", "extract/linker", "extract/tagger", "field", "quantity", "record"}},
	{packages: "languagemodel", inside: []string{"document", "extract", "field", "internal/filecache", "record"}},
	{packages: "labsheet", inside: []string{"chem", "chem/...", "document", "field", "internal/strictyaml", "quantity", "record"}, outside: []string{"go.yaml.in/yaml/v3"}},
	{packages: "evaluate", inside: []string{
		"chem", "chem/...", "document", "document/...", "extract", "extract/chooser", "extract/linker", "extract/tagger", "field", "quantity", "record",
	}, outside: []string{"golang.org/x/tools/txtar"}},
	{packages: "evaluate/gold", inside: []string{"chem", "chem/...", "document", "evaluate", "extract", "field", "quantity", "record"}},
	{packages: "knowledge/export", inside: []string{"document", "record"}, outside: []string{"github.com/parquet-go/parquet-go"}},
	{packages: "knowledge/works", inside: []string{"document"}, outside: []string{"golang.org/x/text"}},
	{packages: "knowledge", inside: []string{"chem", "chem/...", "document", "field", "quantity", "record"}},
	{packages: "knowledge/storetest", inside: []string{"chem", "document", "field", "field/declared", "knowledge", "quantity", "record"}},
	{packages: "knowledge/sqlite", inside: []string{"chem", "document", "field", "internal/filelock", "knowledge", "knowledge/works", "quantity", "record"}, outside: []string{
		"github.com/pressly/goose/v3", "github.com/riverqueue/river", "modernc.org/sqlite",
	}},

	// What learns from them.
	{packages: "learn/internal/wire"},
	{packages: "learn/composition", inside: []string{"chem", "chem/..."}},
	{packages: "learn/molecular", inside: []string{"chem", "chem/..."}},
	{packages: "learn/tree", inside: []string{"learn/internal/wire"}},
	{packages: "learn/linear", inside: []string{"learn/internal/wire"}, outside: []string{"gonum.org/v1/gonum"}},
	{packages: "learn/gaussian", outside: []string{"gonum.org/v1/gonum"}},
	{packages: "learn", inside: []string{
		"chem", "chem/...", "learn/composition", "learn/gaussian", "learn/internal/wire", "learn/linear", "learn/molecular", "learn/tree",
	}},
	{packages: "learn/cyclelife", outside: []string{"gonum.org/v1/gonum"}},
	{packages: "learn/cyclelife/cycler", inside: []string{"learn/cyclelife", "quantity"}},
	{packages: "learn/benchmark", inside: []string{"chem/...", "learn"}},

	// What is made next.
	{packages: "discover/acquisition"},
	{packages: "discover/supply", inside: []string{"chem"}},
	{packages: "discover/surrogate", inside: []string{"discover/acquisition", "learn/gaussian"}},
	{packages: "discover/policy", inside: []string{"discover/acquisition", "discover/surrogate"}},
	{packages: "discover/space", inside: []string{"chem", "chem/...", "discover/surrogate", "learn/composition"}},
	{packages: "discover/benchmark", inside: []string{"discover/policy", "discover/surrogate", "learn/cyclelife", "learn/gaussian"}},
	{packages: "discover", inside: []string{
		"discover/acquisition", "discover/policy", "discover/space", "discover/surrogate", "internal/strictyaml", "record",
	}},
	{packages: "fetch", inside: []string{"document", "internal/filelock"}},
	{packages: "discover/example"},
	{packages: "discover/report", inside: []string{"discover", "discover/space"}},

	// What the user meets.
	{packages: "samples"},
	{packages: "samples/internal/makepdf"},
	{packages: "internal/house"},
	{packages: "internal/cli", inside: []string{
		"chem", "chem/...", "discover", "discover/benchmark", "discover/example", "discover/policy", "discover/report", "discover/space", "discover/supply", "document", "document/...", "evaluate", "evaluate/gold", "extract", "fetch", "field", "field/declared", "internal/filecache", "knowledge", "knowledge/export", "knowledge/sqlite", "labsheet", "languagemodel", "learn", "learn/benchmark", "learn/cyclelife", "learn/cyclelife/cycler", "quantity", "record", "samples",
	}, outside: []string{
		"github.com/alecthomas/kong", "github.com/rivo/uniseg", "github.com/schollz/progressbar/v3", "golang.org/x/term",
	}},
	{packages: "cmd/alkahest", inside: []string{"internal/cli"}},
}

// saysNothing lists package names that do not say what the package provides.
// See https://go.dev/blog/package-names.
var saysNothing = []string{"api", "base", "common", "helper", "helpers", "lib", "misc", "models", "shared", "types", "util", "utils"}

// mayTalk lists the packages that may print, and end the process.
var mayTalk = []string{"cmd/...", "document/pdf/internal/typeset", "internal/cli", "samples/internal/makepdf"}

// registers lists packages that are imported for their effect: a driver, because
// that is how database/sql learns of it, and the two that document/pdf needs to
// reach the WebAssembly module that go-pdfium embeds but does not export.
var registers = []string{"modernc.org/sqlite", "unsafe", "github.com/klippa-app/go-pdfium/webassembly"}

// source is one Go file of the module.
type source struct {
	pkg  string // path below the module
	name string // path of the file
	test bool
	file *ast.File
}

func TestImports(t *testing.T) {
	_, files := parseModule(t)
	for _, f := range files {
		if f.test {
			continue
		}
		l := find(f.pkg)
		if l == nil {
			t.Errorf("%s: package %q stands nowhere in the table of layers; give it a place", f.name, f.pkg)
			continue
		}
		for _, spec := range f.file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := l.refuses(f.pkg, imported); why != "" {
				t.Errorf("%s imports %q: %s", f.name, imported, why)
			}
			if spec.Name != nil && spec.Name.Name == "_" && imported != "embed" && !slices.Contains(registers, imported) {
				t.Errorf("%s imports %q for its effect <- list what is registered in one readable file instead", f.name, imported)
			}
			if spec.Name != nil && spec.Name.Name == "." {
				t.Errorf("%s imports %q with a dot <- name the package", f.name, imported)
			}
		}
	}
}

// TestLayers checks that the table itself points down only.
func TestLayers(t *testing.T) {
	for i, l := range layers {
		for _, in := range l.inside {
			ok := in == l.packages
			for _, below := range layers[:i] {
				ok = ok || below.packages == in
			}
			if !ok {
				t.Errorf("layer %s may import %s, which does not stand below it", l.packages, in)
			}
		}
	}
}

func TestNames(t *testing.T) {
	_, files := parseModule(t)
	for _, f := range files {
		name := strings.TrimSuffix(f.file.Name.Name, "_test")
		if slices.Contains(saysNothing, name) || slices.Contains(saysNothing, path.Base(f.pkg)) {
			t.Errorf("%s: the name of package %q does not say what it provides", f.name, f.pkg)
		}
	}
}

func TestManners(t *testing.T) {
	fset, files := parseModule(t)
	for _, f := range files {
		if f.test {
			continue
		}
		talks := slices.ContainsFunc(mayTalk, func(p string) bool { return matches(p, f.pkg) })
		imported := map[string]string{} // name in the file → path
		for _, spec := range f.file.Imports {
			p, _ := strconv.Unquote(spec.Path.Value)
			name := path.Base(strings.TrimSuffix(p, "/v2"))
			if spec.Name != nil {
				name = spec.Name.Name
			}
			imported[name] = p
		}
		for _, decl := range f.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: func init <- make a value, and list it where it is used", fset.Position(fn.Pos()))
			}
		}
		if talks {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			if cure := forbidden(imported[x.Name], sel.Sel.Name); cure != "" {
				t.Errorf("%s: %s.%s <- %s", fset.Position(sel.Pos()), x.Name, sel.Sel.Name, cure)
			}
			return true
		})
	}
}

// forbidden returns what to do instead of using the named thing of package
// imported in a library, or nothing when that is fine.
func forbidden(imported, name string) string {
	switch imported {
	case "os":
		switch name {
		case "Exit":
			return "return an error"
		case "Stdin", "Stdout", "Stderr":
			return "take an io.Reader or io.Writer"
		}
	case "fmt":
		switch name {
		case "Print", "Printf", "Println":
			return "take an io.Writer"
		}
	case "log":
		return "return an error, or take a *slog.Logger"
	case "log/slog":
		switch name {
		case "Default", "SetDefault", "Debug", "Info", "Warn", "Error", "Log", "LogAttrs":
			return "take a *slog.Logger"
		}
	case "math/rand", "math/rand/v2":
		switch name {
		case "New", "NewSource", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf":
		default:
			return "take a *rand.Rand"
		}
	}
	return ""
}

// TestRules checks the rules against made-up code, so that a rule that has
// stopped working is noticed.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		pkg, imported string
		ok            bool
	}{
		{"quantity", "strings", true},
		{"quantity", module + "/document", false},
		{"quantity", "golang.org/x/text/width", false},
		{"document", module + "/record", false},
		{"document/jats", module + "/document", true},
		{"document/jats", module + "/document/blocks", true},
		{"document/jats", module + "/record", false},
		{"document/pdf", "github.com/klippa-app/go-pdfium/webassembly", true},
		{"document/html", "github.com/klippa-app/go-pdfium/webassembly", false},
		{"document/html", "golang.org/x/net/html", true},
		{"document/html", "golang.org/x/net/htmlx", false},
		{"extract", module + "/knowledge", false},
		{"extract", module + "/document/pdf", false},
		{"knowledge", module + "/knowledge/sqlite", false},
		{"knowledge/sqlite", module + "/knowledge", true},
		{"cmd/alkahest", module + "/knowledge", false},
		{"cmd/alkahest", module + "/internal/cli", true},
	} {
		l := find(test.pkg)
		if l == nil {
			t.Errorf("no layer for %s", test.pkg)
			continue
		}
		if why := l.refuses(test.pkg, test.imported); (why == "") != test.ok {
			t.Errorf("%s importing %s: refused with %q, want ok = %v", test.pkg, test.imported, why, test.ok)
		}
	}
	if find("knowledge/elsewhere") != nil {
		t.Error("a package that is not in the table has a layer")
	}
	for _, test := range []struct {
		imported, name string
		ok             bool
	}{
		{"os", "Exit", false}, {"os", "Open", true}, {"fmt", "Println", false}, {"fmt", "Sprintf", true},
		{"log", "Printf", false}, {"math/rand/v2", "IntN", false}, {"math/rand/v2", "New", true},
	} {
		if cure := forbidden(test.imported, test.name); (cure == "") != test.ok {
			t.Errorf("%s.%s: %q, want ok = %v", test.imported, test.name, cure, test.ok)
		}
	}
}

// find returns the most specific layer that describes pkg.
func find(pkg string) *layer {
	var best *layer
	for i := range layers {
		l := &layers[i]
		if l.packages == pkg {
			return l
		}
		if matches(l.packages, pkg) && (best == nil || len(l.packages) > len(best.packages)) {
			best = l
		}
	}
	return best
}

// refuses says why pkg may not import imported, or nothing when it may.
func (l *layer) refuses(pkg, imported string) string {
	if imported == module {
		return "there is nothing in the root"
	}
	if rest, ok := strings.CutPrefix(imported, module+"/"); ok {
		if !slices.ContainsFunc(l.inside, func(p string) bool { return matches(p, rest) }) {
			return fmt.Sprintf("package %s may import of this module only %v", pkg, l.inside)
		}
		return ""
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		if imported == "C" {
			return "the program builds without cgo"
		}
		return "" // the standard library
	}
	if !slices.ContainsFunc(l.outside, func(p string) bool { return imported == p || strings.HasPrefix(imported, p+"/") }) {
		return fmt.Sprintf("package %s may import of others only %v", pkg, l.outside)
	}
	return ""
}

// matches reports whether pattern, a path or a path with /... for all below
// it, matches pkg.
func matches(pattern, pkg string) bool {
	if above, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(pkg, above+"/")
	}
	return pattern == pkg
}

// parseModule parses all Go files of the module.
func parseModule(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || !strings.HasPrefix(string(data), "module "+module+"\n") {
		t.Fatalf("%s is not the root of module %s: %v", root, module, err)
	}
	fset := token.NewFileSet()
	var files []source
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != root && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		files = append(files, source{pkg: filepath.ToSlash(dir), name: name, test: strings.HasSuffix(base, "_test.go"), file: file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fset, files
}
