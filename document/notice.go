package document

import "slices"

// Notice is what a publisher has said of a work after it was published.
type Notice string

// The notices, as the Committee on Publication Ethics divides them (COPE,
// Retraction guidelines, 2019, doi:10.24318/cope.2019.1.4).
const (
	NoNotice  Notice = ""
	Corrected Notice = "corrected" // in part wrong; a correction was published
	Concern   Notice = "concern"   // an expression of concern: may be unreliable
	Retracted Notice = "retracted" // retracted or withdrawn: not to be relied on
)

// Worst returns the gravest of notices. One that is not known counts as none.
func Worst(notices ...Notice) Notice {
	gravity := []Notice{NoNotice, Corrected, Concern, Retracted}
	worst := 0
	for _, n := range notices {
		worst = max(worst, slices.Index(gravity, n))
	}
	return gravity[worst]
}
