package strictyaml

import (
	"errors"
	"strings"
	"testing"
)

func TestMistakes(t *testing.T) {
	const file = "name: a\nrange: [3, 1]\nnmae: b\nname: c\nweight: heavy\ncount: 0\nflag: yes\nwords: [x, [y]]\n"
	r := &Reader{File: "f.yaml", About: "thing"}
	keys := r.Mapping(r.Root([]byte(file), "holds one thing"), "the file", "name", "range", "weight", "count", "flag", "words")
	r.Range(keys["range"].Value)
	r.Number(keys["weight"].Value, "a weight")
	r.Whole(keys["count"].Value, "a count", 1)
	r.Boolean(keys["flag"].Value, "flag")
	if got := r.List(keys["words"].Value, "words"); len(got) != 1 {
		t.Errorf("%d words", len(got))
	}
	want := []string{
		`f.yaml:2:8: thing: the range starts at 3, which is not below its end 1`,
		`f.yaml:3:1: thing: unknown key "nmae" in the file; did you mean "name"?`,
		`f.yaml:4:1: thing: "name" stands twice in the file, first in line 1`,
		`f.yaml:5:9: thing: a weight should be a number, not "heavy"`,
		`f.yaml:6:8: thing: a count should be a whole number from 1, not "0"`,
		`f.yaml:7:7: thing: flag should be true or false, not "yes"`,
		`f.yaml:8:12: thing: an item of words should be text, not a list`,
	}
	if got := r.Err().Error(); got != strings.Join(want, "\n") {
		t.Errorf("errors\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	var e *Error
	if !errors.As(r.Err(), &e) || e.Line != 2 {
		t.Error("no *Error with a line")
	}
}

func TestRoot(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"", "f.yaml: the file is empty"}, {"a: 1\n---\nb: 2\n", "f.yaml:2:1: one file holds one thing; a second document starts here"},
		{"\xff", "f.yaml: the file is not valid UTF-8"}, {"a: [1\n", "did not find expected"}, {strings.Repeat("#", MaxBytes+1), "more than"},
	} {
		r := &Reader{File: "f.yaml"}
		if r.Root([]byte(test.data), "holds one thing") != nil {
			t.Errorf("%.20q has a root", test.data)
		}
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.20q: %v, want %s", test.data, err, test.want)
		}
	}
}
