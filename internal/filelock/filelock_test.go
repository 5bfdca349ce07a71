package filelock

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// holds names the variable that has a process started by a test hold the lock on
// a file until it is killed.
const holds = "FILELOCK_TEST_HOLDS"

func open(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // some were closed before
	return f
}

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if err := os.WriteFile(path, []byte("a number that is longer than those of processes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	first, second := open(t, path), open(t, path)
	if ok, _, err := Take(first); !ok || err != nil {
		t.Fatalf("the first: %v, %v", ok, err)
	}
	if ok, owner, err := Take(second); ok || err != nil || owner != strconv.Itoa(os.Getpid()) {
		t.Errorf("the second: %v, owner %q, %v", ok, owner, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if ok, _, err := Take(second); !ok || err != nil {
		t.Errorf("after the first: %v, %v", ok, err)
	}
}

// TestHold is the process that TestKilled starts.
func TestHold(t *testing.T) {
	path := os.Getenv(holds)
	if path == "" {
		t.Skip("only as a process that another test starts")
	}
	ok, _, err := Take(open(t, path))
	fmt.Println("\nholds", ok, err)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // for ever, as nothing is written there
}

// The lock of a process that was killed is free.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	cmd := exec.Command(os.Args[0], "-test.run=^TestHold$", "-test.v")
	cmd.Env = append(os.Environ(), holds+"="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "holds true <nil>" {
	}
	mine := open(t, path)
	if ok, owner, err := Take(mine); ok || err != nil || owner != strconv.Itoa(cmd.Process.Pid) {
		t.Errorf("while it holds the lock: %v, owner %q, %v", ok, owner, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	if ok, _, err := Take(mine); !ok || err != nil {
		t.Errorf("after it was killed: %v, %v", ok, err)
	}
}
