package descriptor

import "github.com/alkahest/alkahest/chem/molecule"

// Properties are the descriptors of a molecule.
type Properties struct {
	Formula        string  `json:"formula"`
	Mass           float64 `json:"mass"`      // average, u
	ExactMass      float64 `json:"exactMass"` // u
	HeavyAtoms     int     `json:"heavyAtoms"`
	Charge         int     `json:"charge"` // e
	Rings          int     `json:"rings"`
	AromaticRings  int     `json:"aromaticRings"`
	LogP           float64 `json:"logP"`              // Crippen
	MolarRefract   float64 `json:"molarRefractivity"` // cm³/mol
	TPSA           float64 `json:"tpsa"`              // Å²
	Donors         int     `json:"donors"`
	Acceptors      int     `json:"acceptors"`
	RotatableBonds int     `json:"rotatableBonds"`
	FractionSP3    float64 `json:"fractionSp3"`
	Stereocentres  int     `json:"stereocentres"`
	QED            float64 `json:"qed"`
	Synthesis      float64 `json:"syntheticAccessibility"` // 1 easy, 10 hard
}

// Of computes all properties of m.
func Of(m *molecule.Molecule) Properties {
	p := Properties{
		Formula: Formula(m), Mass: Mass(m), ExactMass: ExactMass(m), HeavyAtoms: HeavyAtoms(m),
		Rings: m.NumRings(), AromaticRings: AromaticRings(m), TPSA: TPSA(m), Donors: Donors(m), Acceptors: Acceptors(m),
		RotatableBonds: RotatableBonds(m), FractionSP3: FractionSP3(m), QED: QED(m), Synthesis: SyntheticAccessibility(m),
	}
	for _, a := range m.Atoms() {
		p.Charge += int(a.Charge)
	}
	p.LogP, p.MolarRefract = Crippen(m)
	atoms, bonds := Stereocentres(m)
	p.Stereocentres = atoms + bonds
	return p
}

// Rule is a rule of thumb for compounds that are taken up by the body.
type Rule struct {
	Name   string
	Source string
	limits []limit
}

// limit bounds one property from both sides.
type limit struct {
	name     string
	value    func(p *Properties, m *molecule.Molecule) float64
	low, top float64
}

// Rules returns the rules.
func Rules() []Rule { return rules }

const none = 1e300

var (
	mass    = func(p *Properties, _ *molecule.Molecule) float64 { return p.Mass }
	logP    = func(p *Properties, _ *molecule.Molecule) float64 { return p.LogP }
	tpsa    = func(p *Properties, _ *molecule.Molecule) float64 { return p.TPSA }
	turning = func(p *Properties, _ *molecule.Molecule) float64 { return float64(p.RotatableBonds) }
	ringsOf = func(p *Properties, _ *molecule.Molecule) float64 { return float64(p.Rings) }
	refract = func(p *Properties, _ *molecule.Molecule) float64 { return p.MolarRefract }
	accepts = func(p *Properties, _ *molecule.Molecule) float64 { return float64(p.Acceptors) }
	donates = func(p *Properties, _ *molecule.Molecule) float64 { return float64(p.Donors) }
)

var rules = []Rule{
	{"Lipinski", "Lipinski et al., Adv. Drug Deliv. Rev. 23 (1997) 3: at most one of four limits is passed", []limit{
		{"mass", mass, -none, 500}, {"logP", logP, -none, 5},
		{"N-H and O-H", func(_ *Properties, m *molecule.Molecule) float64 { return float64(polarHydrogens(m)) }, -none, 5},
		{"N and O", func(_ *Properties, m *molecule.Molecule) float64 { return float64(nitrogenAndOxygen(m)) }, -none, 10},
	}},
	{"Veber", "Veber et al., J. Med. Chem. 45 (2002) 2615", []limit{
		{"rotatable bonds", turning, -none, 10}, {"TPSA", tpsa, -none, 140},
	}},
	{"Egan", "Egan, Merz and Baldwin, J. Med. Chem. 43 (2000) 3867", []limit{
		{"logP", logP, -none, 5.88}, {"TPSA", tpsa, -none, 131.6},
	}},
	{"Ghose", "Ghose, Viswanadhan and Wendoloski, J. Comb. Chem. 1 (1999) 55", []limit{
		{"mass", mass, 160, 480}, {"logP", logP, -0.4, 5.6}, {"molar refractivity", refract, 40, 130},
		{"atoms", func(_ *Properties, m *molecule.Molecule) float64 { return float64(allAtoms(m)) }, 20, 70},
	}},
	{"Muegge", "Muegge, Heald and Brittelli, J. Med. Chem. 44 (2001) 1841", []limit{
		{"mass", mass, 200, 600}, {"logP", logP, -2, 5}, {"TPSA", tpsa, -none, 150}, {"rings", ringsOf, -none, 7},
		{"carbons", func(_ *Properties, m *molecule.Molecule) float64 {
			return float64(count(m, func(a molecule.Atom) bool { return a.Element == 6 }))
		}, 5, none},
		{"heteroatoms", func(_ *Properties, m *molecule.Molecule) float64 {
			return float64(count(m, func(a molecule.Atom) bool { return a.Element != 6 && a.Element > 1 }))
		}, 2, none},
		{"rotatable bonds", turning, -none, 15}, {"acceptors", accepts, -none, 10}, {"donors", donates, -none, 5},
	}},
}

// Broken returns the names of the limits of r that m, with the properties p, does
// not keep. Lipinski's rule forgives one, see [Rule.Holds].
func (r *Rule) Broken(p *Properties, m *molecule.Molecule) []string {
	var out []string
	for _, l := range r.limits {
		if v := l.value(p, m); v < l.low || v > l.top {
			out = append(out, l.name)
		}
	}
	return out
}

// Holds reports whether m, with the properties p, keeps r.
func (r *Rule) Holds(p *Properties, m *molecule.Molecule) bool {
	forgiven := 0
	if r.Name == "Lipinski" {
		forgiven = 1
	}
	return len(r.Broken(p, m)) <= forgiven
}

func count(m *molecule.Molecule, is func(molecule.Atom) bool) int {
	n := 0
	for _, a := range m.Atoms() {
		if is(a) {
			n++
		}
	}
	return n
}

// nitrogenAndOxygen returns the number of atoms N and O, Lipinski's acceptors.
func nitrogenAndOxygen(m *molecule.Molecule) int {
	return count(m, func(a molecule.Atom) bool { return a.Element == 7 || a.Element == 8 })
}

// polarHydrogens returns the number of hydrogens at N and O, Lipinski's donors.
func polarHydrogens(m *molecule.Molecule) int {
	n := 0
	for i, a := range m.Atoms() {
		if a.Element == 7 || a.Element == 8 {
			n += m.TotalHydrogens(i)
		}
	}
	return n
}

// allAtoms returns the number of atoms, hydrogens included.
func allAtoms(m *molecule.Molecule) int {
	n := m.NumAtoms()
	for _, a := range m.Atoms() {
		n += int(a.Hydrogens)
	}
	return n
}
