package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/alkahest/alkahest/chem/alert"
	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/discover"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/discover/supply"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/sqlite"
)

// literature gives the campaign the records of the database that it asks for.
func (e *environment) literature(ctx context.Context, campaign *discover.Campaign) (err error) {
	if campaign.Literature == nil {
		return nil
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var records []discover.Experiment
	seen := 0
	for _, o := range campaign.Outcomes {
		if o.Property == "" {
			continue
		}
		p := fields.Property(o.Property)
		if p == nil {
			return usagef("%s: outcome %s: no field declares the property %q; \"%s\" lists all", campaign.File, o.Name, o.Property, e.suggest("fields"))
		}
		if o.Unit != "" && o.Unit != p.Unit.String() {
			return usagef("%s: outcome %s is in %s, but records of %s are in %s", campaign.File, o.Name, o.Unit, o.Property, p.Unit)
		}
		q := &knowledge.Query{Root: &knowledge.Property{ID: o.Property}}
		for r, err := range db.Query(ctx, q, knowledge.ByConfidence, 0) {
			if err != nil {
				return err
			}
			seen++
			if x, ok := campaign.FromRecord(r); ok {
				records = append(records, x)
			}
		}
	}
	campaign.AddRecords(records)
	fmt.Fprintf(e.errOut, "note: %d of %s of the database are used\n", len(records), count(seen, "record"))
	return nil
}

// known says of each candidate what speaks for its novelty and against its
// elements.
func (e *environment) known(ctx context.Context, campaign *discover.Campaign, p *discover.Proposal) (notes map[string][]string, err error) {
	notes = map[string][]string{}
	if !slices.ContainsFunc(campaign.Space.Variables, func(v space.Variable) bool { return v.Kind == space.Formula || v.Kind == space.Molecule }) {
		return notes, nil
	}
	var db *sqlite.DB
	if _, err := os.Stat(filepath.Join(e.db, sqlite.FileName)); err == nil {
		if db, err = e.store(ctx, false); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
	}
	for i := range p.Candidates {
		x := &p.Candidates[i]
		for j, v := range campaign.Space.Variables {
			text := campaign.Space.Text(x.Point, j)
			if v.Kind == space.Molecule {
				warnings, err := alerts(text)
				if err != nil {
					return nil, err
				}
				notes[x.ID] = append(notes[x.ID], warnings...)
			}
			if v.Kind != space.Formula {
				continue
			}
			if db != nil {
				note, err := e.novelty(ctx, db, text)
				if err != nil {
					return nil, err
				}
				notes[x.ID] = append(notes[x.ID], note)
			}
			f, err := formula.Parse(text)
			if err != nil {
				return nil, err
			}
			notes[x.ID] = append(notes[x.ID], supply.Warnings(f.Elements())...)
		}
	}
	return notes, nil
}

// alerts names groups of a molecule that are reactive, toxic or unstable.
func alerts(smiles string) ([]string, error) {
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return nil, err
	}
	var warnings []string
	for _, a := range alert.Find(m) {
		if a.Set == "Brenk" { // the others are about biological assays
			warnings = append(warnings, "reactive, toxic or unstable group: "+a.Name)
		}
	}
	return warnings, nil
}

// novelty says how often the database speaks of a composition.
func (e *environment) novelty(ctx context.Context, db *sqlite.DB, text string) (string, error) {
	fields, err := e.fields()
	if err != nil {
		return "", err
	}
	q, err := knowledge.ParseQuery(fmt.Sprintf("subject = %q", text), fields)
	if err != nil {
		return "", err
	}
	n := 0
	for _, err := range db.Query(ctx, q, knowledge.ByConfidence, 0) {
		if err != nil {
			return "", err
		}
		n++
	}
	if n == 0 {
		return text + " is new to the database", nil
	}
	return fmt.Sprintf("the database has %s of %s", count(n, "record"), text), nil
}
