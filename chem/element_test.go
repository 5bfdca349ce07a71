package chem

import "testing"

func TestMetal(t *testing.T) {
	for symbol, want := range map[string]bool{
		"H": false, "He": false, "Li": true, "Be": true, "B": false, "Ne": false, "Na": true, "Al": true, "Si": false, "Ar": false, "Fe": true, "Ga": true, "Ge": false, "As": false, "Kr": false,
		"Rb": true, "Sn": true, "Sb": false, "Te": false, "Xe": false, "Cs": true, "Nd": true, "Bi": true, "Po": true, "At": false, "Rn": false, "U": true, "Og": false,
	} {
		e, ok := BySymbol(symbol)
		if !ok || e.Metal() != want {
			t.Errorf("%s is a metal: %t, want %t", symbol, e.Metal(), want)
		}
	}
	if Element(0).Metal() {
		t.Error("no element is a metal")
	}
}
