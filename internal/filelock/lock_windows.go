package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock takes the lock on f or reports false when another process has it.
// The system releases it when the process ends, however it ends.
func lock(f *os.File) (bool, error) {
	// A byte far behind the end, so that the process number can still be read.
	overlapped := windows.Overlapped{Offset: 1 << 30}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &overlapped)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
