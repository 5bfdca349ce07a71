package molecule

// anyNumber ends the valences of an element that may have any number of bonds.
const anyNumber = -1

// valences are the usual valences of the elements by atomic number, those of
// neutral atoms. Charged atoms have the valences of the element with as many
// electrons. They are the ones of RDKit (Data of its periodic table, release
// 2026.09), so that molecules get the same hydrogens as there; for the organic
// subset they are those of OpenSMILES except that nitrogen is never pentavalent.
var valences = [119][]int8{
	0:   {anyNumber},
	1:   {1},            // H
	2:   {0},            // He
	3:   {1, anyNumber}, // Li
	4:   {2},            // Be
	5:   {3},            // B
	6:   {4},            // C
	7:   {3},            // N
	8:   {2},            // O
	9:   {1},            // F
	10:  {0},            // Ne
	11:  {1, anyNumber}, // Na
	12:  {2, anyNumber}, // Mg
	13:  {3},            // Al
	14:  {4},            // Si
	15:  {3, 5},         // P
	16:  {2, 4, 6},      // S
	17:  {1},            // Cl
	18:  {0},            // Ar
	19:  {1, anyNumber}, // K
	20:  {2, anyNumber}, // Ca
	21:  {anyNumber},    // Sc
	22:  {anyNumber},    // Ti
	23:  {anyNumber},    // V
	24:  {anyNumber},    // Cr
	25:  {anyNumber},    // Mn
	26:  {anyNumber},    // Fe
	27:  {anyNumber},    // Co
	28:  {anyNumber},    // Ni
	29:  {anyNumber},    // Cu
	30:  {anyNumber},    // Zn
	31:  {3},            // Ga
	32:  {4},            // Ge
	33:  {3, 5},         // As
	34:  {2, 4, 6},      // Se
	35:  {1},            // Br
	36:  {0},            // Kr
	37:  {1, anyNumber}, // Rb
	38:  {2, anyNumber}, // Sr
	39:  {anyNumber},    // Y
	40:  {anyNumber},    // Zr
	41:  {anyNumber},    // Nb
	42:  {anyNumber},    // Mo
	43:  {anyNumber},    // Tc
	44:  {anyNumber},    // Ru
	45:  {anyNumber},    // Rh
	46:  {anyNumber},    // Pd
	47:  {anyNumber},    // Ag
	48:  {anyNumber},    // Cd
	49:  {3},            // In
	50:  {2, 4},         // Sn
	51:  {3, 5},         // Sb
	52:  {2, 4, 6},      // Te
	53:  {1, 3, 5},      // I
	54:  {0, 2, 4, 6},   // Xe
	55:  {1},
	56:  {2, anyNumber},
	57:  {anyNumber},
	58:  {anyNumber},
	59:  {anyNumber},
	60:  {anyNumber},
	61:  {anyNumber},
	62:  {anyNumber},
	63:  {anyNumber},
	64:  {anyNumber},
	65:  {anyNumber},
	66:  {anyNumber},
	67:  {anyNumber},
	68:  {anyNumber},
	69:  {anyNumber},
	70:  {anyNumber},
	71:  {anyNumber},
	72:  {anyNumber},
	73:  {anyNumber},
	74:  {anyNumber},
	75:  {anyNumber},
	76:  {anyNumber},
	77:  {anyNumber},
	78:  {anyNumber},
	79:  {anyNumber},
	80:  {anyNumber},
	81:  {anyNumber},
	82:  {2, 4},
	83:  {3, 5},
	84:  {2, 4, 6},
	85:  {1, 3, 5},
	86:  {0},
	87:  {1},
	88:  {2, anyNumber},
	89:  {anyNumber},
	90:  {anyNumber},
	91:  {anyNumber},
	92:  {anyNumber},
	93:  {anyNumber},
	94:  {anyNumber},
	95:  {anyNumber},
	96:  {anyNumber},
	97:  {anyNumber},
	98:  {anyNumber},
	99:  {anyNumber},
	100: {anyNumber},
	101: {anyNumber},
	102: {anyNumber},
	103: {anyNumber},
	104: {anyNumber},
	105: {anyNumber},
	106: {anyNumber},
	107: {anyNumber},
	108: {anyNumber},
	109: {anyNumber},
	110: {anyNumber},
	111: {anyNumber},
	112: {anyNumber},
	113: {anyNumber},
	114: {anyNumber},
	115: {anyNumber},
	116: {anyNumber},
	117: {anyNumber},
	118: {anyNumber},
}

// outerElectrons are the numbers of electrons in the outer shell by atomic
// number, from the same source.
var outerElectrons = [119]int8{
	0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1,
	2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3,
	4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 3,
	4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11,
	2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 3, 4, 5, 6, 7, 8, 9, 10, 11,
	12, 13, 14, 15, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
}
