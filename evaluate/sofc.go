package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/alkahest/alkahest/extract/tagger"
)

// scoreSOFC scores mentions of materials and values in papers on solid oxide
// fuel cells, in the sentences that describe an experiment, which are those with
// tags. A mention counts if it is exactly where it is annotated, with its words
// ("about", "between … and"); a second score takes any overlap. Materials are
// found by the grammar of formulas, values by the grammar of quantities if they
// have a unit.
//
// The corpus is of Friedrich et al., ACL 2020, 1255,
// doi:10.18653/v1/2020.acl-main.116; its development part is scored.
func scoreSOFC(ctx context.Context, dir string, o Options) (*Report, error) {
	part := filepath.Join(dir, "dev")
	files, err := list(filepath.Join(part, "texts"), ".txt")
	if err != nil {
		return nil, err
	}
	r := &Report{Split: "dev", Documents: len(files), Notes: []string{grammarOnly}}
	material, number := newMentionCount("material mentions"), newMentionCount("value mentions")
	for i, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sentences, err := readSOFC(part, stem(file))
		if err != nil {
			return nil, err
		}
		for _, s := range sentences {
			r.Mistakes = append(r.Mistakes, material.add(file, s.text, ofKind(s.mentions, "MATERIAL"), materials(s.text))...)
			r.Mistakes = append(r.Mistakes, number.add(file, s.text, ofKind(s.mentions, "VALUE"), values(s.text))...)
		}
		o.Progress(i+1, len(files))
	}
	r.Tasks = append(material.tasks(), number.tasks()...)
	if o.Train {
		tasks, err := trainedSOFC(dir)
		if err != nil {
			return nil, err
		}
		r.Tasks = append(r.Tasks, tasks...)
	}
	return r, nil
}

// taggedSentence is a sentence with annotated spans, in bytes of its text.
type taggedSentence struct {
	text     string
	mentions []typed // MATERIAL, VALUE, DEVICE, EXPERIMENT
	slots    []typed // what a mention is in the experiment: anode_material, working_temperature …
}

// readSOFC reads the tagged sentences of one paper. Offsets in the files are
// characters: of sentences in the paper, of tokens in the sentence.
func readSOFC(part, name string) ([]taggedSentence, error) {
	data, err := readFile(filepath.Join(part, "texts", name+".txt"))
	if err != nil {
		return nil, err
	}
	text := string(data)
	chars := newOffsets(text)

	path := filepath.Join(part, "annotations", "sentences", name+".csv")
	if data, err = readFile(path); err != nil {
		return nil, err
	}
	rows, err := tabbed(path, data, 4)
	if err != nil {
		return nil, err
	}
	bounds := map[string]span{}
	for n, row := range rows {
		s, ok := numbered(chars, row[2], row[3])
		if !ok {
			return nil, fmt.Errorf("%s: line %d: %w: sentence outside its text", path, n+1, ErrMalformed)
		}
		bounds[row[0]] = s
	}

	path = filepath.Join(part, "annotations", "entity_types_and_slots", name+".csv")
	if data, err = readFile(path); err != nil {
		return nil, err
	}
	if rows, err = tabbed(path, data, 6); err != nil {
		return nil, err
	}
	var out []taggedSentence
	current, last := "", [2]string{"O", "O"}
	var tokens offsets
	for n, row := range rows {
		if row[0] != current || len(out) == 0 {
			s, ok := bounds[row[0]]
			if !ok {
				return nil, fmt.Errorf("%s: line %d: %w: no sentence %s", path, n+1, ErrMalformed, row[0])
			}
			out = append(out, taggedSentence{text: text[s.start:s.end]})
			current, last, tokens = row[0], [2]string{"O", "O"}, newOffsets(text[s.start:s.end])
		}
		token, ok := numbered(tokens, row[2], row[3])
		if !ok {
			return nil, fmt.Errorf("%s: line %d: %w: token outside its sentence", path, n+1, ErrMalformed)
		}
		s := &out[len(out)-1]
		s.mentions = extendTyped(s.mentions, token, row[4], last[0])
		s.slots = extendTyped(s.slots, token, row[5], last[1])
		last = [2]string{row[4], row[5]}
	}
	return out, nil
}

// numbered is offsets.span with decimal offsets.
func numbered(o offsets, start, end string) (span, bool) {
	a, err1 := strconv.Atoi(start)
	b, err2 := strconv.Atoi(end)
	if err1 != nil || err2 != nil {
		return span{}, false
	}
	return o.span(a, b)
}

// extendTyped adds a token with a tag such as "B-VALUE" to mentions: "I-" behind
// a tag of the same kind continues the last one, everything else but "O" starts
// one.
func extendTyped(ms []typed, token span, tag, last string) []typed {
	if len(tag) < 3 {
		return ms
	}
	if tag[0] == 'I' && len(last) > 2 && last[2:] == tag[2:] && len(ms) > 0 {
		ms[len(ms)-1].end = token.end
		return ms
	}
	return append(ms, typed{token, tag[2:]})
}

// The kinds of mentions and slots that are annotated.
var (
	sofcKinds = []string{"MATERIAL", "VALUE", "DEVICE", "EXPERIMENT"}
	sofcSlots = []string{
		"anode_material", "cathode_material", "conductivity", "current_density", "degradation_rate", "device", "electrolyte_material",
		"experiment_evoking_word", "fuel_used", "interlayer_material", "open_circuit_voltage", "power_density", "resistance",
		"support_material", "thickness", "time_of_operation", "voltage", "working_temperature",
	}
)

// trainedSOFC trains on the training part and scores the development part.
func trainedSOFC(dir string) ([]Task, error) {
	trainMentions, trainSlotted, err := annotatedSOFC(filepath.Join(dir, "train"))
	if err != nil {
		return nil, err
	}
	devMentions, devSlotted, err := annotatedSOFC(filepath.Join(dir, "dev"))
	if err != nil {
		return nil, err
	}
	r := trainSlots(trainMentions, trainSlotted)
	mentions, slots := newTypedCount("trained: mentions", sofcKinds), newTypedCount("trained: slots", sofcSlots)
	for i, d := range devMentions {
		mentions.add(d.mentions, d.found([]*tagger.Tagger{r.mentions}))
		slots.add(devSlotted[i].mentions, r.found(d))
	}
	return append(mentions.tasks(), slots.tasks()...), nil
}

// annotatedSOFC returns the tagged sentences of one part twice: with mentions, and
// with slots.
func annotatedSOFC(part string) (mentions, slots []*annotated, err error) {
	files, err := list(filepath.Join(part, "texts"), ".txt")
	if err != nil {
		return nil, nil, err
	}
	for _, file := range files {
		sentences, err := readSOFC(part, stem(file))
		if err != nil {
			return nil, nil, err
		}
		for _, s := range sentences {
			a := annotated{name: file, text: tagger.Prepare(s.text), mentions: s.mentions, within: []span{{0, len(s.text)}}}
			b := a
			b.mentions = s.slots
			mentions, slots = append(mentions, &a), append(slots, &b)
		}
	}
	return mentions, slots, nil
}
