// Package declared reads fields of expertise from the YAML files that declare
// them, and holds the files of the fields that come with the program.
//
// The format is described for its writers in docs/fields.md. A declaration is
// a mapping:
//
//	field: battery
//	title: Batteries and electrolytes
//	version: 1
//	properties:
//	  specific-capacity:
//	    description: Charge delivered per mass of active material.
//	    unit: mAh/g
//	    range: [0.1, 6000]
//	    names: [specific capacity, discharge capacity]
//	    korean: [비용량, 방전 용량]
//	    symbols: [Qsp]
//	    weak:
//	      names: [capacity]
//
// Every error of a file is reported, each with file, line and column.
package declared

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/internal/strictyaml"
)

// Limits beside those of package strictyaml; more is reported as an error.
const (
	MaxFiles      = 1000 // of a folder
	MaxProperties = 2000 // of a field
)

//go:embed fields/*.yaml
var files embed.FS

// builtin names the files of the fields that come with the program. Their
// order is the order of the fields in a set: where two fields share a word,
// the earlier one is asked first.
var builtin = [...]string{"battery", "fuelcell", "solid", "emitter", "plastic", "photovoltaic"}

// Builtin returns the fields that come with the program: battery, fuelcell,
// solid, emitter, plastic and photovoltaic.
func Builtin() (*field.Set, error) {
	fields, err := builtinFields()
	if err != nil {
		return nil, err
	}
	return field.NewSet(fields...)
}

func builtinFields() ([]*field.Field, error) {
	var fields []*field.Field
	for _, name := range builtin {
		data, err := files.ReadFile(path.Join("fields", name+".yaml"))
		if err != nil {
			return nil, err
		}
		f, err := Parse(name+".yaml", data)
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// Load returns the fields that come with the program and those declared in
// the folders dirs, in that order. A folder's field may take the place of an
// earlier one of its name if it says "replaces: true". An empty name adds
// nothing.
func Load(dirs ...string) (*field.Set, error) {
	fields, err := builtinFields()
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		more, err := LoadDir(dir)
		if err != nil {
			errs = append(errs, err)
		}
		fields = append(fields, more...)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return field.NewSet(fields...)
}

// LoadDir reads the files of dir whose names end in .yaml or .yml, in the
// order of their names; it does not look into folders inside. It returns the
// fields that were read and the errors of all others, joined. A folder without
// any such file is an error: a mistyped path should not pass for no fields.
func LoadDir(dir string) ([]*field.Field, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var fields []*field.Field
	var errs []error
	n := 0
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if ext != ".yaml" && ext != ".yml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if n++; n > MaxFiles {
			errs = append(errs, fmt.Errorf("%s: more than %d declarations", dir, MaxFiles))
			break
		}
		f, err := loadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fields = append(fields, f)
	}
	if n == 0 {
		errs = append(errs, fmt.Errorf("%s: no declaration of a field (*.yaml) in this folder", dir))
	}
	return fields, errors.Join(errs...)
}

func loadFile(name string) (*field.Field, error) {
	// A named pipe would block for ever when opened.
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, strictyaml.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	return Parse(name, data)
}
