package evaluate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/extract/tagger"
)

// place returns where part first stands in text.
func place(text, part string) span {
	i := strings.Index(text, part)
	return span{i, i + len(part)}
}

// measured returns a paragraph that states a property of an entity.
func measured(entity, property, value, unit string) paragraph {
	p := paragraph{name: entity, text: fmt.Sprintf("We went on as before. The %s of the %s was %s %s in all.", property, entity, value, unit)}
	add := func(kind, id, text, rel, target string) {
		a := annotation{set: 1, kind: kind, id: id, text: text, rel: rel, target: target, span: place(p.text, text)}
		if kind == "Quantity" {
			a.unit = unit
		}
		p.annotations = append(p.annotations, a)
	}
	add("Quantity", "T1", value+" "+unit, "", "")
	add("MeasuredProperty", "T2", property, "HasQuantity", "T1")
	add("MeasuredEntity", "T3", entity, "HasProperty", "T2")
	return p
}

func TestMeasReader(t *testing.T) {
	entities := []string{"old engine", "lake", "white rabbit", "bridge", "second sample", "tower", "oak tree", "glacier"}
	measures := [][2]string{{"mass", "kg"}, {"height", "m"}, {"temperature", "K"}}
	var ps []paragraph
	for i, e := range entities {
		for k, m := range measures {
			ps = append(ps, measured(e, m[0], fmt.Sprint(10+7*i+k), m[1]))
		}
	}
	var texts []*tagger.Text
	for _, p := range ps {
		texts = append(texts, tagger.Prepare(p.text))
	}
	r := trainMeas(ps, texts, 1)
	p := measured("brass pendulum", "mass", "93", "kg")
	got := r.read(tagger.Prepare(p.text))
	rows := measOfficial(p.annotations, got)
	for _, row := range rows {
		if !row.match || !row.exact {
			t.Errorf("%s is not as annotated: %+v", row.kind, got)
		}
	}
	if len(rows) != 6 {
		t.Errorf("%d rows, want three spans, a unit and two relations", len(rows))
	}
}

func TestStretch(t *testing.T) {
	for _, tt := range []struct {
		a, b stretch
		want float64
	}{
		{stretch{1, 3}, stretch{1, 3}, 1},
		{stretch{1, 2}, stretch{2, 3}, 0.5},
		{stretch{1, 2}, stretch{3, 4}, 0},
		{nothing, nothing, 1},
		{nothing, stretch{0, 0}, 0},
	} {
		if got := tt.a.f1(tt.b); got != tt.want {
			t.Errorf("F1 of %v and %v is %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestSlots(t *testing.T) {
	var mentions, slots []*annotated
	for i := range 12 {
		for k, slot := range []string{"working_temperature", "time_of_operation"} {
			unit, lead := []string{"K", "h"}[k], []string{"operated at", "kept for"}[k]
			value := fmt.Sprintf("%d %s", 300+7*i, unit)
			text := fmt.Sprintf("The cell was %s %s in air.", lead, value)
			m := annotated{name: "a", text: tagger.Prepare(text), mentions: []typed{{place(text, value), "VALUE"}}, within: []span{{0, len(text)}}}
			s := m
			s.mentions = []typed{{place(text, value), slot}}
			mentions, slots = append(mentions, &m), append(slots, &s)
		}
	}
	r := trainSlots(mentions[2:], slots[2:])
	for i := range 2 {
		if got := r.found(mentions[i]); !slices.Equal(got, slots[i].mentions) {
			t.Errorf("%q: %v, want %v", mentions[i].text.Text, got, slots[i].mentions)
		}
	}
}

func TestLayers(t *testing.T) {
	var docs []*annotated
	for _, metal := range []string{"iron", "copper", "nickel", "zinc", "silver", "cobalt"} {
		text := "We made the " + metal + " oxide powder and left."
		docs = append(docs, &annotated{name: metal, text: tagger.Prepare(text), within: []span{{0, len(text)}}, mentions: []typed{
			{place(text, metal+" oxide powder"), "MAT"}, {place(text, metal+" oxide"), "MAT"},
		}})
	}
	var taggers []*tagger.Tagger
	for _, inner := range []bool{false, true} {
		taggers = append(taggers, trainTagger(docs[1:], layer{kinds: []string{"MAT"}, inner: inner}, tagger.Training{Epochs: 40}))
	}
	if got := docs[0].found(taggers); !slices.Equal(got, docs[0].mentions) {
		t.Errorf("found %v, want %v", got, docs[0].mentions)
	}
}
