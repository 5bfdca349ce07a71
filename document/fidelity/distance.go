package fidelity

// editDistance returns the least number of characters to insert, delete or
// replace to get from a to b. It fills a band around the diagonal that is
// doubled until the distance fits into it (Ukkonen, Information and Control 64
// (1985) 100), so that texts that are much alike are compared in linear time.
func editDistance(a, b []rune) int {
	for band := 16; ; band *= 2 {
		d := bandedDistance(a, b, band)
		if d <= band || band >= len(a)+len(b) {
			return d
		}
	}
}

// bandedDistance returns the distance over paths that stay within band of the
// diagonal; it is the edit distance if it is at most band.
func bandedDistance(a, b []rune, band int) int {
	if n := len(a) - len(b); n > band || -n > band {
		return band + 1
	}
	const far = 1 << 30
	above, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		above[j], row[j] = far, far
		if j <= band {
			above[j] = j
		}
	}
	for i := 1; i <= len(a); i++ {
		from, to := max(0, i-band), min(len(b), i+band)
		if from == 0 {
			row[0] = i
		} else {
			row[from-1] = far
		}
		for j := max(1, from); j <= to; j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, above[j]+1, row[j-1]+1)
		}
		if to < len(b) {
			row[to+1] = far
		}
		above, row = row, above
	}
	return above[len(b)]
}
