package gateway

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kohta/kohta/staff"
)

const (
	usualTeam = `{"team":"support","name":"Support","assignment":"auto","capacity":4,` +
		`"patience":{"first_answer_s":120,"next_answer_s":300,"word_s":180,"offer_s":30,"silence_s":900,"close_s":3600,"cooldown_s":120},` +
		`"hours":null,"rings":[{"after_s":300,"any_language":true,"any_skills":false,"team":""}],"head_starts_s":{},"rest_s":0,"advice":[]}`
	someHours = `{"zone":"Europe/Helsinki","week":[[{"from":"08:00","to":"11:30"},{"from":"12:00","to":"16:00"}],[],[],[],[],[],[{"from":"00:00","to":"24:00"}]],` +
		`"holidays":"fi","exceptions":[{"date":"2099-12-23","name":"Joulutauko","intervals":[]},{"date":"2099-12-31","name":"","intervals":[{"from":"08:00","to":"12:00"}]}]}`
)

// wantHours is someHours.
func wantHours() *staff.Hours {
	h := &staff.Hours{Zone: "Europe/Helsinki", Holidays: "fi", Exceptions: []staff.Exception{
		{Date: "2099-12-23", Name: "Joulutauko"}, {Date: "2099-12-31", Intervals: []staff.Interval{{From: 480, To: 720}}},
	}}
	h.Week[0] = []staff.Interval{{From: 480, To: 690}, {From: 720, To: 960}}
	h.Week[6] = []staff.Interval{{From: 0, To: staff.EndOfDay}}
	return h
}

// TestTeamSettings changes a team member by member: what is not named stays.
func TestTeamSettings(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		if status, body := h.get("/api/v1/teams/support", sari); status != 200 || body != usualTeam+"\n" {
			t.Fatalf("%d %s", status, body)
		}
		odd := staff.NewTeam("support", "Support")
		odd.Patience.Offer = 1500 * time.Millisecond // as the shell can set it
		must(t, h.store.PutTeam(h.ctx, odd))
		want := odd
		for _, step := range []struct {
			body string
			does func()
		}{
			{`{"hours":` + someHours + `}`, func() { want.Hours = wantHours() }},
			{`{"patience":{"silence_s":600,"close_s":7200},"rest_s":300}`, func() {
				want.Patience.Silence, want.Patience.Close, want.Rest.After = 10*time.Minute, 2*time.Hour, 5*time.Minute
			}},
			{`{"rings":[{"after_s":60,"any_skills":true,"team":"billing"},{"after_s":600,"any_language":true}],"head_starts_s":{"priority:high":600,"feeling:angry":0}}`, func() {
				want.Rings = []staff.Ring{{After: time.Minute, AnySkills: true, Team: "billing"}, {After: 10 * time.Minute, AnyLanguage: true}}
				want.HeadStarts = map[string]time.Duration{"priority:high": 10 * time.Minute, "feeling:angry": 0}
			}},
			{`{"rings":[{"after_s":0,"team":"billing"}],"head_starts_s":{"reason:stuck":60}}`, func() { // nothing of the old ones shines through
				want.Rings, want.HeadStarts = []staff.Ring{{Team: "billing"}}, map[string]time.Duration{"reason:stuck": time.Minute}
			}},
			{`{"hours":{"zone":"UTC","week":[[],[],[],[],[],[],[{"from":"10:00","to":"11:00"}]]}}`, func() {
				want.Hours = &staff.Hours{Zone: "UTC"}
				want.Hours.Week[6] = []staff.Interval{{From: 600, To: 660}}
			}},
			{`{"capacity":2}`, func() { want.Capacity = 2 }},
			{`{"hours":null,"rings":[],"head_starts_s":{}}`, func() { want.Hours, want.Rings, want.HeadStarts = nil, nil, nil }},
		} {
			step.does()
			w := h.call("PATCH", "/api/v1/teams/support", step.body, sari)
			if w.Code != 200 {
				t.Fatalf("%s: %d %s", step.body, w.Code, w.Body)
			}
			got, err := h.store.Team(h.ctx, "support")
			must(t, err)
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s:\n%s", step.body, d)
			}
			_, body := h.get("/api/v1/teams/support", sari)
			if body != w.Body.String() {
				t.Errorf("changed: %s\nread: %s", w.Body, body)
			}
		}
	})
}

// What is read can be written back, but for the name in the address and the advice.
func TestSettingsComeBack(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		for _, path := range []string{"/api/v1/teams/support", "/api/v1/sites/demo"} {
			if w := h.call("PATCH", path, `{"hours":`+someHours+`}`, sari); w.Code != 200 {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			_, before := h.get(path, sari)
			var members map[string]json.RawMessage
			must(t, json.Unmarshal([]byte(before), &members))
			if string(members["hours"]) != someHours {
				t.Errorf("%s: %s", path, members["hours"])
			}
			for _, own := range []string{"team", "site", "advice"} {
				if own != "team" || strings.Contains(path, "teams") {
					delete(members, own)
				}
			}
			back, err := json.Marshal(members)
			must(t, err)
			w := h.call("PATCH", path, string(back), sari)
			if w.Code != 200 || w.Body.String() != before {
				t.Errorf("%s: %d\n%s\n%s", path, w.Code, w.Body, before)
			}
		}
	})
}

// TestSettingsThatCannotBe tries every setting with what it is not, and finds all as it was.
func TestSettingsThatCannotBe(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		hours := func(old, new string) string { return `{"hours":` + strings.Replace(someHours, old, new, 1) + `}` }
		for _, c := range []struct{ path, body, says string }{
			{"teams/support", `{"team":"sales"}`, "Known are: name, assignment, capacity, patience, hours, rings, head_starts_s, rest_s."},
			{"teams/support", `{"advice":[]}`, "not known here"},
			{"teams/support", `{"patience":null}`, "patience may not be null"},
			{"teams/support", `{"patience":[]}`, "patience is an object"},
			{"teams/support", `{"patience":{"word":7}}`, "A field of patience is not known here. Known are: close_s"},
			{"teams/support", `{"patience":{"Word_s":7}}`, "A field of patience is not known here"},
			{"teams/support", `{"patience":{"word_s":7,"word_s":8}}`, "patience is an object with each name once"},
			{"teams/support", `{"patience":{"word_s":1.5}}`, "patience has the wrong type"},
			{"teams/support", `{"patience":{"word_s":null}}`, "patience.word_s may not be null"},
			{"teams/support", `{"patience":{"word_s":0}}`, "word about the wait is 1s to 24h"},
			{"teams/support", `{"patience":{"word_s":9223372036854775807}}`, "word about the wait"},
			{"teams/support", `{"patience":{"word_s":-9223372036854775808}}`, "word about the wait"},
			{"teams/support", `{"hours":{}}`, "seven days"},
			{"teams/support", `{"hours":[]}`, "hours is an object"},
			{"teams/support", `{"hours":"always"}`, "hours is an object"},
			{"teams/support", hours(`[],[],`, ``), "seven days, Monday first, and not 5"},
			{"teams/support", hours(`[],`, `[],[],`), "not 8"},
			{"teams/support", hours(`[],`, `null,`), "hours.week[1] may not be null"},
			{"teams/support", hours(`"08:00"`, `"8:00"`), "00:00 to 24:00"},
			{"teams/support", hours(`"08:00"`, `480`), "wrong type"},
			{"teams/support", hours(`"from":"08:00"`, `"start":"08:00"`), "A field of hours.week[0][0] is not known here. Known are: from, to."},
			{"teams/support", hours(`"11:30"`, `"12:30"`), "8-12:30 and 12-16 overlap"},
			{"teams/support", hours(`"11:30"`, `"08:00"`), "8-8 is empty"},
			{"teams/support", hours(`Europe/Helsinki`, `Helsinki`), "no time zone"},
			{"teams/support", hours(`"fi"`, `"xx"`), "known are: fi"},
			{"teams/support", hours(`2099-12-23`, `2099-12-32`), "2099-12-32"},
			{"teams/support", hours(`2099-12-23`, `2099-12-31`), "stands twice"},
			{"teams/support", hours(`"name"`, `"title"`), "hours.exceptions[0]"},
			{"teams/support", `{"hours":{"zone":"UTC","week":[[],[],[],[],[],[],[]]}}`, "never opens"},
			{"teams/support", `{"rings":{}}`, "wrong type"},
			{"teams/support", `{"rings":[null]}`, "rings[0] may not be null"},
			{"teams/support", `{"rings":[{"after":60}]}`, "rings[0]"},
			{"teams/support", `{"rings":[{"after_s":60}]}`, "lets nobody in"},
			{"teams/support", `{"rings":[{"after_s":60,"team":"support"}]}`, "the team itself"},
			{"teams/support", `{"rings":[{"after_s":60,"team":"ghosts"}]}`, "there is none; there are: billing, support"},
			{"teams/support", `{"head_starts_s":{"priority:high":-1}}`, "0 to 4h, not -1s"},
			{"teams/support", `{"head_starts_s":{"priority:high":14401}}`, "0 to 4h"},
			{"teams/support", `{"head_starts_s":{"priority:high":null}}`, "may not be null"},
			{"teams/support", `{"head_starts_s":{"feeling:crisis":60}}`, "a crisis"},
			{"teams/support", `{"rest_s":1801}`, "0 to 30m"},
			{"teams/support", `{"rest_s":-1}`, "0 to 30m"},
			{"teams/support", `{"capacity":0}`, "1 to 100"},
			{"teams/support", `{"capacity":"4"}`, "capacity has the wrong type"},
			{"sites/demo", `{"hours":{}}`, "seven days"},
			{"sites/demo", hours(`"11:30"`, `"12:30"`), "site demo, Monday"},
			{"sites/demo", `{"hours":{"zone":"UTC","week":[[],[],[],[],[],[],[]]}}`, "site demo never opens"},
			{"sites/demo", `{"site":"x"}`, "Known are: name, origins, team, language, hours."},
			{"sites/demo", `{"team":"ghosts"}`, "no team of this name"},
		} {
			_, before := h.get("/api/v1/"+c.path, sari)
			w := h.call("PATCH", "/api/v1/"+c.path, c.body, sari)
			wantProblem(t, c.body, w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
			var p struct{ Detail string }
			must(t, json.Unmarshal(w.Body.Bytes(), &p))
			if !strings.Contains(p.Detail, c.says) {
				t.Errorf("%s %s: %q, want %q in it", c.path, c.body, p.Detail, c.says)
			}
			if _, after := h.get("/api/v1/"+c.path, sari); after != before {
				t.Errorf("%s %s changed something: %s", c.path, c.body, after)
			}
		}
	})
}

func TestAdviceComesWithSettings(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		must(t, h.store.PutTeam(h.ctx, staff.NewTeam("ghosts", "Ghosts")))
		w := h.call("PATCH", "/api/v1/sites/demo", `{"team":"ghosts"}`, sari)
		if want := `"advice":["team ghosts has no agents: who comes to it waits until a supervisor takes the conversation"]`; w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// TestOpenAPIDescribesTheSettings holds openapi.json to the fields that are read and written.
func TestOpenAPIDescribesTheSettings(t *testing.T) {
	type schema struct {
		Properties map[string]json.RawMessage
		Closed     *bool `json:"additionalProperties"`
	}
	var doc struct {
		Components struct{ Schemas map[string]schema }
	}
	must(t, json.Unmarshal(openAPI, &doc))
	names := func(v any) []string { return slices.Sorted(maps.Keys(namesOf(reflect.TypeOf(v)))) }
	team := append(names(teamItem{}), names(teamSettings{})...)
	team = slices.DeleteFunc(team, func(name string) bool { return name == "" }) // what is embedded
	for name, want := range map[string][]string{
		"Team": names(teamItem{}), "TeamSettings": team, "TeamChange": teamNames[:], "SiteSettings": names(siteSettings{}), "SiteChange": siteNames[:],
		"Patience": names(patienceItem{}), "Ring": names(ringItem{}), "Hours": names(hoursItem{}),
		"Interval": names(staff.Interval{}), "Exception": names(staff.Exception{}),
	} {
		s := doc.Components.Schemas[name]
		want = slices.Sorted(slices.Values(want))
		if got := slices.Sorted(maps.Keys(s.Properties)); !slices.Equal(got, want) {
			t.Errorf("%s: described %v, served %v", name, got, want)
		}
		if strings.HasSuffix(name, "Change") && (s.Closed == nil || *s.Closed) {
			t.Errorf("%s is open to other fields", name)
		}
	}
}

// TestTheManualsSettings sends what docs/hours.md shows.
func TestTheManualsSettings(t *testing.T) {
	page, err := os.ReadFile("../docs/hours.md")
	must(t, err)
	shown := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(page, -1)
	if len(shown) == 0 {
		t.Fatal("the manual shows no JSON")
	}
	inHouse(t, nil, func(t *testing.T, h *house) {
		must(t, h.store.PutTeam(h.ctx, staff.NewTeam("sales", "Sales")))
		for _, m := range shown {
			w := h.call("PATCH", "/api/v1/teams/support", string(m[1]), as(h.signIn(sariID)))
			team, err := h.store.Team(h.ctx, "support")
			if must(t, err); w.Code != 200 || staff.WeekText(team.Hours.Week) != "mon-fri 8:30-11 12-16, sat 10-14" || len(team.Rings) != 3 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
}
