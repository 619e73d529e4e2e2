// Package eval measures what the bot understands on development data that are no part of the project, and sets the
// figures beside their targets. docs/data.md says what the data are; a part whose files are not there is named and left
// out.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
)

// Figure is one measured value with what is wanted of it.
type Figure struct {
	Name    string
	Known   string  // what others reach, in words
	Value   float64 //
	Unit    string  // "%" shows Value as a share of 100
	Digits  int     // after the point
	Target  float64 // NaN: none
	Stretch float64 // NaN: none
	Less    bool    // the smaller the better
}

// None stands for a target that there is not.
var None = math.NaN()

// Met tells whether the value, as it is printed, reaches the target. Without a target it does.
func (f Figure) Met() bool { return f.reaches(f.Target) }

func (f Figure) reaches(target float64) bool {
	if math.IsNaN(target) {
		return true
	}
	scale := math.Pow(10, float64(f.Digits))
	if f.Unit == "%" {
		scale *= 100
	}
	value := math.Round(f.Value*scale) / scale
	if f.Less {
		return value <= target+1e-9
	}
	return value >= target-1e-9
}

// Part is a group of figures that need the same files. To add one, write its file and name it in Parts.
type Part struct {
	Name    string
	Needs   []string // files of the data folder
	Measure func(context.Context, *Data) (Section, error)
}

// Section is what a part measured: figures, and what is to be said beside them in Markdown.
type Section struct {
	Name    string
	Figures []Figure
	Text    string
	Why     string   // the cause, where a target is missed, as a sentence
	Missing []string // files that were not there; nothing was measured then
}

// Parts are all that is measured, in the order of the table.
func Parts() []Part {
	return []Part{scopePart, intentPart, ownPart, nearMissPart, typoPart, calibrationPart, peoplePart, filmPart, forumPart, costPart}
}

// Run measures the parts whose files are in fsys. progress hears of each part before it is measured.
func Run(ctx context.Context, fsys fs.FS, parts []Part, progress func(string)) ([]Section, error) {
	d := &Data{fsys: fsys, models: map[string]*trained{}}
	var out []Section
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		missing, err := absent(fsys, p.Needs)
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			out = append(out, Section{Name: p.Name, Missing: missing})
			continue
		}
		progress(p.Name)
		s, err := p.Measure(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		s.Name = p.Name
		out = append(out, s)
	}
	return out, nil
}

func absent(fsys fs.FS, names []string) ([]string, error) {
	var out []string
	for _, n := range names {
		_, err := fs.Stat(fsys, n)
		if errors.Is(err, fs.ErrNotExist) {
			out = append(out, n)
		} else if err != nil {
			return nil, fmt.Errorf("look for the data: %w", err)
		}
	}
	return out, nil
}

// Missed are the names of the figures that do not reach their target.
func Missed(sections []Section) []string {
	var out []string
	for _, s := range sections {
		for _, f := range s.Figures {
			if !f.Met() {
				out = append(out, f.Name)
			}
		}
	}
	return out
}
