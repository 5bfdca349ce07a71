package name

import (
	"slices"
	"strconv"
	"strings"
)

// attached are the names of rings in front of the ring that they are fused to, where
// they are not the name of the ring with o for the final e or behind it (IUPAC 1998,
// FR-2.4 and FR-3; 2013, P-25.2.2.4 and P-25.3.1.2).
var attached = map[string]string{
	"benzo": "benzene", "benz": "benzene", "naphtho": "naphthalene", "naphth": "naphthalene", "anthra": "anthracene", "phenanthro": "phenanthrene",
	"thieno": "thiophene", "furo": "furan", "pyrido": "pyridine", "pyrimido": "pyrimidine", "pyrano": "pyran", "imidazo": "imidazole", "imidaz": "imidazole",
	"isoquino": "isoquinoline", "quino": "quinoline", "acenaphtho": "acenaphthylene", "perylo": "perylene", "benzothieno": "benzothiophene", "benzofuro": "benzofuran",
}

// cycles are attached rings of carbon that are named by the number of their atoms.
var cycles = map[string]int{"cyclopropa": 3, "cyclobuta": 4, "cyclopenta": 5, "cyclohepta": 7, "cycloocta": 8}

// fusionPart is a ring in front of another one: how often, and how it is fused.
type fusionPart struct {
	ring  *entry
	times int
	// own are the positions of the ring, one list for each time, at what follows it:
	// letters of bonds of the base, or positions.
	own     [][]string
	letters []string
	outer   []string // of a ring that is attached itself
}

// fused returns the systems of fused rings at i that are named by their parts, as
// thieno[3,2-b]thiophene.
func (p *scanner) fused(i, j int) []skeletonMatch {
	if !strings.Contains(p.s[i:j], "[") {
		return nil
	}
	var out []skeletonMatch
	p.fusionParts(i, i, j, nil, &out)
	return out
}

// maxParts bounds the rings in front of a base.
const maxParts = 4

// fusionParts reads what follows parts.
func (p *scanner) fusionParts(begin, i, j int, parts []fusionPart, out *[]skeletonMatch) {
	if p.steps++; p.steps > maxSteps {
		return
	}
	if n := len(parts); n > 0 && parts[n-1].outer == nil {
		p.fusionBase(begin, i, j, parts, out)
	}
	if len(parts) == maxParts {
		return
	}
	ways := [][2]int{{1, i}}
	if n, k := p.multiplier(i, j); n == 2 || n == 3 {
		ways = append(ways, [2]int{n, k})
	}
	for _, way := range ways {
		for _, m := range p.attachedRings(way[1], j) {
			closing := p.closing(m.end, j)
			if closing == 0 || p.s[m.end] != '[' {
				continue
			}
			part := fusionPart{ring: m.core.entry, times: way[0]}
			if part.read(p.s[m.end+1 : closing]) {
				p.fusionParts(begin, closing+1, j, append(slices.Clip(parts), part), out)
			}
		}
	}
}

// read reads what stands between the brackets: "b", "3,2-b", "b,d",
// "3,2-b:2',3'-d", "4,5", "3',2':4,5".
func (f *fusionPart) read(s string) bool {
	s = strings.ReplaceAll(s, "'", "") // primes only tell copies of a ring apart
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz,") == "" {
		f.letters = strings.Split(s, ",") // no positions of the ring, which are all alike
		return true
	}
	for piece := range strings.SplitSeq(s, ":") {
		locants, letter, ok := strings.Cut(piece, "-")
		own := strings.Split(locants, ",")
		if len(own) != 2 {
			return false
		}
		f.own = append(f.own, own)
		if ok {
			f.letters = append(f.letters, letter)
		}
	}
	if len(f.letters) > 0 {
		return len(f.letters) == len(f.own)
	}
	// The last positions are those of a ring that is attached itself.
	last := len(f.own) - 1
	f.outer, f.own = f.own[last], f.own[:last]
	if last == 0 {
		f.own = nil
	}
	return last <= 1
}

// attachedRings returns the rings whose names for an attached ring begin at i.
func (p *scanner) attachedRings(i, j int) []skeletonMatch {
	var out []skeletonMatch
	s, k, numbers := p.s[i:j], i, ""
	if strings.HasPrefix(s, "[") { // [1,2,5]thiadiazolo
		end := p.closing(i, j)
		if end == 0 || strings.Trim(p.s[i+1:end], "0123456789,") != "" {
			return nil
		}
		numbers, k = p.s[i+1:end]+"-", end+1
		s = p.s[k:j]
	}
	add := func(ring string, length int) {
		for _, e := range words().match(ring) {
			if e.kind == ringEntry && e.name == ring && e.mancude && !e.stem {
				out = append(out, skeletonMatch{core{kind: entryCore, entry: e}, k + length})
				return
			}
		}
	}
	for word, ring := range attached {
		if strings.HasPrefix(s, word+"[") {
			add(numbers+ring, len(word))
		}
	}
	for word, n := range cycles {
		if strings.HasPrefix(s, word+"[") && numbers == "" {
			e := &entry{name: word, kind: ringEntry, mancude: true, skeleton: "c1" + strings.Repeat("c", n-2) + "c1"}
			for l := range n {
				e.locants = append(e.locants, strconv.Itoa(l+1))
			}
			out = append(out, skeletonMatch{core{kind: entryCore, entry: e}, k + len(word)})
		}
	}
	if open := strings.IndexByte(s, '['); open > 3 && s[open-1] == 'o' {
		add(numbers+s[:open-1]+"e", open)
		add(numbers+s[:open-1], open)
	}
	return out
}

// fusionBase reads the base at i, which may be there twice or more.
func (p *scanner) fusionBase(begin, i, j int, parts []fusionPart, out *[]skeletonMatch) {
	ways := [][2]int{{1, i}}
	if n, k := p.multiplier(i, j); n == 2 || n == 3 {
		ways = append(ways, [2]int{n, k})
	}
	for _, way := range ways {
		k, numbers := way[1], ""
		if k < j && p.s[k] == '[' { // [1,2,5]thiadiazole
			end := p.closing(k, j)
			if end == 0 || strings.Trim(p.s[k+1:end], "0123456789,") != "" {
				continue
			}
			numbers, k = p.s[k+1:end]+"-", end+1
		}
		s := numbers + p.s[k:j]
		if s == "" {
			continue
		}
		for _, e := range words().byStart[start(s)] {
			if e.kind != ringEntry || !e.mancude || e.stem || strings.Contains(e.name, "[") || strings.HasPrefix(e.name, "dibenzo") {
				continue
			}
			length := len(e.name)
			if !strings.HasPrefix(s, e.name) {
				// The final e is left out before a suffix.
				if length--; !strings.HasSuffix(e.name, "e") || !strings.HasPrefix(s, e.name[:length]) || len(s) == length {
					continue
				}
			}
			end := k + length - len(numbers)
			*out = append(*out, skeletonMatch{core{kind: entryCore, at: begin, entry: fuse(p.s[begin:end], parts, e, way[0])}, end})
		}
	}
}
