package cli_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/alkahest/alkahest/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"alkahest": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// home returns the environment in which programs keep their caches below dir.
func home(dir string) []string {
	return []string{"HOME=" + dir, "XDG_CACHE_HOME=" + filepath.Join(dir, "cache"), "LocalAppData=" + filepath.Join(dir, "cache"), "ALKAHEST_DB="}
}

// TestScript runs the stories in testdata/script, each in a folder of its own.
// They are about what a user types and sees; see package testscript for the
// language. Beside its commands there are:
//
//	zipbomb FILE        a small ZIP file that unpacks to 64 MiB
//	binary FILE         the beginning of a PNG image
//	tgz FILE PATH...    a .tar.gz archive of files
//	cut FILE N          cuts the file after N bytes
//	status N CMD...     runs a program that must end with this exit status
//	services DIR        starts a server at $SERVICES of the files in DIR
//	model FILE          starts a language model at $MODEL that always answers FILE
func TestScript(t *testing.T) {
	shared := t.TempDir() // so that PDF is set up once
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, home(shared)...)
			return nil
		},
		Condition: func(condition string) (bool, error) {
			if condition == "permissions" { // that the system checks them
				return os.Getuid() > 0 && runtime.GOOS != "windows", nil
			}
			return false, errors.New("unknown condition " + condition)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"services": func(ts *testscript.TestScript, _ bool, args []string) {
				server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
				ts.Defer(server.Close)
				ts.Setenv("SERVICES", server.URL)
			},
			"zipbomb": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), zipBomb(), 0o666))
			},
			"binary": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), 0o666))
			},
			"tgz": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), tarball(ts, args[1:]), 0o666))
			},
			"cut": func(ts *testscript.TestScript, _ bool, args []string) {
				n, err := strconv.ParseInt(args[1], 10, 64)
				ts.Check(err)
				ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
			},
			"model": func(ts *testscript.TestScript, _ bool, args []string) {
				body, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": ts.ReadFile(args[0])}}}})
				ts.Check(err)
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }))
				ts.Defer(server.Close)
				ts.Setenv("MODEL", server.URL+"/v1")
			},
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				got := 0
				if err := ts.Exec(args[1], args[2:]...); err != nil {
					var exit interface{ ExitCode() int }
					if !errors.As(err, &exit) {
						ts.Fatalf("%v", err)
					}
					got = exit.ExitCode()
				}
				if got != want {
					ts.Fatalf("exit status %d, want %d", got, want)
				}
			},
		},
	})
}

// zipBomb returns a ZIP file with one document of 64 MiB of blanks.
func zipBomb() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("paper.txt")
	if err != nil {
		panic(err)
	}
	blank := bytes.Repeat([]byte(" x"), 1<<19)
	for range 64 {
		if _, err := w.Write(blank); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tarball returns a .tar.gz archive of files.
func tarball(ts *testscript.TestScript, files []string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range files {
		data := ts.ReadFile(name)
		ts.Check(w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), ModTime: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Typeflag: tar.TypeReg}))
		_, err := io.WriteString(w, data)
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(z.Close())
	return b.Bytes()
}
