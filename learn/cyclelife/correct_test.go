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
		life, low, high, err := c.Correct(e, 0.99)
		if err != nil {
			t.Fatal(err)
		}
		plain += e - m
		corrected += life - m
		if m < low || m > high || high > 2*low {
			t.Errorf("corrected to %.0f, %.0f to %.0f, measured %v", life, low, high, m)
		}
	}
	if math.Abs(corrected) > math.Abs(plain)/2 {
		t.Errorf("the mean is off by %.0f cycles after correction, %.0f before", corrected/5, plain/5)
	}
	// The 95th percentile of Student's distribution with 2 degrees of freedom
	// is 2.920.
	three := Correction{Shift: 0.1, Deviation: 0.05, Cells: 3}
	if life, low, high, err := three.Correct(1000, 0.9); err != nil || math.Abs(life-1258.93) > 0.01 ||
		math.Abs(math.Log10(high/life)-2.920*0.05*math.Sqrt(4./3)) > 1e-4 || math.Abs(low*high-life*life) > 1e-3 {
		t.Errorf("%v, %v to %v, %v", life, low, high, err)
	}
	if _, _, _, err := c.Correct(1000, 1); err == nil {
		t.Error("a level of 1")
	}
	for _, bad := range [][2][]float64{{{1, 2}, {1, 2}}, {{1, 2, 3}, {1, 2, 0}}, {{1, 2, 3}, {1, 2}}} {
		if _, err := NewCorrection(bad[0], bad[1]); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}
