package linetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// RosterFixture is an empty roster under test.
type RosterFixture struct {
	Roster routing.Roster
	Now    func() time.Time                    // the roster's clock
	Pass   func(t testing.TB, d time.Duration) // lets d pass on it
}

// RunRoster holds the roster that open gives to all that routing.Roster promises.
func RunRoster(t *testing.T, open func(t *testing.T) RosterFixture) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f RosterFixture)
	}{
		{"nobody is there at first", rosterEmpty},
		{"the same status again moves nothing", rosterAgain},
		{"idle begins anew", rosterIdle},
		{"who shows no life is lost", rosterLost},
		{"who says so is offline and not lost", rosterOffline},
		{"lists by id and forgets after an hour", rosterList},
		{"bad input is refused", rosterBadInput},
		{"many at once", rosterRace},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func set(t *testing.T, f RosterFixture, agent string, status routing.Status) routing.Presence {
	t.Helper()
	p, err := f.Roster.Set(t.Context(), agent, status, "")
	if err != nil || p.Agent != agent || p.Status != status || p.Lost {
		t.Fatalf("Set(%s, %s) = %+v, %v", agent, status, p, err)
	}
	return p
}

func get(t *testing.T, f RosterFixture, agent string) routing.Presence {
	t.Helper()
	p, err := f.Roster.Get(t.Context(), agent)
	if err != nil {
		t.Fatalf("Get(%s): %v", agent, err)
	}
	return p
}

// about tells whether two times are the same but for the moments between two calls.
func about(a, b time.Time) bool { return a.Sub(b).Abs() < 5*time.Second }

func rosterEmpty(t *testing.T, f RosterFixture) {
	if p := get(t, f, "aino"); p != (routing.Presence{Agent: "aino", Status: routing.Offline}) {
		t.Errorf("an agent never seen is %+v", p)
	}
	all, err := f.Roster.List(t.Context())
	if err != nil || len(all) != 0 {
		t.Errorf("List = %+v, %v", all, err)
	}
	unknown, err := f.Roster.Renew(t.Context(), []string{"aino"})
	if err != nil || !slices.Equal(unknown, []string{"aino"}) {
		t.Errorf("Renew = %v, %v; want aino to be unknown", unknown, err)
	}
	must(t, f.Roster.Idle(t.Context(), "aino"))
	must(t, f.Roster.Ping(t.Context()))
}

func rosterAgain(t *testing.T, f RosterFixture) {
	first := set(t, f, "aino", routing.Online)
	if !about(first.Since, f.Now()) || first.IdleSince != first.Since {
		t.Errorf("online at %s is %+v", f.Now(), first)
	}
	f.Pass(t, 10*time.Second)
	if again := set(t, f, "aino", routing.Online); again != first {
		t.Errorf("online again is %+v, was %+v", again, first)
	}
	f.Pass(t, 10*time.Second)
	away := set(t, f, "aino", routing.Away)
	if !about(away.Since, f.Now()) || away.IdleSince != first.IdleSince {
		t.Errorf("away at %s is %+v", f.Now(), away)
	}
	f.Pass(t, 10*time.Second)
	if back := set(t, f, "aino", routing.Online); !about(back.Since, f.Now()) || back.IdleSince != back.Since {
		t.Errorf("back at %s is %+v", f.Now(), back)
	}
}

func rosterIdle(t *testing.T, f RosterFixture) {
	first := set(t, f, "aino", routing.Online)
	f.Pass(t, 10*time.Second)
	must(t, f.Roster.Idle(t.Context(), "aino"))
	if p := get(t, f, "aino"); p.Since != first.Since || !about(p.IdleSince, f.Now()) {
		t.Errorf("after Idle at %s: %+v", f.Now(), p)
	}
}

func rosterLost(t *testing.T, f RosterFixture) {
	set(t, f, "aino", routing.Online)
	set(t, f, "ville", routing.Away)
	f.Pass(t, routing.PresenceLease-time.Second)
	if unknown, err := f.Roster.Renew(t.Context(), []string{"aino"}); len(unknown) > 0 || err != nil {
		t.Fatalf("Renew = %v, %v", unknown, err)
	}
	f.Pass(t, 2*time.Second)
	if p := get(t, f, "aino"); p.Status != routing.Online {
		t.Errorf("who showed life is %+v", p)
	}
	p := get(t, f, "ville")
	if p.Status != routing.Offline || !p.Lost || !about(p.Since, f.Now().Add(-time.Second)) {
		t.Errorf("who showed none is %+v at %s", p, f.Now())
	}
	unknown, err := f.Roster.Renew(t.Context(), []string{"aino", "ville"})
	if err != nil || !slices.Equal(unknown, []string{"ville"}) {
		t.Errorf("Renew = %v, %v; want ville to be unknown", unknown, err)
	}
	if p := set(t, f, "ville", routing.Online); !about(p.Since, f.Now()) {
		t.Errorf("back at %s is %+v", f.Now(), p)
	}
}

func rosterOffline(t *testing.T, f RosterFixture) {
	set(t, f, "aino", routing.Online)
	off := set(t, f, "aino", routing.Offline)
	f.Pass(t, 2*routing.PresenceLease)
	if p := get(t, f, "aino"); p != off {
		t.Errorf("offline is %+v, was %+v", p, off)
	}
	if unknown, err := f.Roster.Renew(t.Context(), []string{"aino"}); len(unknown) > 0 || err != nil {
		t.Errorf("Renew = %v, %v; an agent may be connected and offline", unknown, err)
	}
}

func rosterList(t *testing.T, f RosterFixture) {
	set(t, f, "ville", routing.Away)
	set(t, f, "aino", routing.Online)
	set(t, f, "sari", routing.Offline)
	names := func() (names []string) {
		all, err := f.Roster.List(t.Context())
		must(t, err)
		for _, p := range all {
			names = append(names, fmt.Sprint(p.Agent, " ", p.Status, " ", p.Lost))
		}
		return names
	}
	want(t, "List", names(), []string{"aino online false", "sari offline false", "ville away false"})
	f.Pass(t, routing.PresenceLease)
	want(t, "List after the lease", names(), []string{"aino offline true", "sari offline false", "ville offline true"})
	f.Pass(t, routing.PresenceMemory+time.Second)
	want(t, "List after an hour", names(), nil)
}

func rosterBadInput(t *testing.T, f RosterFixture) {
	for _, c := range []struct {
		agent  string
		status routing.Status
	}{{"", routing.Online}, {"aino", ""}, {"aino", "asleep"}} {
		if _, err := f.Roster.Set(t.Context(), c.agent, c.status, ""); chat.KindOf(err) != chat.Invalid {
			t.Errorf("Set(%q, %q): %v, want an invalid error", c.agent, c.status, err)
		}
	}
}

func rosterRace(t *testing.T, f RosterFixture) {
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			agent := fmt.Sprintf("agent%02d", w)
			for range 50 {
				_, err1 := f.Roster.Set(t.Context(), agent, routing.Online, "")
				unknown, err2 := f.Roster.Renew(t.Context(), []string{agent})
				_, err3 := f.Roster.List(t.Context())
				if err1 != nil || err2 != nil || err3 != nil || len(unknown) > 0 {
					t.Errorf("%v %v %v, unknown %v", err1, err2, err3, unknown)
				}
			}
		})
	}
	wg.Wait()
	all, err := f.Roster.List(t.Context())
	if err != nil || len(all) != 16 {
		t.Errorf("List has %d agents, %v; want 16", len(all), err)
	}
}
