package document

import "testing"

func TestLicenseName(t *testing.T) {
	for declared, want := range map[string]string{
		"https://creativecommons.org/licenses/by/4.0/":         "CC-BY-4.0",
		"http://creativecommons.org/licenses/by-nc-nd/3.0/us/": "CC-BY-NC-ND-3.0",
		"cc by":        "CC-BY",
		"cc by-nc-nd":  "CC-BY-NC-ND",
		"CC BY-NC 4.0": "CC-BY-NC-4.0",
		"cc-by-sa":     "CC-BY-SA",
		"cc0":          "CC0-1.0",
		"CC0 1.0":      "CC0-1.0",
		"http://creativecommons.org/publicdomain/zero/1.0/":     "CC0-1.0",
		"http://arxiv.org/licenses/nonexclusive-distrib/1.0/":   "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
		"publisher-specific-oa":                                 "publisher-specific-oa",
		"  All rights\n reserved ":                              "All rights reserved",
		"https://creativecommons.org.evil.org/licenses/by/4.0/": "https://creativecommons.org.evil.org/licenses/by/4.0/",
		"": "",
	} {
		got := LicenseName(declared)
		if got != want {
			t.Errorf("LicenseName(%q) = %q, want %q", declared, got, want)
		}
		if again := LicenseName(got); again != got {
			t.Errorf("LicenseName(%q) = %q: not one form", got, again)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, test := range []struct {
		notices []Notice
		want    Notice
	}{
		{nil, NoNotice}, {[]Notice{Corrected, NoNotice}, Corrected}, {[]Notice{Concern, Retracted, Corrected}, Retracted}, {[]Notice{"unknown"}, NoNotice},
	} {
		if got := Worst(test.notices...); got != test.want {
			t.Errorf("Worst(%v) = %q, want %q", test.notices, got, test.want)
		}
	}
}
