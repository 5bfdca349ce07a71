package works

import (
	"regexp"
	"slices"
	"strings"
)

// The kinds of identifiers, as document.Document.Identifiers has them.
const (
	doi         = "doi"
	arxiv       = "arxiv"
	pmid        = "pmid"
	pmcid       = "pmcid"
	patent      = "patent"      // country and number of a publication
	application = "application" // country and number of the application that was published
	family      = "family"      // of patents, such as DOCDB's number
)

// kindNames are the kinds as they are written for people.
var kindNames = map[string]string{
	doi: "DOI", arxiv: "arXiv number", pmid: "PubMed number", pmcid: "PMC number",
	patent: "patent number", application: "patent application", family: "patent family",
}

// exclusive are the kinds of which a work has one, apart from preprints.
var exclusive = []string{doi, arxiv, pmid, pmcid, patent}

// identifiers returns the identifiers that can be compared, in one form each.
func identifiers(ids map[string]string) map[string]string {
	out := map[string]string{}
	for kind, id := range ids {
		if id := Normalise(kind, id); id != "" {
			out[kind] = id
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

var (
	doiForm    = regexp.MustCompile(`^10\.[0-9]{4,9}(\.[0-9]+)*/\S+$`)
	doiPrefix  = regexp.MustCompile(`^(https?://)?(dx\.)?(doi\.org/|doi:\s*)`)
	arxivForm  = regexp.MustCompile(`([0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[a-z]{2})?/[0-9]{7})(v[0-9]+)?$`)
	patentForm = regexp.MustCompile(`^([a-z]{2})?(re|pp|d|h|t|x)?0*([0-9]+)([a-z][0-9]?)?$`)

	// The version at the end of the DOI of a preprint.
	doiVersion = regexp.MustCompile(`(-v[0-9]+|/v[0-9]+|\.v[0-9]+)$`)
)

// Normalise returns the one form of an identifier in which equal ones are
// equal, or "" when it is none of its kind: DOIs in lower case without
// resolver, and of preprints without version; arXiv numbers without version;
// PMC numbers with their letters; patent numbers with country, without kind
// code and leading zeros.
func Normalise(kind, id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	switch kind {
	case doi:
		id = strings.TrimRight(doiPrefix.ReplaceAllString(id, ""), ".,;)")
		if !doiForm.MatchString(id) {
			return ""
		}
		if isPreprint(id) {
			id = doiVersion.ReplaceAllString(id, "")
		}
		return id
	case arxiv:
		m := arxivForm.FindStringSubmatch(id)
		if m == nil {
			return ""
		}
		return m[1]
	case pmid, pmcid:
		digits := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(id, "pmc"), "pmid:"), " 0")
		if digits == "" || strings.Trim(digits, "0123456789") != "" {
			return ""
		}
		if kind == pmcid {
			return "PMC" + digits
		}
		return digits
	case patent, application:
		id = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, id)
		m := patentForm.FindStringSubmatch(id)
		if m == nil || m[3] == "" {
			return ""
		}
		return strings.ToUpper(m[1] + m[2] + m[3])
	case family:
		return id
	}
	return ""
}

// preprintPrefixes are the DOI prefixes of servers of preprints, as they are
// registered at Crossref and DataCite.
var preprintPrefixes = []string{
	"10.48550/", // arXiv
	"10.26434/", // ChemRxiv
	"10.1101/",  // bioRxiv, medRxiv
	"10.64898/", // bioRxiv and medRxiv since openRxiv
	"10.21203/", // Research Square
	"10.20944/", // Preprints.org
	"10.2139/",  // SSRN
	"10.31219/", // OSF
	"10.22541/", // Authorea
	"10.36227/", // TechRxiv
}

func isPreprint(doi string) bool {
	return slices.ContainsFunc(preprintPrefixes, func(p string) bool { return strings.HasPrefix(doi, p) })
}

// arxivOfDOI returns the arXiv number in a DOI that arXiv gave.
func arxivOfDOI(doi string) (string, bool) {
	id, ok := strings.CutPrefix(doi, "10.48550/arxiv.")
	if !ok {
		return "", false
	}
	id = Normalise(arxiv, id)
	return id, id != ""
}

// sharedIdentifier returns an identifier that both documents have, of their
// own or of the work that they are about.
func sharedIdentifier(a, b *Traits) (kind, id string, ok bool) {
	for _, kind := range []string{doi, pmcid, pmid, arxiv, patent, application, family} {
		for _, x := range a.values(kind) {
			if slices.Contains(b.values(kind), x) {
				return kind, x, true
			}
		}
	}
	return "", "", false
}

// values returns the identifiers of one kind.
func (t *Traits) values(kind string) []string {
	var out []string
	for _, ids := range []map[string]string{t.Identifiers, t.About} {
		if id := ids[kind]; id != "" {
			out = append(out, id)
		}
		if id, ok := arxivOfDOI(ids[doi]); ok && kind == arxiv {
			out = append(out, id)
		}
	}
	return out
}

// conflict reports whether the two documents have different identifiers of a
// kind of which a work has only one. The DOI of a preprint is not that of its
// article.
func conflict(a, b *Traits) bool {
	for _, kind := range exclusive {
		x, y := a.Identifiers[kind], b.Identifiers[kind]
		if x == "" || y == "" || x == y || kind == doi && isPreprint(x) != isPreprint(y) {
			continue
		}
		return true
	}
	return false
}
