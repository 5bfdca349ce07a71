package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/alkahest/alkahest/field"
)

// versionCommand is "alkahest version".
type versionCommand struct{}

// Run prints the version and what the program was built with.
func (*versionCommand) Run(e *environment) error {
	_, err := fmt.Fprintf(e.out, "alkahest %s, %s, %s/%s\n", programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// programVersion returns the version that the go command stamped into the
// program, or "devel" when it did not.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// readerVersion names what decides which records a document gives: the program,
// the fields, and the weights that the user named. Documents that another version has read are read again.
func (e *environment) readerVersion(fields *field.Set) string {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	for f := range fields.Fields() {
		if err := encoder.Encode(f); err != nil { // an infinite bound
			fmt.Fprintf(h, "%+v", f)
		}
	}
	for _, name := range []string{subjectsName, judgeName} {
		if data, err := os.ReadFile(filepath.Join(e.weights, name)); e.weights != "" && err == nil {
			h.Write(data)
		}
	}
	return programVersion() + " fields " + hex.EncodeToString(h.Sum(nil)[:4])
}
