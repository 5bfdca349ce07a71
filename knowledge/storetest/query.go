package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Fields returns the fields in which the suite asks.
func Fields(t testing.TB) *field.Set {
	t.Helper()
	measure := func(s string) quantity.Unit {
		u, err := quantity.ParseUnit(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	set, err := field.NewSet(
		&field.Field{Name: "battery", Title: "Batteries", Version: 1, Properties: []*field.Property{
			{Field: "battery", Name: "specific-capacity", Title: "specific capacity", Description: "Charge by mass.", Unit: measure("mA h g^-1"), Low: 0, High: 5000,
				Names: []string{"specific capacity", "discharge capacity"}, Korean: []string{"비용량", "방전 용량"}, Subjects: []string{"composition"}},
			{Field: "battery", Name: "open-circuit-voltage", Title: "open-circuit voltage", Description: "Voltage without load.", Unit: measure("V"), Low: 0, High: 10,
				Names: []string{"open-circuit voltage"}, Korean: []string{"개방 전압"}, Subjects: []string{"composition"}},
		}},
		&field.Field{Name: "solid", Title: "Solids", Version: 1, Properties: []*field.Property{
			{Field: "solid", Name: "band-gap", Title: "band gap", Description: "Gap between bands.", Unit: measure("eV"), Low: 0, High: 20,
				Names: []string{"band gap"}, Korean: []string{"밴드갭"}, Symbols: []string{"Eg"}, Subjects: []string{"composition"}},
			{Field: "solid", Name: "curie-temperature", Title: "Curie temperature", Description: "Where ferromagnetism ends.", Unit: measure("K"), Low: 0, High: 2000,
				Names: []string{"curie temperature"}, Korean: []string{"퀴리 온도"}, Symbols: []string{"Tc", "TC"}, Subjects: []string{"composition"}},
			{Field: "solid", Name: "hardness", Title: "hardness", Description: "Resistance to indentation.", Unit: measure("GPa"), Low: 0, High: 200,
				Names: []string{"hardness"}, Korean: []string{"경도"}, Subjects: []string{"composition"}},
			{Field: "solid", Name: "activation-energy", Title: "activation energy", Description: "Of conduction.", Unit: measure("eV"), Low: 0, High: 5,
				Alternatives: []quantity.Unit{measure("kJ mol^-1")}, Ranges: []field.Range{{Low: 0, High: 500}},
				Names: []string{"activation energy"}, Korean: []string{"활성화 에너지"}, Subjects: []string{"composition"}},
		}},
		&field.Field{Name: "fuelcell", Title: "Fuel cells", Version: 1, Properties: []*field.Property{
			{Field: "fuelcell", Name: "open-circuit-voltage", Title: "open-circuit voltage", Description: "Voltage without load.", Unit: measure("V"), Low: 0, High: 3,
				Names: []string{"open-circuit voltage"}, Korean: []string{"개방 전압"}, Subjects: []string{"device"}},
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func testQuery(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	labels := map[string]string{}
	add := func(name, label string, s record.Subject, property, text string, low, high float64, unit string, change func(*record.Record)) {
		doc := Paper(name, name+" says "+text)
		r := Fact(doc, 0, s, property, text, low, high, unit)
		if change != nil {
			change(r)
		}
		labels[r.ID] = label
		l.Put(name, &File{Document: doc, Records: []*record.Record{r}})
	}
	sample := record.Subject{Text: "S1", Kind: record.Named}
	at := func(celsius float64) func(*record.Record) {
		return func(r *record.Record) {
			r.Conditions = []record.Condition{{Name: "temperature", Text: "at that", Low: &celsius, High: &celsius, Unit: "°C"}}
		}
	}
	add("a", "NVP", Composition("Na3V2(PO4)3", "O", "Na", "P", "V"), "battery/specific-capacity", "117 mAh/g", 117, 117, "mA h g^-1", at(25))
	add("b", "LFP", Composition("LiFePO4", "Li", "O", "P", "Fe"), "battery/specific-capacity", "150–170 mAh/g", 150, 170, "mA h g^-1", at(60))
	add("c", "NFM", Composition("NaFeMnO2", "O", "Na", "Mn", "Fe"), "battery/specific-capacity", "up to 190 mAh/g", 0, 190, "mA h g^-1", func(r *record.Record) { r.Low = nil })
	add("d", "LFPgap", Composition("LiFePO4", "Li", "O", "P", "Fe"), "solid/band-gap", "3.8 eV", 3.8, 3.8, "eV", func(r *record.Record) { r.Confidence = 0.3 })
	add("e", "Si", Composition("Si", "Si"), "solid/band-gap", "1.12 eV", 1.12, 1.12, "eV", nil)
	add("f", "S1gap", sample, "solid/band-gap", "> 2 eV", 2, 0, "eV", func(r *record.Record) { r.High = nil })
	add("g", "S1cap", sample, "battery/specific-capacity", "200 mAh/g", 200, 200, "mA h g^-1", nil)
	add("h", "Fe", Composition("Fe", "Fe"), "solid/curie-temperature", "1043 K", 1043, 1043, "K", nil)
	add("한글.txt", "WC", Composition("WC", "C", "W"), "solid/hardness", "2200 HV", 2200, 2200, "HV", nil)
	add("i", "TiN", Composition("TiN", "N", "Ti"), "solid/hardness", "21 GPa", 21, 21, "GPa", nil)
	add("j", "LATP", Composition("LiTi2(PO4)3", "Li", "O", "P", "Ti"), "solid/activation-energy", "29 kJ/mol", 29, 29, "kJ mol^-1", nil)
	add("k", "LGPS", Composition("Li10GeP2S12", "Li", "P", "S", "Ge"), "solid/activation-energy", "0.25 eV", .25, .25, "eV", nil)
	fill(t, store, l)
	fields := Fields(t)
	for _, test := range []struct{ query, want string }{
		{"", "Fe LATP LFP LFPgap LGPS NFM NVP S1cap S1gap Si TiN WC"},
		{"battery/specific-capacity", "LFP NFM NVP S1cap"},
		{"battery/specific-capacity > 150 mAh/g", "LFP NFM S1cap"},
		{"battery/specific-capacity > 150", "LFP NFM S1cap"},
		{"battery/specific-capacity > 0.15 A h/g and subject has Na", "NFM"},
		{"specific capacity < 150 mAh/g", "NVP"},
		{"specific capacity <= 150 mAh/g", "LFP NVP"},
		{"비용량 > 150", "LFP NFM S1cap"},
		{"방전 용량 > 150 mAh/g 그리고 subject has Na", "NFM"},
		{"밴드갭 > 3 eV 또는 퀴리 온도 > 1000 K", "Fe LFPgap"},
		{"solid/band-gap = 1120 meV", "Si"},
		{"Eg between 1 and 1.2 eV", "Si"},
		{"Eg between 1000 meV and 1.2 eV", "Si"},
		{"band gap > 2 eV", "LFPgap"}, // "> 2 eV" states no gap above 2
		{"band gap >= 2 eV", "LFPgap S1gap"},
		{"Tc > 700 °C", "Fe"}, // 1043 K is 769.85 °C
		{"Tc = 769.85 °C", "Fe"},
		{"Tc > 770 °C", ""},
		{"solid/hardness > 20 GPa", "TiN WC"},
		{"solid/hardness >= 2200 HV", "WC"},
		{"solid/hardness", "TiN WC"},
		{"activation energy > 0.2 eV", "LGPS"}, // energy by amount is another dimension
		{"activation energy > 20 kJ/mol", "LATP"},
		{"활성화 에너지", "LATP LGPS"},
		// Two properties: the subjects that have both, and not a label that
		// two papers happen to share.
		{"specific-capacity > 100 and band-gap > 1", "LFP LFPgap"},
		{"specific-capacity > 100 and band-gap > 1 and confidence >= 0.5", ""},
		{"specific-capacity > 100 and not band-gap", "NFM NVP S1cap"},
		{"subject has Na and Fe", "NFM"},
		{"subject has Na and Fe and specific-capacity > 100", "NFM"},
		{"subject has any(Na, Ti)", "LATP NFM NVP TiN"},
		{"subject only (Li, Fe, P, O)", "Fe LFP LFPgap"},
		{"subject has W", "WC"}, // beyond the first 64 elements
		{`subject = "lifepo4"`, "LFP LFPgap"},
		{`subject = "FeLi(PO4)"`, "LFP LFPgap"}, // another order
		{`subject = LFP`, "LFP LFPgap"},         // an alias
		{`subject like "Na*"`, "NFM NVP"},
		{`subject != S1 and band-gap`, "LFPgap Si"},
		{"condition temperature between 20 and 30 °C", "NVP"},
		{"condition temperature between 290 K and 300 K", "NVP"},
		{"condition temperature > 30", "LFP"},
		{"condition temperature", "LFP NVP"},
		{"not condition temperature and specific-capacity", "NFM S1cap"},
		{"confidence < 0.5", "LFPgap"},
		{`document = "한글.txt"`, "WC"},
		{`document like "한*"`, "WC"},
		{`text "hello"`, ""},
		{`text "1043 K"`, "Fe"},
		{"(subject has Si or subject has Ti) and (band-gap or hardness)", "Si TiN"},
	} {
		q, err := knowledge.ParseQuery(test.query, fields)
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		var got []string
		for _, r := range collect(t, store.Query(t.Context(), q, knowledge.BySubject, 0)) {
			got = append(got, labels[r.ID])
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.query, s, test.want)
		}
	}
}
