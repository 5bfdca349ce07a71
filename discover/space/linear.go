package space

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxTerms bounds the terms of an expression.
const maxTerms = 500

// ParseLinear reads a constraint as "2*time + temperature <= 300": sums of
// variables times numbers on both sides of <=, >= or =. Operators stand between
// blanks, as names may hold hyphens; a name with blanks stands in brackets:
// "[flow rate] >= 3".
func (s *Space) ParseLinear(text string) (Linear, error) {
	l := Linear{Text: text, Low: math.Inf(-1), High: math.Inf(1)}
	op, left, right := "", "", ""
	for _, o := range []string{"<=", ">=", "=", "<", ">"} {
		if before, after, ok := strings.Cut(text, o); ok {
			op, left, right = o, before, after
			break
		}
	}
	switch op {
	case "":
		return l, fmt.Errorf("%q compares nothing; write a sum, <=, >= or =, and a number", text)
	case "<", ">":
		return l, fmt.Errorf("%q: write %s=", text, op)
	}
	factors := map[int]float64{}
	constant, err := s.sum(left, 1, factors)
	if err != nil {
		return l, fmt.Errorf("%q: %w", text, err)
	}
	other, err := s.sum(right, -1, factors)
	if err != nil {
		return l, fmt.Errorf("%q: %w", text, err)
	}
	for j := range s.Variables {
		if f := factors[j]; f != 0 {
			l.Terms = append(l.Terms, Term{j, f})
		}
	}
	if len(l.Terms) == 0 {
		return l, fmt.Errorf("%q holds no variable", text)
	}
	if limit := -(constant + other); op == "<=" {
		l.High = limit
	} else if op == ">=" {
		l.Low = limit
	} else {
		l.Low, l.High = limit, limit
	}
	return l, nil
}

// ParseSum reads a sum of variables times numbers, and its constant.
func (s *Space) ParseSum(text string) (terms []Term, constant float64, err error) {
	factors := map[int]float64{}
	if constant, err = s.sum(text, 1, factors); err != nil {
		return nil, 0, fmt.Errorf("%q: %w", text, err)
	}
	for j := range s.Variables {
		if f := factors[j]; f != 0 {
			terms = append(terms, Term{j, f})
		}
	}
	return terms, constant, nil
}

// sum adds the terms of text, times sign, to factors and returns the constant.
func (s *Space) sum(text string, sign float64, factors map[int]float64) (constant float64, err error) {
	rest := strings.TrimSpace(text)
	if rest == "" {
		return 0, fmt.Errorf("a side is empty")
	}
	for n := 0; rest != ""; n++ {
		if n == maxTerms {
			return 0, fmt.Errorf("more than %d terms", maxTerms)
		}
		factor := sign
		switch {
		case strings.HasPrefix(rest, "+ ") && n > 0:
			rest = strings.TrimSpace(rest[1:])
		case strings.HasPrefix(rest, "- "), n == 0 && strings.HasPrefix(rest, "-"):
			factor = -sign
			rest = strings.TrimSpace(rest[1:])
		case n > 0:
			return 0, fmt.Errorf("+ or - between blanks is missing before %q", rest)
		}
		variable := -1
		for more := true; more; { // factors joined by *
			word, after, bracketed, err := token(rest)
			if err != nil {
				return 0, err
			}
			if rest, more = strings.CutPrefix(after, "*"); more {
				rest = strings.TrimSpace(rest)
			}
			if x, err := strconv.ParseFloat(word, 64); err == nil && !bracketed && !math.IsInf(x, 0) && !math.IsNaN(x) {
				factor *= x
				continue
			}
			j := s.Column(word)
			switch {
			case j < 0:
				return 0, fmt.Errorf("%q is neither a variable nor a number", word)
			case s.Variables[j].Kind != Number:
				return 0, fmt.Errorf("%s is no number", word)
			case variable >= 0:
				return 0, fmt.Errorf("%s is multiplied with another variable; only sums can be limited", word)
			}
			variable = j
		}
		if variable >= 0 {
			factors[variable] += factor
		} else {
			constant += factor
		}
	}
	return constant, nil
}

// token cuts the first word off text: up to a blank or *, or in brackets.
func token(text string) (word, rest string, bracketed bool, err error) {
	if inside, ok := strings.CutPrefix(text, "["); ok {
		word, rest, ok = strings.Cut(inside, "]")
		if !ok {
			return "", "", false, fmt.Errorf("a bracket does not close in %q", text)
		}
		return word, strings.TrimSpace(rest), true, nil
	}
	i := strings.IndexAny(text, " \t*")
	if i < 0 {
		i = len(text)
	}
	if i == 0 {
		return "", "", false, fmt.Errorf("a name or number is missing at %q", text)
	}
	return text[:i], strings.TrimSpace(text[i:]), false, nil
}
