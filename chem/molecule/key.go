package molecule

import (
	"crypto/sha256"
	"encoding/base32"
)

// Key identifies a molecule by "ak1-" and 26 letters and digits: the first 128 bits of the
// SHA-256 of its canonical SMILES, in base 32. It is the same for all ways to write
// the molecule. It is no InChIKey: the standard InChI algorithm is defined by its
// implementation in C, and there is none in Go.
//
// The prefix names this canonical form; another canonical form would have another.
func (m *Molecule) Key() string {
	sum := sha256.Sum256([]byte(m.SMILES()))
	return "ak1-" + base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])
}
