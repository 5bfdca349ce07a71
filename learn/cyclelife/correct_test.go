package cyclelife

import (
	"math"
	"testing"
)

// TestCorrection uses the lives of five cells each of three protocols, measured
// and predicted early, of Attia et al., Nature 578 (2020) 397, validation
// (4.4-5.6-5.2, 6-5.6-4.4 and 8-7-5.2), to correct those of another (7-4.8-4.8).
func TestCorrection(t *testing.T) {
	early := []float64{1074, 910, 1055, 1315, 926, 970, 974, 1003, 914, 952, 486, 531, 585, 581, 718}
	measured := []float64{914, 678, 989, 1089, 751, 819, 772, 1039, 829, 943, 443, 454, 477, 506, 600}
	c, err := NewCorrection(early, measured)
	if err != nil {
		t.Fatal(err)
	}
	if c.Shift >= 0 {
		t.Errorf("lives were predicted too long, but the shift is %v", c.Shift)
	}
	plain, corrected := 0.0, 0.0
	for i, e := range []float64{986, 1038, 934, 894, 967} {
		m := []float64{910, 828, 992, 755, 864}[i]
		life, deviation := c.Correct(e)
		plain += e - m
		corrected += life - m
		if math.Abs(life-m) > 3*deviation {
			t.Errorf("corrected to %.0f ± %.0f, measured %v", life, deviation, m)
		}
	}
	if math.Abs(corrected) > math.Abs(plain)/2 {
		t.Errorf("the mean is off by %.0f cycles after correction, %.0f before", corrected/5, plain/5)
	}
	for _, bad := range [][2][]float64{{{1, 2}, {1, 2}}, {{1, 2, 3}, {1, 2, 0}}, {{1, 2, 3}, {1, 2}}} {
		if _, err := NewCorrection(bad[0], bad[1]); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}
