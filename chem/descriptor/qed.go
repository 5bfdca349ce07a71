package descriptor

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

//go:embed qed.tsv
var qedTSV string

// qedPatterns are the acceptors and alerts that QED counts.
var qedPatterns = sync.OnceValue(func() (p struct{ acceptors, alerts []*smarts.Pattern }) {
	for line := range strings.Lines(qedTSV) {
		kind, s, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		switch kind {
		case "acceptor":
			p.acceptors = append(p.acceptors, smarts.MustParse(s))
		case "alert":
			p.alerts = append(p.alerts, smarts.MustParse(s))
		}
	}
	return p
})

// desirability is an asymmetric double sigmoid with the weight of a property.
type desirability struct {
	a, b, c, d, e, f, max, weight float64
}

func (p desirability) of(x float64) float64 {
	rise := 1 + math.Exp(-(x-p.c+p.d/2)/p.e)
	fall := 1 + math.Exp(-(x-p.c-p.d/2)/p.f)
	return (p.a + p.b/rise*(1-1/fall)) / p.max
}

// qedProperties are the parameters of table S1 and the mean weights of Bickerton et
// al., in the order mass, logP, acceptors, donors, TPSA, rotatable bonds, aromatic
// rings, alerts.
var qedProperties = [8]desirability{
	{2.817065973, 392.5754953, 290.7489764, 2.419764353, 49.22325677, 65.37051707, 104.9805561, 0.66},
	{3.172690585, 137.8624751, 2.534937431, 4.581497897, 0.822739154, 0.576295591, 131.3186604, 0.46},
	{2.948620388, 160.4605972, 3.615294657, 4.435986202, 0.290141953, 1.300669958, 148.7763046, 0.05},
	{1.618662227, 1010.051101, 0.985094388, 0.000000001, 0.713820843, 0.920922555, 258.1632616, 0.61},
	{1.876861559, 125.2232657, 62.90773554, 87.83366614, 12.01999824, 28.51324732, 104.5686167, 0.06},
	{0.010000000, 272.4121427, 2.558379970, 1.565547684, 1.271567166, 2.758063707, 105.4420403, 0.65},
	{3.217788970, 957.7374108, 2.274627939, 0.000000001, 1.317690384, 0.375760881, 312.3372610, 0.48},
	{0.010000000, 1199.094025, -0.09002883, 0.000000001, 0.185904477, 0.875193782, 417.7253140, 0.95},
}

// QED returns the quantitative estimate of drug-likeness, from 0 to 1: the weighted
// geometric mean of the desirabilities of eight properties (Bickerton et al., Nat.
// Chem. 4 (2012) 90).
func QED(m *molecule.Molecule) float64 {
	logP, _ := Crippen(m)
	t := smarts.NewTarget(m)
	patterns := qedPatterns()
	acceptors, alerts := 0, 0
	for _, p := range patterns.acceptors {
		acceptors += len(p.MatchesIn(t, smarts.Options{}))
	}
	for _, p := range patterns.alerts {
		if p.In(t) {
			alerts++
		}
	}
	return qed([8]float64{
		Mass(m), logP, float64(acceptors), float64(Donors(m)), TPSA(m),
		float64(RotatableBonds(m)), float64(aromaticCycles(m)), float64(alerts),
	})
}

func qed(values [8]float64) float64 {
	var sum, weights float64
	for i, p := range qedProperties {
		sum += p.weight * math.Log(p.of(values[i]))
		weights += p.weight
	}
	return math.Exp(sum / weights)
}

// aromaticCycles returns the number of independent rings that remain without the
// aliphatic ring atoms that have a single bond to an aliphatic atom, as QED counts
// aromatic rings.
func aromaticCycles(m *molecule.Molecule) int {
	gone := make([]bool, m.NumAtoms())
	atoms := m.Atoms()
	kept := 0
	for i := range atoms {
		aliphaticNeighbour := false
		for _, n := range m.Neighbors(i) {
			aliphaticNeighbour = aliphaticNeighbour || !atoms[n.Atom].Aromatic && m.Bonds()[n.Bond].Order == molecule.Single
		}
		gone[i] = !atoms[i].Aromatic && m.AtomRings(i) > 0 && aliphaticNeighbour
		if !gone[i] {
			kept++
		}
	}
	bonds := 0
	parent := make([]int32, len(atoms))
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	parts := kept
	for _, b := range m.Bonds() {
		if gone[b.A] || gone[b.B] {
			continue
		}
		bonds++
		if x, y := find(b.A), find(b.B); x != y {
			parent[x] = y
			parts--
		}
	}
	return bonds - kept + parts
}
