package extract

import (
	"fmt"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

// repaired is what is left of the confidence of a value that was corrected.
const repaired = 0.8

// recognised lowers the confidence of records that were read from recognised
// text, by how sure the recogniser was, and of values that were corrected. A
// record whose confidence falls below [Floor] is kept: it was read with more,
// and the reason is stated.
func recognised(doc *document.Document, records []*record.Record) {
	for _, r := range records {
		b := &doc.Blocks[r.Evidence.Block]
		if b.Recognition == 0 {
			continue
		}
		r.Confidence *= b.Recognition
		r.Reasons = append(r.Reasons, fmt.Sprintf("recognised in a picture with confidence %.2f", b.Recognition))
		for _, repair := range b.Repairs {
			if repair.Start < r.Evidence.End && repair.End > r.Evidence.Start || r.Subject.Block == r.Evidence.Block && repair.Start < r.Subject.End && repair.End > r.Subject.Start {
				r.Confidence *= repaired
				r.Reasons = append(r.Reasons, fmt.Sprintf("corrected: recognised as “%s”", repair.Was))
			}
		}
	}
}
