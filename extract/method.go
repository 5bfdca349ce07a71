package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/record"
)

// measurements lists methods of measuring, in lower case, with the properties that they
// measure. A sentence or a caption that names one tells how these were found, and says
// nothing of the others in it.
var measurements = []struct{ words, properties []string }{
	{[]string{"dsc", "differential scanning calorimetry", "differential thermal analysis", "dta"}, []string{"glass-transition-temperature", "melting-temperature", "crystallisation-temperature", "enthalpy-of-fusion", "crystallinity", "phase-transition-temperature", "specific-heat"}},
	{[]string{"tga", "thermogravimetry", "thermogravimetric analysis", "thermogravimetric analyses"}, []string{"decomposition-temperature", "char-yield", "weight-loss"}},
	{[]string{"dma", "dmta", "dynamic mechanical analysis"}, []string{"glass-transition-temperature", "storage-modulus", "loss-modulus", "crosslink-density"}},
	{[]string{"dilatometry"}, []string{"thermal-expansion-coefficient", "glass-transition-temperature"}},
	{[]string{"gitt", "pitt", "galvanostatic intermittent titration"}, []string{"diffusion-coefficient"}},
	{[]string{"bruce–vincent", "bruce-vincent", "evans"}, []string{"transference-number"}},
	{[]string{"linear sweep voltammetry", "lsv"}, []string{"electrochemical-window"}},
	{[]string{"xrd", "pxrd", "powder xrd", "high-temperature xrd", "x-ray diffraction", "powder x-ray diffraction", "rietveld"}, []string{"lattice-parameter", "cell-volume", "interlayer-spacing", "crystallite-size", "bond-length", "thermal-expansion-coefficient"}},
	{[]string{"neutron diffraction", "neutron powder diffraction"}, []string{"lattice-parameter", "cell-volume", "bond-length", "magnetic-moment"}},
	{[]string{"scherrer"}, []string{"crystallite-size"}},
	{[]string{"dls", "dynamic light scattering", "tem", "sem"}, []string{"particle-size"}},
	{[]string{"bet"}, []string{"surface-area"}},
	{[]string{"bjh"}, []string{"pore-size", "pore-volume"}},
	{[]string{"mercury porosimetry", "mercury intrusion"}, []string{"porosity", "pore-size", "pore-volume"}},
	{[]string{"archimedes", "archimedes’", "archimedes'"}, []string{"density", "relative-density", "porosity"}},
	{[]string{"hall"}, []string{"carrier-concentration", "mobility"}},
	{[]string{"sclc", "space-charge-limited current", "space-charge-limited-current", "space charge limited current"}, []string{"mobility", "trap-density"}},
	{[]string{"afm", "atomic force microscopy"}, []string{"surface-roughness"}},
	{[]string{"ellipsometry"}, []string{"refractive-index", "band-gap", "absorption-coefficient"}},
	{[]string{"tauc"}, []string{"band-gap", "optical-gap"}},
	{[]string{"kelvin probe"}, []string{"work-function"}},
	{[]string{"ups", "ultraviolet photoelectron spectroscopy"}, []string{"work-function", "homo", "electron-affinity"}},
	{[]string{"vsm", "squid"}, []string{"magnetisation", "remanence", "coercivity", "magnetic-moment", "effective-moment"}},
	{[]string{"arrott", "kouvel–fisher", "kouvel-fisher"}, []string{"curie-temperature"}},
	{[]string{"nanoindentation"}, []string{"hardness", "youngs-modulus"}},
	{[]string{"vickers", "knoop"}, []string{"hardness"}},
	{[]string{"sec", "gpc", "size exclusion chromatography", "size-exclusion chromatography", "gel permeation chromatography"}, []string{"number-average-molar-mass", "weight-average-molar-mass", "dispersity"}},
	{[]string{"1h nmr", "nmr"}, []string{"conversion", "number-average-molar-mass", "degree-of-polymerisation", "grafting-degree"}},
}

// measuring tells what each method of measurements, by its words, measures.
var measuring = func() map[string][]string {
	out := map[string][]string{}
	for _, m := range measurements {
		for _, w := range m.words {
			out[w] = m.properties
		}
	}
	return out
}()

// onlyDeclared are the conditions that count for those properties only that declare them:
// elsewhere such a quantity is of something else in the sentence.
var onlyDeclared = map[string]bool{"luminance": true, "magnetic-field": true, "time": true, "heat-flux": true, "cycle": true}

// suits reports whether c, which the sentence or the table of a value of p states,
// can be a condition of that value.
func suits(c *record.Condition, p *field.Property) bool {
	if c.Name == "method" {
		properties, known := measuring[asciiLower(c.Text)]
		return !known || slices.Contains(properties, p.Name)
	}
	if c.Name == "cycle" && strings.HasPrefix(c.Text, "over ") && !strings.Contains(p.Name, "retention") && !strings.Contains(p.Name, "fade") && !strings.Contains(p.Name, "efficiency") {
		return false // an initial capacity and what is left of it over 500 cycles
	}
	return !onlyDeclared[c.Name] || slices.Contains(p.Conditions, c.Name)
}

// suited returns the conditions that can be conditions of a value of p.
func suited(conditions []record.Condition, p *field.Property) []record.Condition {
	out := make([]record.Condition, 0, len(conditions))
	for i := range conditions {
		if suits(&conditions[i], p) {
			out = append(out, conditions[i])
		}
	}
	return out
}
