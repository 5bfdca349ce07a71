package cli

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the output that the documentation shows")

// elided is a line that stands for output left out.
const elided = "…"

// TestDocumentation runs the commands in the blocks marked "console" of the
// README and of docs, in the order of each file, in an empty folder. What is
// printed must be what the file shows below the command; with -update it is
// put there. A line "…" stands for any lines.
func TestDocumentation(t *testing.T) {
	if testing.Short() {
		t.Skip("runs all commands of the documentation; not with -short")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, filepath.Join(root, "README.md"))
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(name, home)
	}
	t.Setenv("ALKAHEST_DB", "")
	t.Setenv("COLUMNS", "120")
	commands := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			var out []string
			lines := strings.Split(string(data), "\n")
			for i := 0; i < len(lines); i++ {
				out = append(out, lines[i])
				if lines[i] != "```console" {
					continue
				}
				end := slices.Index(lines[i+1:], "```")
				if end < 0 {
					t.Fatalf("%s:%d: the block does not end", file, i+1)
				}
				block := lines[i+1 : i+1+end]
				for len(block) > 0 {
					command, ok := strings.CutPrefix(block[0], "$ ")
					if !ok {
						t.Fatalf("%s:%d: a block begins with a command", file, i+2)
					}
					n := slices.IndexFunc(block[1:], func(l string) bool { return strings.HasPrefix(l, "$ ") })
					if n < 0 {
						n = len(block) - 1
					}
					want := block[1 : 1+n]
					block = block[1+n:]
					got := printed(t, command, home)
					commands++
					out = append(out, "$ "+command)
					if matched(got, want) {
						out = append(out, want...)
						continue
					}
					out = append(out, elide(got, want)...)
					if !*update {
						t.Errorf("%s: $ %s\nprints\n%s\nbut the file shows\n%s", file, command, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
				}
				out = append(out, "```")
				i += end + 1
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.Join(out, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if commands == 0 {
		t.Error("the documentation shows no command")
	}
}

// took matches what differs from one run to the next.
var took = regexp.MustCompile(` in [0-9.]+(µs|ms|s)\b`)

// printed returns the lines that a command prints.
func printed(t *testing.T, command, home string) []string {
	t.Helper()
	words := shellWords(t, command)
	switch {
	case words[0] == "alkahest":
		words = words[1:]
	case strings.HasPrefix(command, "go run ./cmd/alkahest "):
		words = words[3:]
	default:
		t.Fatalf("%q is none of our commands; mark its block with another word", command)
	}
	var out bytes.Buffer
	status := run(context.Background(), words, strings.NewReader(""), &out, &out)
	if status != statusOK && status != statusSomeFailed {
		t.Errorf("%s: exit status %d\n%s", command, status, out.String())
	}
	s := strings.ReplaceAll(out.String(), home, "~/.cache")
	s = took.ReplaceAllString(s, "")
	if s = strings.TrimRight(s, "\n"); s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// shellWords divides a command at spaces, but not between single quotes.
func shellWords(t *testing.T, command string) []string {
	t.Helper()
	var words []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	if strings.Count(command, "'")%2 == 1 || len(words) == 0 {
		t.Fatalf("cannot divide %q into words", command)
	}
	return words
}

// matched reports whether got is what is shown.
func matched(got, shown []string) bool {
	before, after, ok := ends(shown)
	if !ok {
		return slices.Equal(got, shown)
	}
	return len(got) >= len(before)+len(after) && slices.Equal(got[:len(before)], before) && slices.Equal(got[len(got)-len(after):], after)
}

// elide leaves as many lines of got out as shown does.
func elide(got, shown []string) []string {
	before, after, ok := ends(shown)
	if !ok || len(got) <= len(before)+len(after) {
		return got
	}
	return slices.Concat(got[:len(before)], []string{elided}, got[len(got)-len(after):])
}

// ends returns the lines of shown before and after its only elided line.
func ends(shown []string) (before, after []string, ok bool) {
	i := slices.Index(shown, elided)
	if i < 0 {
		return nil, nil, false
	}
	return shown[:i], shown[i+1:], true
}

func TestMatched(t *testing.T) {
	for _, test := range []struct {
		got, shown string
		want       bool
	}{
		{"a b c", "a b c", true}, {"a b c", "a b", false}, {"a b c", "a … c", true}, {"a b c", "… c", true}, {"a b c", "a …", true},
		{"a b c", "b … c", false}, {"a", "a … a", false}, {"a b", "a … b", true},
	} {
		if matched(strings.Fields(test.got), strings.Fields(test.shown)) != test.want {
			t.Errorf("%q shown as %q: want %v", test.got, test.shown, test.want)
		}
	}
	if got := fmt.Sprint(elide(strings.Fields("a b c d e"), strings.Fields("x … y z"))); got != "[a … d e]" {
		t.Errorf("elide gives %s", got)
	}
}
