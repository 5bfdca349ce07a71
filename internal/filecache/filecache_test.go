package filecache

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFolder(t *testing.T) {
	f := Open(filepath.Join(t.TempDir(), "kept"), 1<<20)
	k := KeyOf([]byte("a"), []byte("bc"))
	if k == KeyOf([]byte("ab"), []byte("c")) {
		t.Error("parts run into each other")
	}
	if data, ok, err := f.Get(k); data != nil || ok || err != nil {
		t.Errorf("before: %q, %v, %v", data, ok, err)
	}
	for _, want := range []string{"answer", "", strings.Repeat("long ", 10_000)} {
		if err := f.Put(k, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if data, ok, err := Open(f.dir, 1<<20).Get(k); string(data) != want || !ok || err != nil {
			t.Errorf("%.20q, %v, %v, want %.20q", data, ok, err, want)
		}
	}
	if err := f.Put(k, make([]byte, MaxEntry+1)); err == nil {
		t.Error("an entry of any size is kept")
	}
	var none *Folder
	if err := none.Put(k, []byte("answer")); err != nil {
		t.Error(err)
	}
	if _, ok, err := none.Get(k); ok || err != nil {
		t.Errorf("without a folder: %v, %v", ok, err)
	}
}

// Whatever happens to a file, what was not kept is not returned.
func TestDamage(t *testing.T) {
	f := Open(t.TempDir(), 1<<20)
	k, other := KeyOf([]byte("k")), KeyOf([]byte("other"))
	if err := f.Put(k, []byte("an answer")); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(f.path(k))
	if err != nil {
		t.Fatal(err)
	}
	damaged := [][]byte{nil, good[:10], good[:len(good)-1], append(bytes.Clone(good[:32]), good[33:]...)}
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 0x10
		damaged = append(damaged, b)
	}
	for i, b := range damaged {
		if err := os.WriteFile(f.path(k), b, 0o600); err != nil {
			t.Fatal(err)
		}
		data, ok, err := f.Get(k)
		if ok && string(data) == "an answer" {
			continue // the name of a gzip file and the like say nothing
		}
		if ok || !errors.Is(err, ErrDamaged) {
			t.Errorf("damage %d: %q, %v, %v", i, data, ok, err)
		}
		if _, err := os.Stat(f.path(k)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("damage %d: the file stays: %v", i, err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(f.path(other)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.path(other), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Get(other); ok || !errors.Is(err, ErrDamaged) {
		t.Errorf("the answer to another question: %v, %v", ok, err)
	}
}

// The oldest entries go, those that were asked for stay.
func TestRoom(t *testing.T) {
	f := Open(t.TempDir(), 4096)
	key := func(i int) Key { return KeyOf([]byte{byte(i)}) }
	noise := func(i int) []byte { // 32 bytes that gzip cannot shorten
		k := KeyOf([]byte("noise"), []byte{byte(i)})
		return k[:]
	}
	begin := time.Now().Add(-time.Hour)
	for i := range 200 {
		if err := f.Put(key(i), noise(i)); err != nil {
			t.Fatal(err)
		}
		at := begin.Add(time.Duration(i) * time.Second)
		if err := os.Chtimes(f.path(key(i)), at, at); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := f.Get(key(0)); !ok || err != nil {
			t.Fatalf("entry 0, which is always asked for, is gone after %d: %v", i, err)
		}
	}
	total, files := int64(0), 0
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files++
		total += info.Size()
		return nil
	})
	if err != nil || total > 4096 || files < 20 {
		t.Errorf("%d files with %d bytes are left: %v", files, total, err)
	}
	if _, ok, _ := f.Get(key(1)); ok {
		t.Error("the oldest entry is still there")
	}
	if data, ok, err := f.Get(key(199)); !ok || !bytes.Equal(data, noise(199)) {
		t.Errorf("the newest entry: %v, %v", ok, err)
	}
}

func TestOtherFilesStay(t *testing.T) {
	dir := t.TempDir()
	others := []string{"thesis.docx", filepath.Join("ab", "data.csv"), filepath.Join("new", "new-1"), strings.Repeat("ab", 32)}
	for _, name := range others {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, 4096), 0o600); err != nil {
			t.Fatal(err)
		}
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	f := Open(dir, 100)
	for _, part := range []string{"one", "two", "three", "four"} {
		if err := f.Put(KeyOf([]byte(part)), []byte(strings.Repeat(part, 20))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("a file that is not of the cache was taken away: %v", err)
		}
	}
}
