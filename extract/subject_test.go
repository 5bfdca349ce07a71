package extract

import (
	"slices"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field/declared"
)

// TestSubjects tests which words of a sentence name a material. Those named as a host
// have a "-" in front.
func TestSubjects(t *testing.T) {
	fields, err := declared.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	x := New(fields)
	for _, c := range []struct {
		text string
		want []string
	}{
		// elements that are materials
		{"Cobalt is ferromagnetic below 1115 °C, and films of Ni were compared with bcc-Fe.", []string{"Cobalt", "Ni", "Fe"}},
		{"The resistivity of poly-Si layers is higher than that of copper.", []string{"Si", "copper"}},
		// elements in the names of others
		{"Cobalt–zinc ferrite powders of nominal composition Co0.7Zn0.3Fe2O4 were milled.", []string{"Co0.7Zn0.3Fe2O4"}},
		{"Sodium–oxygen batteries and zinc–air cells have an energy density of 1100 Wh/kg.", nil},
		{"A lithium metal anode faces a high-nickel cathode.", nil},
		{"Crystals of sodium bismuth titanate and of zinc chromite were grown.", nil},
		{"The iridium complex was made from iron(III) nitrate and Mn²⁺ salts.", nil},
		// elements that are counted
		{"The moment is 2.2 μB per Fe, 0.4 meV per chromium and 1.1 μB per effective Mn ion.", nil},
		{"The average Ni moment and the spectra of Co atoms were recorded with Cu Kα radiation.", nil},
		{"The 27Al NMR spectrum of Al2O3 was recorded.", []string{"Al2O3"}},
		// elements that were added
		{"Replacing 3 at.% Fe by Co, the crystals of Fe5GeTe2 with 8% Ni order at 270 K.", []string{"Fe5GeTe2"}},
		{"On doping with 0.2 wt% of Sb and Fe the coercivity of CrO2 rises.", []string{"CrO2"}},
		{"As manganese replaces iron, the order of FeGe weakens.", []string{"FeGe"}},
		// names of several parts
		{"Ceramics of (1−x)K0.5Na0.5NbO3–xBiFeO3 and 0.7BiFeO3–0.3BaTiO3 and PZT-5A were poled.", []string{"(1-x)K0.5Na0.5NbO3-xBiFeO3", "0.7BiFeO3-0.3BaTiO3", "PZT-5A"}},
		{"The emitters BCz-PXZ, DMAC-TRZ-P and G-BN were compared with (ppy)2Ir(acac).", []string{"BCz-PXZ", "DMAC-TRZ-P", "G-BN", "(ppy)2Ir(acac)"}},
		{"The magnets [Tb(Cp*)2][B(C6F5)4] and {[PPh4][MnCr(ox)3]}n were compared with [Fe(bpy)3]2+.", []string{"[Tb(Cp*)2][B(C6F5)4]", "{[PPh4][MnCr(ox)3]}n", "[Fe(bpy)3]2+"}},
		{"The cathodes S/CNT and S/Ni-NC were paired with PEO–LLZO15.", []string{"S/CNT", "S/Ni-NC", "PEO-LLZO15"}},
		{"A stack of W(t)/CoFeB(1.2 nm)/MgO(2 nm) and [Co(0.5 nm)/Ni(1 nm)]4 multilayers lie on Si(111).", []string{"W(t)/CoFeB(1.2nm)/MgO(2nm)", "[Co(0.5nm)/Ni(1nm)]4"}},
		{"Powders of γ′-Fe4N were nitrided.", []string{"Fe4N"}},
		// what something else was made with or measured in
		{"With 0.5 M Na2SO4 the capacitance of MnO2 was stable in H2SO4.", []string{"-Na2SO4", "MnO2", "-H2SO4"}},
		{"The conductivity of 1 M LiPF6 in propylene carbonate was measured.", []string{"LiPF6", "propylene carbonate"}},
		{"No residual PbI2 was left in MAPbI3 films after etching with HCl in quartz tubes.", []string{"-PbI2", "MAPbI3", "-HCl", "-quartz"}},
		// what a letter stands for
		{"The alloys CoFeCrZ (Z = Al, Ga and Si) and RNi5 compounds (R = La, Ce) differ: 2 and 1 μB for Z = Al and Si, none for R = Ce, at T = 5 K.", []string{"CoFeCrZ", "RNi5", "CoFeCrAl", "CoFeCrSi", "CeNi5"}},
		{"Salts [NBu4][MIICr(ox)3] (M = Fe, Ni) were made; that with M = Ni orders.", []string{"[NBu4][MIICr(ox)3]", "[NBu4][NiCr(ox)3]"}},
		// minerals, trade names and what comes of a reaction
		{"Ulvöspinel, titanomagnetite and Supermalloy were compared with Metglas 2605SC.", []string{"Ulvöspinel", "titanomagnetite", "Supermalloy", "Metglas 2605SC"}},
		{"At 700 K the nitride Fe16N2 decomposes into α-Fe and Fe4N.", []string{"Fe16N2", "-Fe", "-Fe4N"}},
		{"Activated carbon fibres and a perovskite of GdFeO3-like structure were studied.", []string{"Activated carbon fibres", "-GdFeO3"}},
		// labels behind what they are the label of
		{"The copolymers PBTT-TQ and PBTT-BQ, the superalloy KX-2 and 3CzPhBN were made; XRD of polymer PBTT-TQ-based films failed.", []string{"PBTT-TQ", "PBTT-BQ", "KX-2", "3CzPhBN", "PBTT-TQ"}},
		{"With 0.2 mol kg−1 of LiTFSI and 20 mg of ZnO the film of 6FDA-mPDA swells.", []string{"-LiTFSI", "-ZnO", "6FDA-mPDA"}},
		{"Soy protein/PVA films were cast.", []string{"Soy protein/PVA"}},
		// the numbers of a paper
		{"The salts KV[Cr(CN)6]·2H2O (1) and CsMn[Cr(CN)6] (2) order at 330 and 90 K. The coercive fields of 1 and 2 are 2 and 15 mT, while 2 shows a spin flop at 2 T for 3 of 5 samples.", []string{"KV[Cr(CN)6]·2H2O", "CsMn[Cr(CN)6]", "KV[Cr(CN)6]·2H2O", "CsMn[Cr(CN)6]", "CsMn[Cr(CN)6]"}},
		// samples that only a word tells apart
		{"The pristine electrode loses 30%, the coated electrode less; the control was not cycled, nor was the control of temperature.", []string{"pristine electrode", "coated electrode", "control"}},
		{"Our LiCoO2 reference electrode and the doped film were stored.", []string{"LiCoO2"}},
		{"The emitter TPXZ-BX was doped into films. Devices of TPXZ-BX and Zn0.3V2O5·nH2O and 0.84NaNbO3–0.16BaTiO3 and 10 wt% doped mCP were made.", []string{"TPXZ-BX", "TPXZ-BX", "Zn0.3V2O5·nH2O", "0.84NaNbO3-0.16BaTiO3", "-mCP"}},
		{"Ferrites substituted with La and Co, (Nd,Pr)–Fe–B magnets, and S@Fe–N–C were studied under 2 bar N2. With Co the loss of BaFe12O19 falls.", []string{"(Nd,Pr)-Fe-B", "S@Fe-N-C", "-N2", "BaFe12O19"}},
		{"The UP/DOPS–POSS composite passed; XRD/SEM membrane tests failed.", []string{"UP/DOPS-POSS"}},
		// devices, where no material is named
		{"A pouch cell was built. In fuel cell mode the cell gave 0.6 W.", []string{"pouch cell", "cell"}},
		{"A pouch cell with LiCoO2 was built.", []string{"LiCoO2"}},
		{"Solar cells have improved.", nil},
		// powers of units, and symbols with the number of a reference
		{"Its toughness is 1.4 (MPa)1/2, and the VOC79 of CuSCN is 1 V.", []string{"CuSCN"}},
	} {
		r := newReading(x, &document.Document{Blocks: []document.Block{{Kind: document.Paragraph, Text: c.text}}})
		var got []string
		for _, s := range r.mentions[0].subjects {
			name := s.subject.Name
			if s.host {
				name = "-" + name
			}
			got = append(got, name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}
