package document

import (
	"regexp"
	"strings"
)

// creativeCommons matches the licences of Creative Commons as publishers and
// services write them: an address, "cc by", "CC BY-NC-ND 4.0", "cc-by-nc-nd".
var creativeCommons = regexp.MustCompile(`(?i)^(?:https?://(?:www\.)?creativecommons\.org/licenses/|cc[ -])(by(?:-nc)?(?:-nd|-sa)?|by nc nd|by nc sa|by nc|by nd|by sa)(?:[/ -]v?([1-4]\.[0-9]))?(?:/.*)?$`)

// publicDomain matches the dedications of Creative Commons.
var publicDomain = regexp.MustCompile(`(?i)^(?:https?://(?:www\.)?creativecommons\.org/(?:publicdomain/zero|share-your-work/public-domain/cc0).*|cc[- ]?(?:0|zero)(?:[ -]1\.0)?)$`)

// LicenseName returns the SPDX name of a licence of Creative Commons, without
// version where none is given ("CC-BY"), and any other licence as it is
// declared. See https://spdx.org/licenses.
func LicenseName(declared string) string {
	s := strings.Join(strings.Fields(declared), " ")
	if publicDomain.MatchString(s) {
		return "CC0-1.0"
	}
	m := creativeCommons.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	name := "CC-" + strings.ToUpper(strings.ReplaceAll(m[1], " ", "-"))
	if m[2] != "" {
		name += "-" + m[2]
	}
	return name
}
