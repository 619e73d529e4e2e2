package staff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// refusals are changes to something good, and what the refusal must name.
type refusals[T any] []struct {
	name  string
	spoil func(*T)
	names string
}

func (all refusals[T]) run(t *testing.T, good T, check func(T) error) {
	t.Helper()
	if err := check(good); err != nil {
		t.Fatalf("%+v is good: %v", good, err)
	}
	for _, r := range all {
		bad := good
		r.spoil(&bad)
		err := check(bad)
		if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), r.names) {
			t.Errorf("%s: %v; want an invalid error that names %q", r.name, err, r.names)
		}
	}
}

func TestAgentCheck(t *testing.T) {
	good := staff.Agent{
		ID: "0192f1c2-77aa-7bbb-8ccc-000000000001", Email: "aino@demo.example", Name: "Aino Mäkelä", Role: staff.RoleAgent,
		Skills: []string{"billing", "fi"}, Teams: []string{"support"}, Languages: []string{"fi", "en"},
	}
	refusals[staff.Agent]{
		{"no id", func(a *staff.Agent) { a.ID = "" }, "id"},
		{"no e-mail", func(a *staff.Agent) { a.Email = "" }, "e-mail"},
		{"no host", func(a *staff.Agent) { a.Email = "aino@" }, "aino@"},
		{"two at signs", func(a *staff.Agent) { a.Email = "a@b@demo.example" }, "a@b@"},
		{"a header in it", func(a *staff.Agent) { a.Email = "a\r\nbcc: x@demo.example" }, "e-mail"},
		{"capitals", func(a *staff.Agent) { a.Email = "Aino@demo.example" }, "lower case"},
		{"too long", func(a *staff.Agent) { a.Email = strings.Repeat("a", 250) + "@demo.example" }, "e-mail"},
		{"no name", func(a *staff.Agent) { a.Name = "" }, "name"},
		{"a name of spaces", func(a *staff.Agent) { a.Name = "  " }, "name"},
		{"a name that turns round", func(a *staff.Agent) { a.Name = "Aino\u202etxt" }, "cannot be seen"},
		{"a name on two lines", func(a *staff.Agent) { a.Name = "Aino\nMäkelä" }, "cannot be seen"},
		{"a name that is not UTF-8", func(a *staff.Agent) { a.Name = "Aino\xff" }, "name"},
		{"no role", func(a *staff.Agent) { a.Role = "" }, "administrator"},
		{"a visitor's role", func(a *staff.Agent) { a.Role = "visitor" }, "visitor"},
		{"a skill with a space", func(a *staff.Agent) { a.Skills = []string{"two words"} }, "two words"},
		{"a skill twice", func(a *staff.Agent) { a.Skills = []string{"fi", "fi"} }, "twice"},
		{"a team in capitals", func(a *staff.Agent) { a.Teams = []string{"Support"} }, "Support"},
		{"a language that nobody here speaks", func(a *staff.Agent) { a.Languages = []string{"de"} }, "fi, sv, en"},
		{"too many teams", func(a *staff.Agent) { a.Teams = make([]string, 51) }, "team"},
	}.run(t, good, staff.Agent.Check)
}

func TestTeamCheck(t *testing.T) {
	refusals[staff.Team]{
		{"no slug", func(m *staff.Team) { m.Slug = "" }, "slug"},
		{"a slug with a brace", func(m *staff.Team) { m.Slug = "sup{port}" }, "sup{port}"},
		{"a slug of 65", func(m *staff.Team) { m.Slug = strings.Repeat("a", 65) }, "1 to 64"},
		{"a slug on two lines", func(m *staff.Team) { m.Slug = "support\n" }, "slug"},
		{"no name", func(m *staff.Team) { m.Name = "" }, "name"},
		{"an assignment of its own", func(m *staff.Team) { m.Assignment = "random" }, "auto, offer or hand"},
		{"capacity 0", func(m *staff.Team) { m.Capacity = 0 }, "capacity is 1 to 100"},
		{"capacity below 0", func(m *staff.Team) { m.Capacity = -1 }, "-1"},
		{"capacity of a crowd", func(m *staff.Team) { m.Capacity = 101 }, "101"},
		{"no first answer", func(m *staff.Team) { m.Patience.FirstAnswer = 0 }, "first answer"},
		{"a next answer in the past", func(m *staff.Team) { m.Patience.NextAnswer = -time.Minute }, "next answer"},
		{"a word never", func(m *staff.Team) { m.Patience.Word = 25 * time.Hour }, "word"},
		{"an offer too quick to see", func(m *staff.Team) { m.Patience.Offer = time.Millisecond }, "offer"},
		{"an offer that the line cannot hold", func(m *staff.Team) { m.Patience.Offer = time.Hour }, "offer is 1s to 59m, not 1h"},
		{"no silence", func(m *staff.Team) { m.Patience.Silence = 0 }, "silence"},
		{"a silence of a month", func(m *staff.Team) { m.Patience.Silence = 30 * 24 * time.Hour }, "336h"},
		{"no close", func(m *staff.Team) { m.Patience.Close = -1 }, "close"},
		{"no cooldown", func(m *staff.Team) { m.Patience.Cooldown = 0 }, "cooldown"},
		{"a breather below 0", func(m *staff.Team) { m.Rest.After = -time.Second }, "-1s"},
		{"a breather of an hour", func(m *staff.Team) { m.Rest.After = time.Hour }, "0 to 30m"},
	}.run(t, staff.NewTeam("support", "Asiakaspalvelu"), staff.Team.Check)
}

func TestRingsCheck(t *testing.T) {
	ring := func(r staff.Ring) func(*staff.Team) {
		return func(m *staff.Team) { m.Rings = []staff.Ring{r} }
	}
	good := staff.NewTeam("support", "Asiakaspalvelu")
	good.Rings = append(good.Rings, staff.Ring{Team: "sales", AnySkills: true}, staff.Ring{After: staff.MaxRing, AnySkills: true})
	refusals[staff.Team]{
		{"a ring to itself", ring(staff.Ring{After: time.Minute, Team: "support"}), "the team itself"},
		{"a ring that lets nobody in", ring(staff.Ring{After: 5 * time.Minute}), "after 5m lets nobody in"},
		{"a ring in the past", ring(staff.Ring{After: -time.Minute, AnySkills: true}), "-1m"},
		{"a ring too late", ring(staff.Ring{After: 25 * time.Hour, AnySkills: true}), "0 to 24h"},
		{"a ring to what is no team", ring(staff.Ring{After: time.Minute, Team: "Sales"}), "Sales"},
		{"a team twice", func(m *staff.Team) {
			m.Rings = []staff.Ring{{Team: "sales", AnySkills: true}, {After: time.Hour, Team: "sales"}}
		}, "two rings lead to team sales"},
		{"nine rings", func(m *staff.Team) { m.Rings = make([]staff.Ring, 9) }, "8 rings, not 9"},
	}.run(t, good, staff.Team.Check)

	teams := []staff.Team{{Slug: "support"}, {Slug: "sales"}}
	if err := good.CheckAmong(teams); err != nil {
		t.Error(err)
	}
	err := good.CheckAmong(teams[:1])
	if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "leads to team sales, and there is none; there are: support") {
		t.Error(err)
	}
}

func TestHeadStartsCheck(t *testing.T) {
	start := func(key string, d time.Duration) func(*staff.Team) {
		return func(m *staff.Team) { m.HeadStarts = map[string]time.Duration{key: d} }
	}
	good := staff.NewTeam("support", "Asiakaspalvelu")
	good.HeadStarts = map[string]time.Duration{"feeling:angry": 0, "reason:stuck": time.Minute, "priority:high": staff.MaxHeadStart}
	refusals[staff.Team]{
		{"below 0", start("priority:high", -time.Second), "priority:high is 0 to 4h, not -1s"},
		{"too large", start("priority:high", 4*time.Hour+1), "0 to 4h"},
		{"of a feeling that there is not", start("feeling:bored", time.Minute), "calm, pleased, frustrated"},
		{"of a reason that there is not", start("reason:why", time.Minute), "asked, feeling"},
		{"of a priority that is no slug", start("priority:Very high", time.Minute), "Very high"},
		{"of nothing", start("angry", time.Minute), "feeling:…, reason:… or priority:…"},
		{"of a crisis, by feeling", start("feeling:crisis", time.Minute), "a crisis goes before all others already"},
		{"of a crisis, by reason", start("reason:crisis", 0), "a crisis goes before all others already"},
		{"too many", func(m *staff.Team) {
			m.HeadStarts = map[string]time.Duration{}
			for i := range 51 {
				m.HeadStarts[fmt.Sprintf("priority:%d", i)] = time.Minute
			}
		}, "at most 50"},
	}.run(t, good, staff.Team.Check)
}

func TestHoursCheck(t *testing.T) {
	day := func(all ...staff.Interval) func(*staff.Team) {
		return func(m *staff.Team) { m.Hours.Week[0] = all }
	}
	except := func(e ...staff.Exception) func(*staff.Team) {
		return func(m *staff.Team) { m.Hours.Exceptions = e }
	}
	good := staff.NewTeam("support", "Asiakaspalvelu")
	good.Hours = staff.AlwaysOpen("Europe/Helsinki")
	all := refusals[staff.Team]{
		{"a zone that there is not", func(m *staff.Team) { m.Hours.Zone = "Europe/Helsingfors" }, `"Europe/Helsingfors"; it is written like`},
		{"no zone", func(m *staff.Team) { m.Hours.Zone = "" }, "time zone"},
		{"the zone of the machine", func(m *staff.Team) { m.Hours.Zone = "Local" }, "time zone"},
		{"a zone that is a file", func(m *staff.Team) { m.Hours.Zone = "../../etc/passwd" }, "time zone"},
		{"holidays of a country that is not known", func(m *staff.Team) { m.Hours.Holidays = "xx" }, "known are: fi"},
		{"never open", func(m *staff.Team) { m.Hours.Week = [7][]staff.Interval{} }, "team support never opens"},
		{"open on dates that are closed", func(m *staff.Team) {
			m.Hours.Week, m.Hours.Exceptions = [7][]staff.Interval{}, []staff.Exception{{Date: "2026-12-24"}}
		}, "never opens"},
		{"an empty interval", day(staff.Interval{From: 480, To: 480}), "Monday: the interval 8-8 is empty"},
		{"an interval backwards", day(staff.Interval{From: 1320, To: 240}), "22-4 ends before it begins"},
		{"an interval before the day", day(staff.Interval{From: -1, To: 240}), "between 0 and 24"},
		{"an interval after the day", day(staff.Interval{From: 0, To: 1441}), "between 0 and 24"},
		{"overlapping intervals", day(staff.Interval{From: 480, To: 720}, staff.Interval{From: 690, To: 960}), "8-12 and 11:30-16 overlap"},
		{"the same interval twice", day(staff.Interval{From: 480, To: 720}, staff.Interval{From: 480, To: 720}), "overlap"},
		{"intervals in no order", day(staff.Interval{From: 720, To: 960}, staff.Interval{From: 480, To: 600}), "8-10 comes before 12-16"},
		{"too many intervals", day(make([]staff.Interval, 13)...), "at most 12"},
		{"a date that there is not", except(staff.Exception{Date: "2026-02-30"}), "2026-02-30"},
		{"a date long ago", except(staff.Exception{Date: "1999-12-31"}), "2000 to 2100"},
		{"a date as people write it", except(staff.Exception{Date: "24.12.2026"}), "written like 2026-12-24"},
		{"a date twice", except(staff.Exception{Date: "2026-12-24"}, staff.Exception{Date: "2026-12-24"}), "stands twice"},
		{"a date's intervals overlap", except(staff.Exception{Date: "2026-12-24", Intervals: []staff.Interval{{From: 0, To: 9}, {From: 8, To: 10}}}), "2026-12-24: the intervals"},
		{"a name on two lines", except(staff.Exception{Date: "2026-12-24", Name: "a\nb"}), "cannot be seen"},
		{"too many dates", except(make([]staff.Exception, 401)...), "at most 400"},
	}
	for i := range all { // each spoils hours of its own
		spoil := all[i].spoil
		all[i].spoil = func(m *staff.Team) {
			h := *m.Hours
			m.Hours = &h
			spoil(m)
		}
	}
	all.run(t, good, staff.Team.Check)

	site := staff.Site{Slug: "shop", Name: "Kauppa", Team: "support", Language: "fi", Hours: &staff.Hours{Zone: "Europe/Helsinki"}}
	if err := site.Check(); chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "site shop never opens") {
		t.Error(err)
	}
}

func TestWhoseHoursCount(t *testing.T) {
	own, teams := staff.AlwaysOpen("UTC"), staff.AlwaysOpen("Europe/Helsinki")
	for _, c := range []struct{ site, team, want *staff.Hours }{{own, teams, own}, {nil, teams, teams}, {own, nil, own}, {nil, nil, nil}} {
		if got := staff.HoursOf(staff.Site{Hours: c.site}, staff.Team{Hours: c.team}); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestAdvice(t *testing.T) {
	now := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	ring := func(team string) []staff.Ring {
		return []staff.Ring{{After: 10 * time.Minute, Team: team}}
	}
	passed := &staff.Hours{Zone: "UTC", Exceptions: []staff.Exception{{Date: "2026-03-16", Intervals: []staff.Interval{{From: 0, To: 60}}}}}
	h := staff.House{
		Teams: []staff.Team{
			{Slug: "support"}, {Slug: "sales", Rings: ring("support")}, {Slug: "night", Rings: ring("ghosts")},
			{Slug: "day", Rings: ring("night"), Hours: passed},
		},
		Sites: []staff.Site{
			{Slug: "shop", Team: "support", Language: "fi"}, {Slug: "boutique", Team: "support", Language: "sv"},
			{Slug: "old", Team: "gone", Language: "fi"}, {Slug: "fair", Team: "day", Language: "sv", Hours: passed},
		},
		Agents: []staff.Agent{
			{Email: "aino@shop.example", Name: "Aino", Teams: []string{"support"}, Languages: []string{"fi"}, Skills: []string{"billing"}},
			{Email: "ville@shop.example", Name: "Ville", Teams: []string{"support", "suport"}, Languages: []string{"fi", "en"}, Skills: []string{"technical", "billing"}},
			{Email: "any@shop.example", Name: "Any", Teams: []string{"day"}},
			{Email: "gone@shop.example", Name: "Gone", Teams: []string{"night", "sales", "nowhere"}, Disabled: true, Skills: []string{"poems"}},
		},
	}
	want := []string{
		"team sales has no agents: who comes to it waits for 10m until team support may help",
		"team night: the ring after 10m leads to team ghosts, and there is none; there are: day, night, sales, support",
		"team night has no agents: who comes to it waits until a supervisor takes the conversation",
		"team day: after 10m people may wait for team night, and it has no agents",
		"team day does not open again: its dates have passed",
		"site boutique speaks sv, and nobody in team support does",
		"site old sends people to team gone, and there is no such team",
		"site fair does not open again: its dates have passed",
		"ville@shop.example is in team suport, and there is no such team: make it (kohta team set suport), or name another (kohta agent set ville@shop.example --teams …)",
	}
	if d := cmp.Diff(want, h.Advice(now)); d != "" {
		t.Error(d)
	}
	if got := (staff.House{Teams: h.Teams[:1], Sites: h.Sites[:1], Agents: h.Agents[:1]}).Advice(now); got != nil {
		t.Errorf("a good house: %q", got)
	}
	for _, c := range []struct {
		team  string
		asked []string
		want  string
	}{
		{"support", []string{"billing"}, ""},
		{"support", nil, ""},
		{"support", []string{"bilingg", "poems", "bilingg"}, "nobody in team support has the skill bilingg, poems; skills there are: billing (Aino, Ville), technical (Ville)"},
		{"day", []string{"billing"}, "nobody in team day has the skill billing; skills there are: none"},
	} {
		if got := h.MissingSkills(c.team, c.asked); got != c.want {
			t.Errorf("%s, %v: %q", c.team, c.asked, got)
		}
	}
}

func TestSiteCheck(t *testing.T) {
	good := staff.Site{
		Slug: "demo", Name: "Kahvila Kohta", Team: "support", Language: "fi",
		Origins: []string{"https://shop.example", "http://127.0.0.1:8090", "http://[::1]:8090", "http://localhost:8080"},
	}
	origin := func(o string) func(*staff.Site) {
		return func(s *staff.Site) { s.Origins = []string{o} }
	}
	refusals[staff.Site]{
		{"no slug", func(s *staff.Site) { s.Slug = "" }, "slug"},
		{"no name", func(s *staff.Site) { s.Name = "" }, "name"},
		{"no team", func(s *staff.Site) { s.Team = "" }, "team"},
		{"no language", func(s *staff.Site) { s.Language = "" }, "language"},
		{"an origin twice", func(s *staff.Site) { s.Origins = []string{"https://a.example", "https://a.example"} }, "twice"},
		{"a path", origin("https://shop.example/"), "nothing after it"},
		{"a host alone", origin("shop.example"), "shop.example"},
		{"any host", origin("https://*.example"), "*"},
		{"a file", origin("file:///tmp"), "file"},
		{"null", origin("null"), "null"},
		{"capitals", origin("https://Shop.example"), "lower case"},
		{"a sign-in", origin("https://a:b@shop.example"), "a:b"},
		{"a policy in it", origin("https://shop.example; script-src *"), "script-src"},
		{"the usual port", origin("https://shop.example:443"), ":443"},
		{"a port too high", origin("https://shop.example:65536"), ":65536"},
		{"a port from zero", origin("https://shop.example:080"), ":080"},
	}.run(t, good, staff.Site.Check)
}

func TestPatienceOfATeamThatSaysNothing(t *testing.T) {
	got, usual := staff.DefaultPatience(), chat.Usual
	want := staff.Patience{
		FirstAnswer: usual.FirstAnswer, NextAnswer: usual.NextAnswer, Word: usual.Word, Offer: usual.Offer,
		Silence: usual.Silence, Close: usual.Close, Cooldown: usual.Cooldown,
	}
	if got != want {
		t.Errorf("%+v, want the house's own %+v", got, want)
	}
}
