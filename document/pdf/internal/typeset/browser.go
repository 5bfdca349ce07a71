package main

// cells is the part of a style sheet that says how tables are ruled.
func (s style) cells() string {
	const all = `table{border-collapse:collapse;margin:1em auto;break-inside:avoid}caption{text-align:left;padding-bottom:.4em}td,th{padding:.15em .6em;text-align:center}td:first-child{text-align:left}.footnote{font-size:.85em}ol.references{list-style:none;padding-left:0}`
	switch s.rules {
	case "grid":
		return all + `td,th{border:.5pt solid #000}`
	case "ruled":
		return all + `table{border-top:1pt solid #000;border-bottom:1pt solid #000}tr:has(th)+tr:has(td){border-top:.5pt solid #000}`
	}
	return all
}
