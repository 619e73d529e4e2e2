package linetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	Lose   func(t testing.TB) routing.Roster   // the roster loses everything, as by a FLUSHALL
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
		{"who loses the connection is gone unless they show life", rosterLose},
		{"who says so is offline and not lost", rosterOffline},
		{"lists by id and forgets after an hour", rosterList},
		{"a status has a reason", rosterReason},
		{"what the house notes is no sign of life", rosterNote},
		{"strain is halved each hour", rosterStrain},
		{"a breather is never cut short", rosterRest},
		{"a lost roster is filled again by signs of life", rosterFlushed},
		{"bad input is refused", rosterBadInput},
		{"many at once", rosterRace},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
	t.Run("whatever happens", func(t *testing.T) { rosterAlike(t, open) })
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

func rosterLose(t *testing.T, f RosterFixture) {
	must(t, f.Roster.Lose(t.Context(), "nobody"))
	for _, status := range []routing.Status{routing.Online, routing.Busy, routing.Away} {
		set(t, f, "aino", status)
		f.Pass(t, time.Second)
		must(t, f.Roster.Lose(t.Context(), "aino"))
		p := get(t, f, "aino")
		if p.Status != routing.Offline || !p.Lost || !about(p.Since, f.Now()) {
			t.Errorf("who was %s and is lost at %s is %+v", status, f.Now(), p)
		}
		f.Pass(t, 10*time.Second)
		must(t, f.Roster.Lose(t.Context(), "aino"))
		if again := get(t, f, "aino"); again != p {
			t.Errorf("lost again: %+v, was %+v", again, p)
		}
		unknown, err := f.Roster.Renew(t.Context(), []string{"aino"})
		if err != nil || !slices.Equal(unknown, []string{"aino"}) {
			t.Errorf("Renew = %v, %v; want aino to be unknown", unknown, err)
		}
	}
	off := set(t, f, "aino", routing.Offline)
	must(t, f.Roster.Lose(t.Context(), "aino"))
	if p := get(t, f, "aino"); p != off {
		t.Errorf("offline and lost is %+v, was %+v", p, off)
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

func rosterReason(t *testing.T, f RosterFixture) {
	first := set(t, f, "aino", routing.Online)
	f.Pass(t, 10*time.Second)
	lunch, err := f.Roster.Set(t.Context(), "aino", routing.Away, "lounas, takaisin klo 12")
	if err != nil || lunch.Reason != "lounas, takaisin klo 12" || lunch.Since == first.Since {
		t.Errorf("away for lunch is %+v, %v", lunch, err)
	}
	f.Pass(t, 10*time.Second)
	late, err := f.Roster.Set(t.Context(), "aino", routing.Away, "")
	if err != nil || late.Reason != "" || late.Since != lunch.Since {
		t.Errorf("away for no reason is %+v, %v; was %+v", late, err, lunch)
	}
	busy := set(t, f, "aino", routing.Busy)
	if busy.IdleSince != first.IdleSince {
		t.Errorf("busy is %+v, online was %+v", busy, first)
	}
	if p := get(t, f, "aino"); p != busy {
		t.Errorf("Get gives %+v, Set gave %+v", p, busy)
	}
	f.Pass(t, routing.PresenceLease)
	if p := get(t, f, "aino"); p.Status != routing.Offline || !p.Lost {
		t.Errorf("busy and without life is %+v", p)
	}
}

func rosterNote(t *testing.T, f RosterFixture) {
	note := func(agent string, was, status routing.Status, reason string) (routing.Presence, bool) {
		t.Helper()
		p, ok, err := f.Roster.Note(t.Context(), agent, was, status, reason)
		must(t, err)
		if ok && (p.Agent != agent || p.Status != status || p.Reason != reason || p != get(t, f, agent)) {
			t.Errorf("noted %s %q, and it is %+v; Get gives %+v", status, reason, p, get(t, f, agent))
		}
		return p, ok
	}
	if p, ok := note("nobody", routing.Online, routing.Away, ""); ok || get(t, f, "nobody").Status != routing.Offline {
		t.Errorf("noted of nobody: %+v", p)
	}
	first := set(t, f, "aino", routing.Online)
	f.Pass(t, 20*time.Second)
	if p, ok := note("aino", routing.Online, routing.Online, "missed"); !ok || p.Since != first.Since || p.IdleSince != first.IdleSince {
		t.Errorf("noted: %+v, %v; was %+v", p, ok, first)
	}
	if p, ok := note("aino", routing.Busy, routing.Away, "late"); ok || get(t, f, "aino").Reason != "missed" {
		t.Errorf("noted of who stands otherwise: %+v", p)
	}
	if p, ok := note("aino", routing.Online, routing.Away, "missed"); !ok || !about(p.Since, f.Now()) || p.IdleSince != first.IdleSince {
		t.Errorf("away at %s is %+v, %v", f.Now(), p, ok)
	}
	f.Pass(t, 11*time.Second)
	p := get(t, f, "aino")
	if p.Status != routing.Offline || !p.Lost || !about(p.Since, f.Now().Add(-time.Second)) {
		t.Errorf("who showed no life since is %+v at %s", p, f.Now())
	}
	if p, ok := note("aino", routing.Away, routing.Online, ""); ok || get(t, f, "aino").Status != routing.Offline {
		t.Errorf("who is lost is noted: %+v", p)
	}
	if _, _, err := f.Roster.Note(t.Context(), "aino", routing.Offline, routing.Online, ""); chat.KindOf(err) != chat.Invalid {
		t.Errorf("a note of who is offline: %v, want an invalid error", err)
	}
}

// near tells whether two strains are the same but for what is forgotten in the moments of a test.
func near(a, b int) bool { return max(a-b, b-a) <= 1+b/100 }

func finished(t *testing.T, f RosterFixture, agent string, strain int, rest time.Duration) routing.Presence {
	t.Helper()
	must(t, f.Roster.Finished(t.Context(), agent, strain, rest))
	return get(t, f, agent)
}

func rosterStrain(t *testing.T, f RosterFixture) {
	if p := finished(t, f, "aino", 100, time.Minute); p != (routing.Presence{Agent: "aino", Status: routing.Offline}) {
		t.Errorf("who is not known has finished something: %+v", p)
	}
	set(t, f, "aino", routing.Online)
	f.Pass(t, time.Second)
	p := finished(t, f, "aino", 800, 0)
	if !near(p.Strain, 800) || !about(p.IdleSince, f.Now()) {
		t.Errorf("after a hard hour: %+v at %s", p, f.Now())
	}
	f.Pass(t, time.Hour)
	if p := get(t, f, "aino"); !near(p.Strain, 400) {
		t.Errorf("an hour later: %+v", p)
	}
	set(t, f, "aino", routing.Online) // they were lost, and what was hard has not become easier
	if p := finished(t, f, "aino", 100, 0); !near(p.Strain, 500) {
		t.Errorf("and another: %+v", p)
	}
	f.Pass(t, 30*time.Minute)
	all, err := f.Roster.List(t.Context())
	if err != nil || len(all) != 1 || !near(all[0].Strain, 353) { // 500 / √2
		t.Errorf("half an hour later: %+v, %v", all, err)
	}
	for range 3 {
		p = finished(t, f, "aino", routing.MaxStrain, 0)
	}
	if p.Strain > routing.MaxStrain || !near(p.Strain, routing.MaxStrain) {
		t.Errorf("more than anybody bears: %+v", p)
	}
}

func rosterRest(t *testing.T, f RosterFixture) {
	set(t, f, "aino", routing.Online)
	if p := finished(t, f, "aino", 0, 0); !p.RestUntil.IsZero() {
		t.Errorf("no breather is %+v", p)
	}
	first := finished(t, f, "aino", 50, 5*time.Minute)
	if !about(first.RestUntil, f.Now().Add(5*time.Minute)) {
		t.Errorf("a breather is %+v at %s", first, f.Now())
	}
	for _, rest := range []time.Duration{time.Minute, 0} {
		if p := finished(t, f, "aino", 50, rest); p.RestUntil != first.RestUntil {
			t.Errorf("a breather of %s more makes %+v, was %+v", rest, p, first)
		}
	}
	f.Pass(t, 20*time.Second)
	set(t, f, "aino", routing.Busy)
	if p := get(t, f, "aino"); p.RestUntil != first.RestUntil {
		t.Errorf("busy with a breather is %+v, was %+v", p, first)
	}
	if p := set(t, f, "aino", routing.Online); p.RestUntil != first.RestUntil {
		t.Errorf("who comes back after a break rests until %s, was %s", p.RestUntil, first.RestUntil)
	}
	if p, err := f.Roster.Set(t.Context(), "aino", routing.Online, routing.Ready); err != nil || !p.RestUntil.IsZero() || p.Reason != "" {
		t.Errorf("who says that they are ready rests: %+v, %v", p, err)
	}
	if p := finished(t, f, "aino", 50, 5*time.Minute); !about(p.RestUntil, f.Now().Add(5*time.Minute)) {
		t.Errorf("a longer breather is %+v at %s", p, f.Now())
	}
}

func rosterFlushed(t *testing.T, f RosterFixture) {
	set(t, f, "aino", routing.Online)
	finished(t, f, "aino", 100, time.Minute)
	f.Roster = f.Lose(t)
	if p := get(t, f, "aino"); p != (routing.Presence{Agent: "aino", Status: routing.Offline}) {
		t.Errorf("after all was lost: %+v", p)
	}
	unknown, err := f.Roster.Renew(t.Context(), []string{"aino", "ville"})
	if err != nil || !slices.Equal(unknown, []string{"aino", "ville"}) {
		t.Errorf("Renew = %v, %v; want both to be unknown", unknown, err)
	}
	set(t, f, "aino", routing.Away)
	if unknown, err := f.Roster.Renew(t.Context(), []string{"aino"}); err != nil || len(unknown) > 0 {
		t.Errorf("Renew = %v, %v", unknown, err)
	}
}

func rosterBadInput(t *testing.T, f RosterFixture) {
	for _, c := range []struct {
		agent  string
		status routing.Status
		reason string
	}{
		{"", routing.Online, ""}, {"aino", "", ""}, {"aino", "asleep", ""}, {strings.Repeat("a", 65), routing.Online, ""},
		{"aino", routing.Away, "\xff"}, {"aino", routing.Away, "a\nb"}, {"aino", routing.Away, strings.Repeat("ä", 101)},
	} {
		if _, err := f.Roster.Set(t.Context(), c.agent, c.status, c.reason); chat.KindOf(err) != chat.Invalid {
			t.Errorf("Set(%q, %q, %q): %v, want an invalid error", c.agent, c.status, c.reason, err)
		}
	}
	set(t, f, "aino", routing.Online)
	for _, c := range []struct {
		strain int
		rest   time.Duration
	}{{-1, 0}, {routing.MaxStrain + 1, 0}, {0, -1}, {0, 31 * time.Minute}} {
		if err := f.Roster.Finished(t.Context(), "aino", c.strain, c.rest); chat.KindOf(err) != chat.Invalid {
			t.Errorf("Finished(%d, %s): %v, want an invalid error", c.strain, c.rest, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Roster.Set(ctx, "aino", routing.Away, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Set when it is over: %v", err)
	}
	if p := get(t, f, "aino"); p.Status != routing.Online || p.Strain != 0 {
		t.Errorf("after all that: %+v", p)
	}
}

// rosterRace has 32 goroutines speak for eight agents. No word is lost.
func rosterRace(t *testing.T, f RosterFixture) {
	const each = 50
	agents := strings.Split("abcdefgh", "")
	for _, a := range agents {
		set(t, f, a, routing.Online)
	}
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			agent := agents[w%len(agents)]
			for i := range each {
				_, err1 := f.Roster.Set(t.Context(), agent, []routing.Status{routing.Online, routing.Busy, routing.Away}[i%3], "")
				unknown, err2 := f.Roster.Renew(t.Context(), agents)
				err3 := f.Roster.Finished(t.Context(), agent, 10, time.Minute)
				_, err4 := f.Roster.List(t.Context())
				if err := errors.Join(err1, err2, err3, err4); err != nil || len(unknown) > 0 {
					t.Errorf("%v, unknown %v", err, unknown)
				}
			}
		})
	}
	wg.Wait()
	all, err := f.Roster.List(t.Context())
	if err != nil || len(all) != len(agents) {
		t.Fatalf("List has %d agents, %v", len(all), err)
	}
	for _, p := range all {
		if p.Status == routing.Offline || !near(p.Strain, 32/len(agents)*each*10) || p.RestUntil.IsZero() {
			t.Errorf("%+v", p)
		}
	}
}
