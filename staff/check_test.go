package staff_test

import (
	"strings"
	"testing"
	"time"

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
	}.run(t, staff.NewTeam("support", "Asiakaspalvelu"), staff.Team.Check)
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
	if got := staff.DefaultPatience().Chat(); got != chat.Usual {
		t.Errorf("%+v, want the house's own %+v", got, chat.Usual)
	}
}
