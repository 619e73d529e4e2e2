package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/staff"
)

// shell runs one command after another on a data folder.
type shell struct {
	*testing.T
	dir string
}

func (s shell) run(args ...string) (stdout, stderr string, status int) {
	s.Helper()
	return s.runWith("", args...)
}

func (s shell) runWith(stdin string, args ...string) (stdout, stderr string, status int) {
	s.Helper()
	var out, errs bytes.Buffer
	p := program{strings.NewReader(stdin), &out, &errs, func(string) string { return "" }}
	status = p.run(context.Background(), append(args, "--data", s.dir))
	return out.String(), errs.String(), status
}

// good runs a command that must not fail.
func (s shell) good(args ...string) (stdout, notes string) {
	s.Helper()
	stdout, stderr, status := s.run(args...)
	if status != 0 {
		s.Fatalf("kohta %s: status %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return stdout, stderr
}

// team is a team as it is stored.
func (s shell) team(slug string) staff.Team {
	s.Helper()
	store, err := dataFlags{Data: s.dir}.open(s.Context(), true)
	if err != nil {
		s.Fatal(err)
	}
	defer store.Close()
	t, err := store.Team(s.Context(), slug)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

func (s shell) site(slug string) staff.Site {
	s.Helper()
	store, err := dataFlags{Data: s.dir}.open(s.Context(), true)
	if err != nil {
		s.Fatal(err)
	}
	defer store.Close()
	site, err := store.Site(s.Context(), slug)
	if err != nil {
		s.Fatal(err)
	}
	return site
}

// TestTeamSet makes a team and changes it: each command changes what it names and nothing else.
func TestTeamSet(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	s.good("team", "set", "sales")
	if d := cmp.Diff(staff.NewTeam("sales", "sales"), s.team("sales")); d != "" {
		t.Errorf("a new team has what is usual:\n%s", d)
	}
	out, _ := s.good("team", "set", "support", "--name", "Asiakaspalvelu", "--assignment", "offer", "--capacity", "3",
		"--hours", "mon-fri 8-16, sat 10-14", "--zone", "Europe/Stockholm", "--holidays", "fi",
		"--closed", "2099-12-23..2099-12-24 Joulutauko", "--open", "2099-12-31 8-10 10.30-12 Uudenvuodenaatto",
		"--ring", "10m team=sales any-skills", "--ring", "5m any-language", "--head-start", "priority:high=10m", "--head-start", "feeling:angry=0s",
		"--first-answer", "1m", "--next-answer", "3m", "--word", "2m", "--offer", "20s", "--silence", "30m", "--close-after", "48h",
		"--cooldown", "1m", "--rest", "5m")
	week, err := staff.ParseWeek("mon-fri 8-16, sat 10-14")
	if err != nil {
		t.Fatal(err)
	}
	want := staff.Team{
		Slug: "support", Name: "Asiakaspalvelu", Assignment: staff.Offered, Capacity: 3,
		Patience: staff.Patience{
			FirstAnswer: time.Minute, NextAnswer: 3 * time.Minute, Word: 2 * time.Minute, Offer: 20 * time.Second,
			Silence: 30 * time.Minute, Close: 48 * time.Hour, Cooldown: time.Minute,
		},
		Hours: &staff.Hours{Zone: "Europe/Stockholm", Week: week, Holidays: "fi", Exceptions: []staff.Exception{
			{Date: "2099-12-23", Name: "Joulutauko"}, {Date: "2099-12-24", Name: "Joulutauko"},
			{Date: "2099-12-31", Name: "Uudenvuodenaatto", Intervals: []staff.Interval{{From: 480, To: 600}, {From: 630, To: 720}}},
		}},
		Rings:      []staff.Ring{{After: 5 * time.Minute, AnyLanguage: true}, {After: 10 * time.Minute, Team: "sales", AnySkills: true}},
		HeadStarts: map[string]time.Duration{"priority:high": 10 * time.Minute, "feeling:angry": 0},
		Rest:       staff.Rest{After: 5 * time.Minute},
	}
	if d := cmp.Diff(want, s.team("support")); d != "" {
		t.Error(d)
	}
	for _, line := range []string{
		"support  Asiakaspalvelu", "given       offer (held out to a free agent), 3 at once",
		"hours       mon-fri 8-16, sat 10-14 (Europe/Stockholm), closed on the holidays of fi",
		"            2099-12-23..2099-12-24 closed Joulutauko", "            2099-12-31 8-10 10:30-12 Uudenvuodenaatto",
		"silence 30m, close after 48h, cooldown 1m", "rings       5m any-language; 10m any-skills team=sales",
		"head start  feeling:angry=0s, priority:high=10m", "rest        5m after a hard conversation", "agents      none",
	} {
		if !strings.Contains(out, line+"\n") {
			t.Errorf("does not say %q:\n%s", line, out)
		}
	}

	s.good("team", "set", "support", "--capacity", "5", "--closed", "24.12.2099")
	want.Capacity, want.Hours.Exceptions[1].Name = 5, ""
	if d := cmp.Diff(want, s.team("support")); d != "" {
		t.Errorf("a second change:\n%s", d)
	}
	s.good("team", "set", "support", "--hours", "always", "--usual", "all", "--holidays", "none", "--ring", "none", "--head-start", "usual")
	want.Hours, want.Rings, want.HeadStarts = staff.AlwaysOpen("Europe/Stockholm"), nil, nil
	if d := cmp.Diff(want, s.team("support")); d != "" {
		t.Errorf("taken back:\n%s", d)
	}
	again, _ := s.good("team", "list")
	if !strings.Contains(again, "sales  sales\n") || !strings.Contains(again, "hours       always (Europe/Stockholm)\n") {
		t.Errorf("list:\n%s", again)
	}
}

// TestSettingsThatCannotBe tries what the shell must refuse, and that nothing of it is kept.
func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	s.good("team", "set", "support", "--hours", "mon-fri 8-16")
	s.good("site", "set", "shop")
	if _, stderr, status := s.runWith("kesä on lyhyt 7\n", "agent", "add", "aino@shop.example", "--name", "Aino"); status != 0 {
		t.Fatal(stderr)
	}
	before := s.team("support")
	for _, c := range []struct {
		args string // separated by |
		says string
	}{
		{"team|set|support|--hours|mon-fri 16-8", "over midnight"},
		{"team|set|support|--hours|", "never opens"},
		{"team|set|support|--hours|weekdays 8-16", `"weekdays"`},
		{"team|set|support|--zone|Helsinki", "Europe/Helsinki"},
		{"team|set|support|--holidays|xx", "known are: fi"},
		{"team|set|support|--closed|tomorrow", "2026-12-24"},
		{"team|set|support|--closed|2099-12-24..2099-12-23", "ends before it begins"},
		{"team|set|support|--closed|2026-01-01..2099-01-01", "400 days"},
		{"team|set|support|--open|2099-12-24", "8-11.30 12-16"},
		{"team|set|support|--open|2099-12-24 12-11", "over midnight"},
		{"team|set|support|--usual|2099-13-01", "--usual"},
		{"team|set|support|--ring|5m", "lets nobody in"},
		{"team|set|support|--ring|any-language", "begins with a time"},
		{"team|set|support|--ring|5m team=support", "the team itself"},
		{"team|set|support|--ring|5m team=sales", "there is none; there are: support"},
		{"team|set|support|--ring|5m any-one", `"any-one"`},
		{"team|set|support|--head-start|high=10m", "priority:…"},
		{"team|set|support|--head-start|priority:high", "priority:high=10m"},
		{"team|set|support|--head-start|priority:high=-1m", "0 to 4h"},
		{"team|set|support|--head-start|priority:high=5h", "0 to 4h"},
		{"team|set|support|--head-start|feeling:crisis=1h", "crisis"},
		{"team|set|support|--rest|31m", "0 to 30m"},
		{"team|set|support|--capacity|0", "1 to 100"},
		{"team|set|support|--assignment|random", "auto, offer or hand"},
		{"team|set|support|--silence|0s", "silence"},
		{"team|set|Support", "slug"},
		{"site|set|shop|--team|sales", "kohta team set sales"},
		{"site|set|shop|--language|de", "fi, sv, en"},
		{"site|set|shop|--hours|sun", "sun has no hours"},
		{"site|set|shop|--hours|team|--holidays|fi", "say it about the team"},
		{"agent|set|ville@shop.example", "no agent"},
		{"agent|set|aino@shop.example|--capacity|0", "never be given anything"},
		{"agent|set|aino@shop.example|--capacity|101", "1 to 100"},
		{"agent|set|aino@shop.example|--languages|de", "fi, sv, en"},
		{"agent|set|aino@shop.example|--skills|two words", "two words"},
		{"agent|set|aino@shop.example|--role|king", "administrator"},
	} {
		args := strings.Split(c.args, "|")
		_, stderr, status := s.run(args...)
		if status != 1 || !strings.Contains(stderr, c.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("kohta %q: status %d, want 1 and %q:\n%s", args, status, c.says, stderr)
		}
	}
	if d := cmp.Diff(before, s.team("support")); d != "" {
		t.Errorf("what was refused is kept:\n%s", d)
	}
}

func TestSiteSet(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	s.good("site", "set", "shop", "--name", "Kauppa", "--origins", "https://shop.example, https://www.shop.example", "--hours", "ma-su 9-21")
	want := staff.Site{
		Slug: "shop", Name: "Kauppa", Team: "support", Language: "fi", Origins: []string{"https://shop.example", "https://www.shop.example"},
		Hours: &staff.Hours{Zone: staff.DefaultZone},
	}
	for day := range want.Hours.Week {
		want.Hours.Week[day] = []staff.Interval{{From: 9 * 60, To: 21 * 60}}
	}
	if d := cmp.Diff(want, s.site("shop")); d != "" {
		t.Error(d)
	}
	s.good("team", "set", "sales")
	out, _ := s.good("site", "set", "shop", "--team", "sales", "--language", "sv", "--hours", "team", "--origins", "none")
	want.Team, want.Language, want.Hours, want.Origins = "sales", "sv", nil, nil
	if d := cmp.Diff(want, s.site("shop")); d != "" {
		t.Error(d)
	}
	if list, _ := s.good("site", "list"); list != out || !strings.Contains(out, "hours       as team sales\n") || !strings.Contains(out, "origins     the desk's own\n") {
		t.Errorf("set says\n%s\nlist says\n%s", out, list)
	}
	s.good("site", "set", "shop", "--hours", "always")
	if d := cmp.Diff(staff.AlwaysOpen(staff.DefaultZone), s.site("shop").Hours); d != "" {
		t.Errorf("a site that is always open, whatever its team is:\n%s", d)
	}
}

func TestAgentSet(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	s.good("team", "set", "support")
	add := []string{"agent", "add", "aino@shop.example", "--name", "Aino", "--skills", "billing", "--capacity", "6"}
	if _, stderr, status := s.runWith("kesä on lyhyt 7\n", add...); status != 0 {
		t.Fatal(stderr)
	}
	out, notes := s.good("agent", "set", "aino@shop.example", "--skills", "billing,bilingg", "--languages", "fi, sv")
	if want := "aino@shop.example\tAino\tagent\tteams support\tskills billing,bilingg\tlanguages fi,sv\tcapacity 6\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	if want := "note: so far, nobody in team support has the skill bilingg; skills there are: billing (Aino)\n"; notes != want {
		t.Errorf("%q, want %q", notes, want)
	}
	out, notes = s.good("agent", "set", "aino@shop.example", "--name", "Aino Lahti", "--role", "supervisor", "--skills", "none", "--capacity", "team", "--teams", "support,suport")
	if want := "aino@shop.example\tAino Lahti\tsupervisor\tteams support,suport\tlanguages fi,sv\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	if want := "note: aino@shop.example is in team suport, and there is no such team: make it (kohta team set suport), or name another (kohta agent set aino@shop.example --teams …)\n"; notes != want {
		t.Errorf("%q, want %q", notes, want)
	}
	s.good("agent", "set", "aino@shop.example", "--skills", "billing")
	s.good("team", "set", "huolto")
	if _, notes := s.good("agent", "set", "aino@shop.example", "--teams", "huolto"); strings.Contains(notes, "skill") {
		t.Errorf("a skill that she has had is told as new: %q", notes)
	}
	out, _ = s.good("agent", "set", "aino@shop.example", "--skills", "none", "--teams", "support,suport")
	if list, _ := s.good("agent", "list"); list != out {
		t.Errorf("list: %q", list)
	}
}

// Dates that have passed go, and the rest stand in order.
func TestDatesThatHavePassed(t *testing.T) {
	now := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	old := staff.AlwaysOpen("UTC")
	old.Exceptions = []staff.Exception{{Date: "2027-01-01"}, {Date: "2026-12-22"}, {Date: "2026-12-23"}, {Date: "2026-12-30"}}
	keep := *old
	f := hoursFlags{Closed: []string{"2026-12-29"}, Usual: []string{"2026-12-30..2026-12-31"}}
	h, err := f.apply(old, now)
	if err != nil {
		t.Fatal(err)
	}
	want := []staff.Exception{{Date: "2026-12-23"}, {Date: "2026-12-29"}, {Date: "2027-01-01"}}
	if d := cmp.Diff(want, h.Exceptions); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(&keep, old); d != "" {
		t.Errorf("the old hours changed:\n%s", d)
	}
	if same, err := new(hoursFlags).apply(old, now); same != old || err != nil {
		t.Error("nothing was given, and something changed")
	}
}

func TestNowWords(t *testing.T) {
	now := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC) // a Tuesday
	week := func(text string) *staff.Hours {
		w, err := staff.ParseWeek(text)
		if err != nil {
			t.Fatal(err)
		}
		return &staff.Hours{Zone: "UTC", Week: w}
	}
	passed := &staff.Hours{Zone: "UTC", Exceptions: []staff.Exception{{Date: "2026-03-16", Intervals: []staff.Interval{{From: 0, To: 60}}}}}
	for want, h := range map[string]*staff.Hours{
		"open; closes today at 16:00":            week("mon-fri 8-16"),
		"closed; opens tomorrow at 8":            week("wed 8-16"),
		"open":                                   staff.AlwaysOpen("UTC"),
		"closed for good: its dates have passed": passed,
	} {
		if got := nowWords(h, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
