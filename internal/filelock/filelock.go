// Package filelock lets one process at a time work where several could. The lock
// is one of the operating system on an open file, so that it is gone when the
// process is, however that ended; that the file is there says nothing.
package filelock

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
)

// Take takes the lock on f, which is open for reading and writing, and writes the
// number of the process into it. Closing f gives the lock back. It reports false
// where somebody else has the lock, and the number of that process if it is known;
// also this process may have it, by another opening of the same file.
func Take(f *os.File) (ok bool, owner string, err error) {
	ok, err = lock(f)
	if err != nil {
		return false, "", err
	}
	if !ok {
		number, _ := io.ReadAll(io.NewSectionReader(f, 0, 20)) // only to name it
		return false, strings.TrimSpace(string(number)), nil
	}
	_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return true, "", errors.Join(f.Truncate(int64(len(strconv.Itoa(os.Getpid()))+1)), err)
}
