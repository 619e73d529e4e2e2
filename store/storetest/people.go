package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// byToken is a visitor without conversations.
func byToken(t *testing.T, s store.Store, tokenHash string) store.Visitor {
	t.Helper()
	v, recent, err := s.VisitorByToken(t.Context(), tokenHash, begin)
	must(t, err)
	if len(recent) > 0 {
		t.Fatalf("%s has %d conversations", v.ID, len(recent))
	}
	return v
}

// testComesBack finds a visitor with the two conversations opened last, and how far they were read.
func testComesBack(t *testing.T, s store.Store) {
	v := store.Visitor{ID: visitorID(1), Site: "shop", TokenHash: "aa", Language: "fi", CreatedAt: begin, SeenAt: begin}
	must(t, s.PutVisitor(t.Context(), v))
	var all []store.Recent
	for i := range 3 {
		got, recent, err := s.VisitorByToken(t.Context(), "aa", begin)
		must(t, err)
		same(t, "the visitor", got, v)
		same(t, "what they come back to", recent, all)
		c := fresh(i, v.ID)
		c.State, c.ClosedAt, c.Agent, c.Names = chat.Closed, begin, agentID(1), map[string]string{agentID(1): "Aino"}
		next := store.Recent{Conversation: listed([]chat.Conversation{tell(t, s, c, message("Moi"), message("Huomenta"))})[0], Read: store.Marks{Visitor: int64(i)}}
		if i > 0 {
			must(t, s.MarkRead(t.Context(), c.ID, chat.RoleVisitor, int64(i)))
		}
		if i > 1 {
			next.Read.Agent, next.Shown = 1, 1
			must(t, s.MarkRead(t.Context(), c.ID, chat.RoleAgent, 1))
		}
		all = append([]store.Recent{next}, all[:min(1, len(all))]...)
	}
	_, recent, err := s.VisitorByToken(t.Context(), "aa", begin)
	must(t, err)
	same(t, "what they come back to", recent, all)
}

func testVisitors(t *testing.T, s store.Store) {
	v := store.Visitor{ID: visitorID(1), Site: "shop", TokenHash: "aa", Name: "Maija", Language: "fi", CreatedAt: begin, SeenAt: begin}
	must(t, s.PutVisitor(t.Context(), v))
	same(t, "by id", get[store.Visitor](t)(s.Visitor(t.Context(), v.ID)), v)
	same(t, "by token", byToken(t, s, "aa"), v)

	changed := v
	changed.Site, changed.TokenHash, changed.Name, changed.Language = "blog", "bb", "", "sv"
	changed.CreatedAt, changed.SeenAt = begin.Add(time.Hour), begin.Add(-time.Hour)
	must(t, s.PutVisitor(t.Context(), changed))
	changed.Site, changed.CreatedAt, changed.SeenAt = v.Site, v.CreatedAt, v.SeenAt
	same(t, "changed", byToken(t, s, "bb"), changed)
	_, _, err := s.VisitorByToken(t.Context(), "aa", begin)
	wantKind(t, "the old token", err, chat.NotFound)

	other := v
	other.ID, other.TokenHash = visitorID(2), "bb"
	wantKind(t, "another's token", s.PutVisitor(t.Context(), other), chat.Conflict)
	_, err = s.Visitor(t.Context(), other.ID)
	wantKind(t, "the other", err, chat.NotFound)

	for _, seen := range []time.Duration{time.Minute, time.Second} { // the second goes back
		must(t, s.TouchVisitor(t.Context(), v.ID, begin.Add(seen)))
	}
	changed.SeenAt = begin.Add(time.Minute)
	same(t, "touched", get[store.Visitor](t)(s.Visitor(t.Context(), v.ID)), changed)
	must(t, s.TouchVisitor(t.Context(), visitorID(9), begin))
}

func testAgents(t *testing.T, s store.Store) {
	a := store.Agent{PasswordHash: "$argon2id$x", Capacity: 3, CreatedAt: begin, Agent: staff.Agent{
		ID: agentID(1), Email: "Aino.Äijälä@Demo.example", Name: "Aino", Role: staff.RoleAgent,
		Skills: []string{"billing"}, Teams: []string{"support", "sales"}, Languages: []string{"fi", "en"},
	}}
	must(t, s.PutAgent(t.Context(), a))
	same(t, "by id", get[store.Agent](t)(s.Agent(t.Context(), a.ID)), a)
	for _, email := range []string{a.Email, "aino.äijälä@demo.EXAMPLE", "  AINO.ÄIJÄLÄ@DEMO.EXAMPLE\t"} {
		same(t, email, get[store.Agent](t)(s.AgentByEmail(t.Context(), email)), a)
	}
	b := store.Agent{CreatedAt: begin, Agent: staff.Agent{
		ID: agentID(2), Email: "aino.äijälä@demo.example", Name: "Ville", Role: staff.RoleSupervisor,
	}}
	wantKind(t, "the same address", s.PutAgent(t.Context(), b), chat.Conflict)
	b.Email = "ville@demo.example"
	must(t, s.PutAgent(t.Context(), b))
	disabled := begin.Add(time.Hour)
	a.DisabledAt, a.Disabled, a.Skills, a.Name = &disabled, true, nil, "Örjan"
	must(t, s.PutAgent(t.Context(), a))
	same(t, "all", get[[]store.Agent](t)(s.Agents(t.Context())), []store.Agent{b, a})
	b.Email = a.Email
	wantKind(t, "an address that was taken", s.PutAgent(t.Context(), b), chat.Conflict)
	a.DisabledAt, a.Disabled = nil, false
	must(t, s.PutAgent(t.Context(), a))
	same(t, "enabled", get[store.Agent](t)(s.Agent(t.Context(), a.ID)), a)
}

func testTeamsAndSites(t *testing.T, s store.Store) {
	teams := []staff.Team{{Slug: "billing", Name: "Laskutus", Assignment: "hand"}, {Slug: "support", Name: "Tuki", Assignment: staff.Auto, Capacity: 4, Patience: staff.DefaultPatience()}}
	sites := []staff.Site{
		{Slug: "default", Name: "Oma", Team: "support", Language: "fi"},
		{Slug: "shop", Name: "Kauppa", Origins: []string{"https://shop.example", "https://www.shop.example"}, Team: "billing", Language: "sv"},
	}
	for i := range teams {
		must(t, s.PutTeam(t.Context(), staff.Team{Slug: teams[i].Slug, Name: "before", Assignment: "offer"}))
		must(t, s.PutSite(t.Context(), staff.Site{Slug: sites[i].Slug, Name: "before", Origins: []string{"https://old.example"}}))
	}
	for _, i := range []int{1, 0} {
		must(t, s.PutTeam(t.Context(), teams[i]))
		must(t, s.PutSite(t.Context(), sites[i]))
	}
	same(t, "teams", get[[]staff.Team](t)(s.Teams(t.Context())), teams)
	same(t, "sites", get[[]staff.Site](t)(s.Sites(t.Context())), sites)
	same(t, "team", get[staff.Team](t)(s.Team(t.Context(), "support")), teams[1])
	same(t, "site", get[staff.Site](t)(s.Site(t.Context(), "shop")), sites[1])
}

// fullTeam is a team with every field there is.
func fullTeam() staff.Team {
	day := []staff.Interval{{From: 8*60 + 30, To: 11 * 60}, {From: 12 * 60, To: staff.EndOfDay}}
	return staff.Team{
		Slug: "night", Name: "Yö", Assignment: staff.Offered, Capacity: 7,
		Patience: staff.Patience{
			FirstAnswer: time.Second, NextAnswer: 2 * time.Second, Word: 3 * time.Second, Offer: 4 * time.Second, Silence: 5 * time.Second,
			Close: 6 * time.Second, Cooldown: 1500 * time.Millisecond,
		},
		Hours: &staff.Hours{
			Zone: "Europe/Helsinki", Week: [7][]staff.Interval{0: day, 6: {{From: 0, To: staff.EndOfDay}}}, Holidays: "fi",
			Exceptions: []staff.Exception{{Date: "2026-12-24", Name: "Jouluaatto", Intervals: day}, {Date: "2026-06-18"}},
		},
		Rings:      []staff.Ring{{After: time.Minute, AnyLanguage: true, AnySkills: true, Team: "support"}, {AnySkills: true}},
		HeadStarts: map[string]time.Duration{"feeling:angry": time.Minute, "priority:high": 0},
		Rest:       staff.Rest{After: 5 * time.Minute},
	}
}

// noZeros fails on a field of a sample that is not filled: one that was added and forgotten here would never be seen to
// be stored.
func noZeros(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("the sample says nothing about %s", path)
	}
	if v = reflect.Indirect(v); v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			noZeros(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	} else if v.Kind() == reflect.Slice && v.Len() > 0 {
		noZeros(t, path+"[0]", v.Index(0))
	}
}

// testRules stores all that a team's line and a site go by. What was stored and what was read belong to the caller.
func testRules(t *testing.T, s store.Store) {
	team := fullTeam()
	site := staff.Site{Slug: "shop", Name: "Kauppa", Origins: []string{"https://shop.example"}, Team: "night", Language: "sv", Hours: fullTeam().Hours}
	noZeros(t, "team", reflect.ValueOf(team))
	noZeros(t, "site", reflect.ValueOf(site))
	for range 2 {
		must(t, s.PutTeam(t.Context(), team))
		must(t, s.PutSite(t.Context(), site))
		for _, mine := range []staff.Team{team, get[staff.Team](t)(s.Team(t.Context(), "night")), get[[]staff.Team](t)(s.Teams(t.Context()))[0]} {
			same(t, "team", mine, fullTeam())
			mine.Rings[0].Team, mine.HeadStarts["feeling:angry"], mine.Hours.Week[0][0].From = "x", 0, 0
			mine.Hours.Exceptions[0].Intervals[0].To, mine.Hours.Exceptions[1].Date = 0, "x"
		}
		for _, mine := range []staff.Site{site, get[staff.Site](t)(s.Site(t.Context(), "shop")), get[[]staff.Site](t)(s.Sites(t.Context()))[0]} {
			same(t, "site's hours", mine.Hours, fullTeam().Hours)
			same(t, "site's origins", mine.Origins, []string{"https://shop.example"})
			mine.Hours.Week[0][0].From, mine.Origins[0] = 0, "x"
		}
		team, site.Hours, site.Origins = fullTeam(), fullTeam().Hours, []string{"https://shop.example"}
	}
	bare := staff.Team{Slug: "night"}
	must(t, s.PutTeam(t.Context(), bare))
	same(t, "emptied team", get[staff.Team](t)(s.Team(t.Context(), "night")), bare)
	site.Hours = nil
	must(t, s.PutSite(t.Context(), site))
	same(t, "site without hours", get[staff.Site](t)(s.Site(t.Context(), "shop")), site)
}

func testSessions(t *testing.T, s store.Store) {
	session := func(n, agent int) store.Session {
		at := begin.Add(time.Duration(n) * time.Minute)
		return store.Session{TokenHash: fmt.Sprintf("%064x", n), Agent: agentID(agent), CreatedAt: at, SeenAt: at,
			ExpiresAt: at.Add(time.Hour), Address: "192.0.2.7", UserAgent: "Mozilla/5.0 <script>"}
	}
	var mine []store.Session
	for n := range 4 {
		mine = append([]store.Session{session(n, 1)}, mine...)
		must(t, s.PutSession(t.Context(), mine[0]))
		must(t, s.PutSession(t.Context(), session(100+n, 2)))
	}
	again := session(2, 2)
	wantKind(t, "a token twice", s.PutSession(t.Context(), again), chat.Conflict)
	same(t, "mine", get[[]store.Session](t)(s.SessionsOf(t.Context(), agentID(1))), mine)
	mine[1].SeenAt, mine[1].ExpiresAt = begin.Add(2*time.Hour), begin.Add(3*time.Hour)
	must(t, s.TouchSession(t.Context(), mine[1].TokenHash, mine[1].SeenAt, mine[1].ExpiresAt))
	same(t, "touched", get[store.Session](t)(s.Session(t.Context(), mine[1].TokenHash)), mine[1])
	used := mine[1].SeenAt
	same(t, "used then", get[bool](t)(s.AnySessionUsed(t.Context(), used, used.Add(time.Second))), true)
	same(t, "not after", get[bool](t)(s.AnySessionUsed(t.Context(), used.Add(time.Second), used.Add(time.Hour))), false)
	same(t, "not so soon", get[bool](t)(s.AnySessionUsed(t.Context(), used.Add(-time.Second), used)), false)

	testSignedIn(t, s, mine)

	must(t, s.EndSession(t.Context(), mine[0].TokenHash))
	must(t, s.EndSession(t.Context(), mine[0].TokenHash))
	if n := get[int](t)(s.EndSessionsOf(t.Context(), agentID(1), mine[1].TokenHash)); n != 2 {
		t.Fatalf("%d sessions ended, want 2", n)
	}
	same(t, "left", get[[]store.Session](t)(s.SessionsOf(t.Context(), agentID(1))), mine[1:2])
	if n := get[int](t)(s.ForgetSessions(t.Context(), begin.Add(162*time.Minute))); n != 2 {
		t.Fatalf("%d sessions had expired, want 2 of the other agent's", n)
	}
	if n := get[int](t)(s.EndSessionsOf(t.Context(), agentID(1), "")); n != 1 {
		t.Fatalf("%d sessions ended, want the last", n)
	}
	_, err := s.Session(t.Context(), mine[1].TokenHash)
	wantKind(t, "an ended session", err, chat.NotFound)
}

// testSignedIn asks for many sessions at once, of an agent who has several and of one who has a few.
func testSignedIn(t *testing.T, s store.Store, mine []store.Session) {
	for n, name := range []string{"", "Aino", "Ville"} {
		if name != "" {
			must(t, s.PutAgent(t.Context(), store.Agent{Agent: staff.Agent{ID: agentID(n), Name: name, Email: name + "@example.com", Role: staff.RoleAgent}, CreatedAt: begin}))
		}
	}
	var hashes []string
	for n := range 200 { // most are not there
		hashes = append(hashes, fmt.Sprintf("%064x", n))
	}
	of := map[string][]store.Session{}
	for _, v := range get[[]store.SignedIn](t)(s.SignedIn(t.Context(), hashes)) {
		if v.Agent.ID != v.Session.Agent {
			t.Errorf("a session of %s is %s's", v.Session.Agent, v.Agent.ID)
		}
		of[v.Agent.Name] = append(of[v.Agent.Name], v.Session)
	}
	slices.SortFunc(of["Aino"], func(a, b store.Session) int { return b.CreatedAt.Compare(a.CreatedAt) })
	same(t, "sessions of one, asked for with all", of["Aino"], mine)
	if len(of) != 2 || len(of["Ville"]) != len(mine) {
		t.Errorf("%d of %d agents' sessions were found: %v", len(of), 2, of)
	}
	same(t, "nobody's", get[[]store.SignedIn](t)(s.SignedIn(t.Context(), nil)), []store.SignedIn(nil))
}

func testAttempts(t *testing.T, s store.Store) {
	const tries = 40
	counts := make([]int, tries)
	var wg sync.WaitGroup
	for i := range tries {
		wg.Go(func() {
			n, until, err := s.Attempt(context.Background(), "aino@demo.example", begin, time.Minute)
			if err != nil || !until.Equal(begin.Add(time.Minute)) {
				t.Errorf("attempt: until %v, %v", until, err)
			}
			counts[i] = n
		})
	}
	wg.Wait()
	slices.Sort(counts)
	for i, n := range counts {
		if n != i+1 {
			t.Fatalf("counts %v", counts)
		}
	}
	count := func(name string, after time.Duration, want int) {
		t.Helper()
		n, _, err := s.Attempt(t.Context(), name, begin.Add(after), time.Minute)
		if err != nil || n != want {
			t.Fatalf("attempt of %s after %v: %d, %v; want %d", name, after, n, err, want)
		}
	}
	count("aino@demo.example", time.Minute-time.Millisecond, tries+1)
	count("192.0.2.7", 0, 1)
	count("aino@demo.example", time.Minute, 1) // a new window
	count("aino@demo.example", 90*time.Second, 2)
	must(t, s.ForgetAttempts(t.Context(), "aino@demo.example"))
	count("aino@demo.example", 90*time.Second, 1)
	get[int](t)(s.ForgetSessions(t.Context(), begin.Add(2*time.Minute)))
	count("192.0.2.7", 0, 1) // forgotten with its window
	count("aino@demo.example", 91*time.Second, 2)
}

func testSettings(t *testing.T, s store.Store) {
	for _, value := range [][]byte{{0, 1, 255, 0}, {}, []byte("text")} {
		must(t, s.PutSetting(t.Context(), "secret", value))
		same(t, "value", get[[]byte](t)(s.Setting(t.Context(), "secret")), value)
	}
	same(t, "the one that stands", get[[]byte](t)(s.SettingOrPut(t.Context(), "secret", []byte("late"))), []byte("text"))
	same(t, "the first", get[[]byte](t)(s.SettingOrPut(t.Context(), "other", []byte("first"))), []byte("first"))
	for range 2 {
		must(t, s.DropSetting(t.Context(), "secret"))
	}
	_, err := s.Setting(t.Context(), "secret")
	wantKind(t, "one that was dropped", err, chat.NotFound)
	same(t, "another", get[[]byte](t)(s.Setting(t.Context(), "other")), []byte("first"))
}

func testSettingRace(t *testing.T, s store.Store) {
	const asking = 30
	values := make([]string, asking)
	var wg sync.WaitGroup
	for i := range asking {
		wg.Go(func() {
			v, err := s.SettingOrPut(context.Background(), "secret", fmt.Append(nil, i))
			if err != nil {
				t.Errorf("setting: %v", err)
			}
			values[i] = string(v)
		})
	}
	wg.Wait()
	if slices.Sort(values); values[0] != values[asking-1] {
		t.Fatalf("several secrets: %v", values)
	}
}

func act(n int) store.Act {
	return store.Act{At: begin.Add(time.Duration(n) * time.Second), Actor: agentID(1), Address: "192.0.2.7", Verb: "role.set",
		Object: agentID(n), Detail: "agent → \"supervisor\""}
}

func testAudit(t *testing.T, s store.Store) {
	rows, hash, err := store.VerifyAudit(t.Context(), s)
	if rows != 0 || hash != "" || err != nil {
		t.Fatalf("an empty audit: %d, %q, %v", rows, hash, err)
	}
	must(t, s.RecordActs(t.Context(), act(1), act(2)))
	must(t, s.RecordActs(t.Context(), act(3)))
	var want []store.AuditRow
	for n := 1; n <= 3; n++ {
		hash = store.Chain(hash, act(n))
		want = append(want, store.AuditRow{N: int64(n), Act: act(n), Hash: hash})
	}
	same(t, "acts", get[[]store.AuditRow](t)(s.Acts(t.Context(), 0, 10)), want)
	same(t, "a part", get[[]store.AuditRow](t)(s.Acts(t.Context(), 1, 1)), want[1:2])
	same(t, "beyond the end", get[[]store.AuditRow](t)(s.Acts(t.Context(), 3, 1)), []store.AuditRow(nil))
	rows, last, err := store.VerifyAudit(t.Context(), s)
	if rows != 3 || last != hash || err != nil {
		t.Fatalf("verify: %d, %q, %v", rows, last, err)
	}
}

func testActs(t *testing.T, s store.Store) {
	ctx := t.Context()
	a := store.Agent{CreatedAt: begin, Agent: staff.Agent{ID: agentID(1), Email: "a@example.com", Name: "A"}}
	session := store.Session{TokenHash: "aa", Agent: a.ID, CreatedAt: begin, SeenAt: begin, ExpiresAt: begin}
	must(t, s.PutAgent(ctx, a, act(1)))
	must(t, s.PutTeam(ctx, staff.Team{Slug: "support"}, act(2)))
	must(t, s.PutSite(ctx, staff.Site{Slug: "shop"}, act(3)))
	must(t, s.PutSetting(ctx, "x", nil, act(4)))
	must(t, s.PutSession(ctx, session, act(5)))
	wantKind(t, "a token twice", s.PutSession(ctx, session, act(99)), chat.Conflict)
	a.ID = agentID(2)
	wantKind(t, "an address twice", s.PutAgent(ctx, a, act(99)), chat.Conflict)
	must(t, s.EndSession(ctx, "aa", act(6)))
	get[int](t)(s.EndSessionsOf(ctx, a.ID, "", act(7), act(8)))
	rows := get[[]store.AuditRow](t)(s.Acts(ctx, 0, 100))
	if len(rows) != 8 {
		t.Fatalf("%d rows, want 8", len(rows))
	}
	for i, row := range rows {
		same(t, "act", row.Act, act(i+1))
	}
}

func testAuditRace(t *testing.T, s store.Store) {
	var wg sync.WaitGroup
	for n := range 60 {
		wg.Go(func() {
			if err := s.RecordActs(context.Background(), act(n), act(n)); err != nil {
				t.Errorf("record: %v", err)
			}
		})
	}
	wg.Wait()
	if rows, _, err := store.VerifyAudit(t.Context(), s); rows != 120 || err != nil {
		t.Fatalf("verify: %d, %v", rows, err)
	}
}
