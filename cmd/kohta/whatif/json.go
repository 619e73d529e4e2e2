package whatif

import (
	"encoding/json"
	"io"
)

type resultJSON struct {
	Name     string         `json:"name,omitempty"`
	Runs     int            `json:"runs"`
	Seed     uint64         `json:"seed"`
	LengthS  float64        `json:"length_s"`
	WarmUpS  float64        `json:"warm_up_s"`
	TargetS  float64        `json:"target_s"`
	Agents   int            `json:"agents"`
	Played   int            `json:"played"` // customers, over all runs
	All      Figures        `json:"all"`
	Teams    []partJSON     `json:"teams"`
	Langs    []partJSON     `json:"languages"`
	Feelings []partJSON     `json:"feelings"`
	Hours    []partJSON     `json:"hours"`
	Staff    []crewJSON     `json:"staff"`
	Erlang   erlangJSON     `json:"erlang"`
	Unserved []unservedJSON `json:"unserved"`
}

type partJSON struct {
	Name string `json:"name"`
	Figures
}

type crewJSON struct {
	Name     string `json:"name"`
	Count    int    `json:"count"`
	Duty     Range  `json:"duty_h"`
	Load     Range  `json:"load"`
	Hourly   Range  `json:"conversations_an_hour"`
	Rests    Range  `json:"breathers"`
	Over     Range  `json:"after_hours_min"`
	Declined Range  `json:"declined"`
	Missed   Range  `json:"missed"`
}

type erlangJSON struct {
	Formula   string   `json:"formula,omitempty"`
	Why       string   `json:"why_not,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	Places    int      `json:"places,omitempty"`
	Load      float64  `json:"offered,omitempty"`
	Delayed   float64  `json:"delayed"`
	Abandoned float64  `json:"abandonment"`
	Within    float64  `json:"within_target"`
	Mean      float64  `json:"wait_mean_s"`
	P50       float64  `json:"wait_p50_s"`
	P80       float64  `json:"wait_p80_s"`
	P95       float64  `json:"wait_p95_s"`
}

type unservedJSON struct {
	Team      string `json:"team"`
	Language  string `json:"language,omitempty"`
	Skills    string `json:"skills,omitempty"`
	Customers int    `json:"customers"`
	Never     bool   `json:"nobody_can"`
}

// WriteJSON prints one object: {"scenarios": […], "difference": …}. The difference, B − A, is there when there are two.
func WriteJSON(out io.Writer, results ...*Result) error {
	var whole struct {
		Scenarios  []resultJSON `json:"scenarios"`
		Difference *Figures     `json:"difference,omitempty"`
	}
	for _, r := range results {
		whole.Scenarios = append(whole.Scenarios, r.json())
	}
	if len(results) == 2 {
		p, d := printer{all: results}, Figures{}
		d.each(func(i int, x *Range) {
			*x = p.difference(func(f *Figures) (of Range) {
				f.each(func(j int, y *Range) {
					if i == j {
						of = *y
					}
				})
				return of
			})
		})
		whole.Difference = &d
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(whole)
}

func (r *Result) json() resultJSON {
	s, f := r.Scenario, r.Erlang
	out := resultJSON{
		Name: s.Name, Runs: s.Runs, Seed: s.Seed, LengthS: s.Length.Seconds(), WarmUpS: s.warmUp().Seconds(), TargetS: s.Target.Seconds(),
		Agents: s.headcount(), Played: r.Played, All: r.All, Teams: partsJSON(r.Teams), Langs: partsJSON(r.Langs), Feelings: partsJSON(r.Feelings), Hours: partsJSON(r.Hours),
		Staff: []crewJSON{}, Unserved: []unservedJSON{},
		Erlang: erlangJSON{f.Name, f.Why, f.Notes, f.Servers, f.Load, f.Delayed, f.Abandoned, f.Within, f.Mean, f.P50, f.P80, f.P95},
	}
	for _, c := range r.Staff {
		out.Staff = append(out.Staff, crewJSON{c.Name, c.Count, c.Duty, c.Load, c.Hourly, c.Rests, c.Over, c.Declined, c.Missed})
	}
	for _, u := range r.Unserved {
		out.Unserved = append(out.Unserved, unservedJSON(u))
	}
	return out
}

func partsJSON(all []Part) []partJSON {
	out := []partJSON{}
	for _, p := range all {
		out = append(out, partJSON(p))
	}
	return out
}
