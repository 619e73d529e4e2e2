package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/insight"
	"github.com/kohta/kohta/store"
)

// waits holds what customers were told of the wait, and promised, against what came.
func (c *doctorCmd) waits(ctx context.Context, s store.Store, p program) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return fmt.Errorf("--zone %s is no time zone; write one like Europe/Helsinki", c.Zone)
	}
	now := time.Now()
	since, err := c.moment(now.In(zone))
	if err != nil {
		return err
	}
	told, err := desk.Calibrate(ctx, s, since, now, zone)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(calibrationJSON(told))
	}
	return printCalibration(p.stdout, told)
}

// waitsJSON is a calibration as --json prints it.
type waitsJSON struct {
	All      sharesJSON     `json:"all"`
	Hours    []sharesJSON   `json:"hours"`
	Teams    []sharesJSON   `json:"teams"`
	Promises []promisesJSON `json:"promises"`
}

// sharesJSON are the counts of one row, and the shares of those that are known to have been right or wrong.
type sharesJSON struct {
	Team string `json:"team,omitempty"`
	Hour *int   `json:"hour,omitempty"`
	insight.Tally
	Known  int     `json:"known"`
	Share  float64 `json:"inside_share"`
	Within float64 `json:"within_high_share"`
}

type promisesJSON struct {
	Channel string `json:"channel"`
	insight.Fates
}

func calibrationJSON(c insight.Calibration) waitsJSON {
	row := func(t insight.Tally) sharesJSON {
		return sharesJSON{Tally: t, Known: t.Known(), Share: share(t, t.Inside), Within: share(t, t.Before+t.Inside)}
	}
	out := waitsJSON{All: row(c.All), Hours: []sharesJSON{}, Teams: []sharesJSON{}, Promises: []promisesJSON{}}
	for hour, t := range c.Hours {
		if t.Told > 0 {
			r := row(t)
			r.Hour = &hour
			out.Hours = append(out.Hours, r)
		}
	}
	for _, team := range c.TeamNames() {
		r := row(c.Teams[team])
		r.Team = team
		out.Teams = append(out.Teams, r)
	}
	for _, channel := range c.Channels() {
		out.Promises = append(out.Promises, promisesJSON{channel, c.Promises[channel]})
	}
	return out
}

// share is n of those of whom it is known, 0 of none.
func share(t insight.Tally, n int) float64 { return float64(n) / float64(max(t.Known(), 1)) }

func printCalibration(w io.Writer, c insight.Calibration) error {
	if c.All.Told == 0 {
		fmt.Fprintln(w, "Nobody was told how long it takes.")
	} else {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "\ttold\tknown\tbefore\tinside\tafter\tby the high end\tgave up\tput off\twaiting\t")
		printTally(table, "all", c.All)
		for _, team := range c.TeamNames() {
			printTally(table, "team "+team, c.Teams[team])
		}
		for hour, t := range c.Hours {
			if t.Told > 0 {
				printTally(table, fmt.Sprintf("at %02d–%02d", hour, hour+1), t)
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	for _, channel := range c.Channels() {
		f := c.Promises[channel]
		_, err := fmt.Fprintf(w, "%s: %d promised, %d kept, %d broken, %d taken back, %d to come\n",
			promisedBy(channel), f.Made, f.Kept, f.Broken, f.TakenBack, f.Pending)
		if err != nil {
			return err
		}
	}
	return nil
}

func printTally(w io.Writer, name string, t insight.Tally) {
	percent := func(n int) string {
		if t.Known() == 0 {
			return "–"
		}
		return fmt.Sprintf("%.0f %%", 100*share(t, n))
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t\n", name, t.Told, t.Known(),
		percent(t.Before), percent(t.Inside), percent(t.After), percent(t.Before+t.Inside), t.GaveUp, t.PutOff, t.Waiting)
}

func promisedBy(channel string) string {
	switch channel {
	case chat.ByPhone:
		return "calls"
	case chat.ByEmail:
		return "answers by mail"
	}
	return "answers"
}
