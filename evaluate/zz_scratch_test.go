package evaluate

import (
	"context"
	"fmt"
	"github.com/alkahest/alkahest/extract"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	s := time.Now()
	m, err := TrainSubjects(context.Background(), corpora(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := extract.WriteSubjects(m)
	fmt.Println(len(d), time.Since(s))
	os.WriteFile("/work/extract/extract/weights/subjects.bin", d, 0o644)
}
