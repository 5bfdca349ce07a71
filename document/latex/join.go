package latex

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Main reports whether a file is the beginning of a document rather than a part
// of one.
func Main(data []byte) bool {
	return mainPattern.Match(data)
}

var (
	mainPattern    = regexp.MustCompile(`(?m)^[^%\n]*\\document(?:class|style)\b`)
	includePattern = regexp.MustCompile(`\\(?:import\s*\{([^{}\n]{0,200})\}\s*\{([^{}\n]{1,200})\}|(input|include|subfile|bibliography)(?:\s*\{([^{}\n]{1,200})\}|[ \t]+([^{}\s\\%]{1,200})))`)
)

// Includes reports whether a source includes other files.
func Includes(data []byte) bool { return includePattern.Match(data) }

// maxIncludes bounds the files that one source includes, counted each time.
const maxIncludes = 1000

// Join returns the source name of files with the files that it includes in
// their places, at most [MaxBytes] of it. Names are paths with slashes; one that
// leads out of the folder of the source is not found. The list of references
// that BibTeX has made stands where the bibliography is asked for.
func Join(name string, files map[string][]byte) []byte {
	j := joiner{files: files, root: path.Dir(name), main: name}
	j.write(name, nil)
	return j.out.Bytes()
}

type joiner struct {
	files map[string][]byte
	root  string
	main  string
	out   bytes.Buffer
	count int
}

func (j *joiner) write(name string, outer []string) {
	data := j.files[name]
	at := 0
	for _, m := range includePattern.FindAllSubmatchIndex(data, -1) {
		start, end := m[0], m[1]
		line := data[bytes.LastIndexByte(data[:start], '\n')+1 : start]
		if comment(string(line)) >= 0 {
			continue
		}
		group := func(k int) string {
			if m[2*k] < 0 {
				return ""
			}
			return strings.TrimSpace(string(data[m[2*k]:m[2*k+1]]))
		}
		included := ""
		switch {
		case m[2] >= 0:
			included = j.lookup(path.Join(group(1), group(2)), ".tex")
		case group(3) == "bibliography":
			included = j.references()
		default:
			included = j.lookup(group(4)+group(5), ".tex")
		}
		if included == "" || slices.Contains(outer, included) || included == name || len(outer) > 32 || j.count >= maxIncludes {
			continue
		}
		j.count++
		j.add(data[at:start])
		j.write(included, append(outer, name))
		at = end
	}
	j.add(data[at:])
}

func (j *joiner) add(data []byte) {
	j.out.Write(data[:min(len(data), max(0, MaxBytes-j.out.Len()))])
}

// references returns the name of the list of references that BibTeX has made.
func (j *joiner) references() string {
	if own := j.lookup(strings.TrimSuffix(path.Base(j.main), path.Ext(j.main))+".bbl", ""); own != "" {
		return own
	}
	for _, name := range slices.Sorted(maps.Keys(j.files)) {
		if path.Ext(name) == ".bbl" {
			return name
		}
	}
	return ""
}

// lookup returns the name of the file that an include means, or "".
func (j *joiner) lookup(target, extension string) string {
	target = strings.Trim(target, `"`)
	full := path.Join(j.root, target)
	if path.IsAbs(target) || full != j.root && j.root != "." && !strings.HasPrefix(full, j.root+"/") || strings.HasPrefix(full, "..") {
		return ""
	}
	for _, candidate := range [...]string{full, full + extension} {
		if _, ok := j.files[candidate]; ok {
			return candidate
		}
	}
	return ""
}
