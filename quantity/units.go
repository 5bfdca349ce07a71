package quantity

import (
	"math"
	"sort"
)

// definition is one unit of the table.
type definition struct {
	symbol  string    // canonical
	aliases []string  // other spellings
	factor  float64   // to the coherent SI unit
	dim     Dimension // of the coherent SI unit
	prefix  string    // the SI prefixes it takes, as letters of prefixes
	offset  float64   // kelvin, for temperature scales
}

// d builds a dimension from exponents of length, mass, time, current,
// temperature, amount and luminous intensity.
func d(exponents ...int8) Dimension {
	var out Dimension
	for i, e := range exponents {
		out[i] = 2 * e
	}
	return out
}

// CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010); e and N_A
// are exact since 2019, the Bohr magneton has a relative uncertainty of 3e-10.
const (
	elementaryCharge = 1.602176634e-19     // C
	avogadro         = 6.02214076e23       // 1/mol
	bohrMagneton     = 9.2740100783e-24    // J/T
	hartree          = 4.3597447222071e-18 // J
	bohr             = 5.29177210903e-11   // m
	rydberg          = 2.1798723611035e-18 // J
)

// definitions is the table of units. Factors are from the SI Brochure, 9th ed.
// (2019), tables 2–8, and NIST SP 811 (2008), appendix B, where no other source
// is named.
var definitions = []definition{
	// base and derived SI units
	{"m", []string{"metre", "meter", "metres", "meters"}, 1, d(1), "pnµmcdk", 0},
	{"g", []string{"gram", "grams", "gm"}, 1e-3, d(0, 1), "npµmkM", 0},
	{"s", []string{"sec", "secs", "second", "seconds", "초"}, 1, d(0, 0, 1), "fpnµm", 0},
	{"A", []string{"ampere", "amperes", "amp"}, 1, d(0, 0, 0, 1), "pnµmkM", 0},
	{"K", []string{"kelvin", "Kelvin", "kelvins", "°K", "º K", "° K", "ºK"}, 1, d(0, 0, 0, 0, 1), "µmn", 0},
	{"mol", []string{"mole", "moles"}, 1, d(0, 0, 0, 0, 0, 1), "pnµmk", 0},
	{"cd", []string{"candela", "nit_cd"}, 1, d(0, 0, 0, 0, 0, 0, 1), "mk", 0},
	{"Hz", []string{"hertz"}, 1, d(0, 0, -1), "mkMGT", 0},
	{"N", []string{"newton"}, 1, d(1, 1, -2), "nµmkM", 0},
	{"Pa", []string{"pascal"}, 1, d(-1, 1, -2), "mhkMGT", 0},
	{"J", []string{"joule", "joules"}, 1, d(2, 1, -2), "pnµmkMG", 0},
	{"W", []string{"watt", "watts"}, 1, d(2, 1, -3), "pnµmkMG", 0},
	{"C", []string{"coulomb"}, 1, d(0, 0, 1, 1), "pnµmk", 0},
	{"V", []string{"volt", "volts", "Volt", "Volts"}, 1, d(2, 1, -3, -1), "nµmkM", 0},
	{"F", []string{"farad"}, 1, d(-2, -1, 4, 2), "pnµmk", 0},
	{"Ω", []string{"Ω", "ohm", "ohms", "Ohm", "Ohms", "ohm's"}, 1, d(2, 1, -3, -2), "nµmkMG", 0},
	{"S", []string{"siemens", "Siemens"}, 1, d(-2, -1, 3, 2), "pnµmk", 0},
	{"Wb", nil, 1, d(2, 1, -2, -1), "mµ", 0},
	{"T", []string{"tesla", "Tesla"}, 1, d(0, 1, -2, -1), "µmn", 0},
	{"H", []string{"henry"}, 1, d(2, 1, -2, -2), "nµm", 0},
	{"lm", []string{"lumen", "lumens"}, 1, d(0, 0, 0, 0, 0, 0, 1), "mk", 0},
	{"lx", []string{"lux"}, 1, d(-2, 0, 0, 0, 0, 0, 1), "mk", 0},
	{"rad", []string{"radian", "radians"}, 1, Dimension{angle: 2}, "mµ", 0},
	{"sr", nil, 1, Dimension{}, "", 0},
	{"Bq", nil, 1, d(0, 0, -1), "kMGT", 0},
	{"Gy", nil, 1, d(2, 0, -2), "mµk", 0},

	// accepted beside SI
	{"°C", []string{"℃", "degC", "oC", "ºC", "˚C", "◦C", "∘C", "° C", "º C", "◦ C", "∘ C", "degree Celsius", "degrees Celsius", "degree C", "degrees C", "°С"}, 1, d(0, 0, 0, 0, 1), "", 273.15},
	{"°F", []string{"degF", "ºF", "° F"}, 5.0 / 9, d(0, 0, 0, 0, 1), "", 459.67 * 5 / 9},
	{"min", []string{"Min", "mins", "minute", "minutes", "분"}, 60, d(0, 0, 1), "", 0},
	{"h", []string{"hr", "hrs", "hour", "hours", "시간"}, 3600, d(0, 0, 1), "", 0},
	{"day", []string{"d", "days"}, 86400, d(0, 0, 1), "", 0},
	{"week", []string{"weeks", "wk"}, 604800, d(0, 0, 1), "", 0},
	{"month", []string{"months", "개월"}, 2629746, d(0, 0, 1), "", 0},       // a twelfth of the mean Gregorian year
	{"year", []string{"years", "yr", "yrs"}, 31556952, d(0, 0, 1), "", 0}, // mean Gregorian year
	{"°", []string{"deg", "degree", "degrees", "º", "˚"}, math.Pi / 180, Dimension{angle: 2}, "", 0},
	{"L", []string{"l", "litre", "liter", "litres", "liters", "ℓ"}, 1e-3, d(3), "nµmdc", 0},
	{"t", []string{"tonne", "tonnes"}, 1000, d(0, 1), "", 0},
	{"Da", []string{"dalton", "Dalton", "amu"}, 1e-3, d(0, 1, 0, 0, 0, -1), "kM", 0}, // as a molar mass: 1 Da = 1 g/mol to 3e-10
	{"eV", []string{"electronvolt", "electron volt", "electron volts", "electronvolts"}, elementaryCharge, d(2, 1, -2), "µmkMG", 0},
	{"Å", []string{"Å", "Å", "angstrom", "Angstrom", "angstroms", "Angstroms", "Ångström", "˚A", "◦A", "°A"}, 1e-10, d(1), "", 0},
	{"bar", []string{"bars"}, 1e5, d(-1, 1, -2), "mk", 0},
	{"atm", nil, 101325, d(-1, 1, -2), "", 0},
	{"Torr", []string{"torr"}, 101325.0 / 760, d(-1, 1, -2), "m", 0},
	{"mmHg", nil, 133.322387415, d(-1, 1, -2), "", 0},
	{"psi", nil, 6894.757293168, d(-1, 1, -2), "k", 0},
	{"cal", []string{"calorie"}, 4.184, d(2, 1, -2), "k", 0}, // thermochemical
	{"M", []string{"molar"}, 1000, d(-3, 0, 0, 0, 0, 1), "nµm", 0},
	{"cm^-1", nil, 100, d(-1), "", 0},
	{"Ha", []string{"hartree", "Hartree"}, hartree, d(2, 1, -2), "m", 0},
	{"Ry", nil, rydberg, d(2, 1, -2), "m", 0},
	{"a0", nil, bohr, d(1), "", 0},
	{"in", []string{"inch", "inches"}, 0.0254, d(1), "", 0},
	{"rpm", nil, 1.0 / 60, d(0, 0, -1), "k", 0},

	// electromagnetism in Gaussian units (NIST SP 811, appendix B)
	{"Oe", []string{"oersted"}, 1000 / (4 * math.Pi), d(-1, 0, 0, 1), "k", 0},
	{"G", []string{"gauss", "Gauss"}, 1e-4, d(0, 1, -2, -1), "mk", 0},
	{"emu", nil, 1e-3, d(2, 0, 0, 1), "mµ", 0}, // magnetic moment
	{"µB", []string{"μB", "muB", "μ_B", "mu_B", "mu_{B}", "μ B", "Bohr magneton", "Bohr magnetons", "μ_{B}"}, bohrMagneton, d(2, 0, 0, 1), "", 0},
	{"D", []string{"debye", "Debye"}, 3.33564e-30, d(1, 0, 1, 1), "", 0},

	// ratios and counts
	{"%", []string{"percent", "per cent", "퍼센트", "%"}, 0.01, Dimension{}, "", 0},
	{"wt%", []string{"wt.%", "wt %", "wt. %", "weight %", "mass %", "mass%", "w/w%", "weight percent", "중량%"}, 0.01, Dimension{}, "", 0},
	{"at%", []string{"at.%", "at %", "at. %", "atom %", "atomic %", "atomic percent"}, 0.01, Dimension{}, "", 0},
	{"mol%", []string{"mol.%", "mol %", "mol. %", "mole %", "몰%"}, 0.01, Dimension{}, "", 0},
	{"vol%", []string{"vol.%", "vol %", "vol. %", "volume %"}, 0.01, Dimension{}, "", 0},
	{"‰", nil, 1e-3, Dimension{}, "", 0},
	{"ppm", nil, 1e-6, Dimension{}, "", 0},
	{"ppb", nil, 1e-9, Dimension{}, "", 0},
	{"phr", nil, 0.01, Dimension{}, "", 0},
	{"dB", nil, 1, Dimension{}, "", 0},
	{"cycle", []string{"cycles", "회", "사이클"}, 1, Dimension{cycles: 2}, "", 0},
	{"C-rate", []string{"C rate"}, 1.0 / 3600, d(0, 0, -1), "", 0}, // 1C empties the cell in one hour
	{"f.u.", []string{"fu", "formula unit"}, 1, Dimension{}, "", 0},
	{"atom", []string{"at", "atoms"}, 1, Dimension{}, "", 0},
	{"decade", []string{"dec"}, 1, Dimension{}, "", 0},
	{"sq", []string{"square", "□"}, 1, Dimension{}, "", 0},
	{"eq", nil, 1, Dimension{}, "m", 0},

	// materials testing
	{"HV", nil, 9.80665e6, d(-1, 1, -2), "", 0},                                                                 // Vickers: kgf/mm², ISO 6507-1
	{"kgf", nil, 9.80665, d(1, 1, -2), "", 0},                                                                   // standard gravity
	{"P", []string{"poise"}, 0.1, d(-1, 1, -1), "cm", 0},                                                        // dynamic viscosity
	{"dyn", []string{"dyne"}, 1e-5, d(1, 1, -2), "", 0},                                                         // surface tension
	{"erg", nil, 1e-7, d(2, 1, -2), "", 0},                                                                      //
	{"sccm", nil, 1e-6 / 60, d(3, 0, -1), "", 0},                                                                // as a volume flow at standard conditions
	{"Barrer", []string{"barrer", "barrers"}, 3.3464e-16, d(-1, -1, 1, 0, 0, 1), "", 0},                         // mol m m⁻² s⁻¹ Pa⁻¹; Stern, J. Polym. Sci. A-2 6 (1968) 1933
	{"GPU", nil, 3.3464e-10, d(-2, -1, 1, 0, 0, 1), "", 0},                                                      // gas permeance: 1e-6 cm³(STP) cm⁻² s⁻¹ cmHg⁻¹
	{"MGOe", nil, 1e5 / (4 * math.Pi), d(-1, 1, -2), "", 0},                                                     // energy product
	{"g/10min", []string{"g/10 min", "g per 10 min", "g (10 min)−1", "dg/min"}, 1e-3 / 600, d(0, 1, -1), "", 0}, // melt flow, ISO 1133-1
	{"sun", []string{"suns"}, 1000, d(0, 1, -3), "", 0},                                                         // AM1.5G irradiance, W/m², IEC 60904-3
}

// prefixes are the SI prefixes (SI Brochure, table 7). µ also stands for the
// Greek letter mu and for u.
var prefixes = map[rune]float64{
	'f': 1e-15, 'p': 1e-12, 'n': 1e-9, 'µ': 1e-6, 'm': 1e-3, 'c': 1e-2, 'd': 1e-1,
	'h': 1e2, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12,
}

// known is a unit symbol with its prefix applied.
type known struct {
	symbol string // canonical, with prefix
	factor float64
	dim    Dimension
	offset float64
}

// symbols maps every spelling of every unit, with and without prefix, to what
// it means. Where two spellings clash, the table's first unit wins, and a unit
// without prefix wins over one with.
var symbols = func() map[string]known {
	out := map[string]known{}
	put := func(s string, k known) {
		if _, taken := out[s]; !taken {
			out[s] = k
		}
	}
	for _, def := range definitions {
		for _, s := range append([]string{def.symbol}, def.aliases...) {
			put(s, known{def.symbol, def.factor, def.dim, def.offset})
		}
	}
	for _, def := range definitions {
		for _, p := range def.prefix {
			k := known{string(p) + def.symbol, def.factor * prefixes[p], def.dim, 0}
			if def.symbol == "g" && p == 'k' {
				k.factor = 1
			}
			names := append([]string{def.symbol}, def.aliases...)
			for _, s := range names {
				// Long names take no one-letter prefix ("mhours").
				if len([]rune(s)) > 3 && s != "Torr" {
					continue
				}
				put(string(p)+s, k)
				if p == 'µ' {
					put("μ"+s, k)
					put("u"+s, k)
				}
			}
		}
	}
	put("cc", known{"mL", 1e-6, d(3), 0})
	put("mAh", known{"mA h", 3.6, d(0, 0, 1, 1), 0})
	put("Ah", known{"A h", 3600, d(0, 0, 1, 1), 0})
	put("Wh", known{"W h", 3600, d(2, 1, -2), 0})
	put("kWh", known{"kW h", 3.6e6, d(2, 1, -2), 0})
	put("mWh", known{"mW h", 3.6, d(2, 1, -2), 0})
	delete(out, "in") // a word, in any text
	delete(out, "at")
	delete(out, "a0")
	delete(out, "nit_cd")
	delete(out, "cm^-1") // the scanner reads it as cm with an exponent
	return out
}()

// spellings are the spellings with a character that is no letter, longest
// first: they are matched before the letters of a symbol are collected.
var spellings = func() []string {
	var out []string
	for s := range symbols {
		for _, r := range s {
			if !unitLetter(r) {
				out = append(out, s)
				break
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if len(out[i]) != len(out[j]) {
			return len(out[i]) > len(out[j])
		}
		return out[i] < out[j]
	})
	return out
}()
