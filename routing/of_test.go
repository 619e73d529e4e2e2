package routing_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

func feels(name string) chat.Feeling { return chat.Feeling{Name: name, Intensity: 1} }

func TestOfGivesTheHeadStart(t *testing.T) {
	set := map[string]time.Duration{
		"feeling:angry": time.Hour, "reason:stuck": 0, "priority:vip": 30 * time.Minute, "priority:late": -time.Hour,
		"priority:mad": 99 * time.Hour, "feeling:crisis": time.Second,
	}
	for _, c := range []struct {
		feeling, reason, priority string
		usual, set                time.Duration // of a team that sets nothing, and of one that does
	}{
		{"", "", "", 0, 0},
		{chat.Calm, chat.ReasonAsked, "", 0, 0},
		{chat.Pleased, chat.ReasonComplex, "", 0, 0},
		{chat.Calm, chat.ReasonStuck, "", 2 * time.Minute, 0},
		{chat.Frustrated, chat.ReasonFeeling, "", 2 * time.Minute, 2 * time.Minute},
		{chat.Angry, chat.ReasonFeeling, "", 5 * time.Minute, time.Hour},
		{chat.Urgent, chat.ReasonAsked, "", 5 * time.Minute, 5 * time.Minute},
		{chat.Distressed, chat.ReasonFeeling, "", 10 * time.Minute, 10 * time.Minute},
		{chat.Calm, chat.ReasonRule, "high", 10 * time.Minute, 10 * time.Minute},
		{chat.Calm, chat.ReasonRule, "vip", 0, 30 * time.Minute},
		{chat.Calm, chat.ReasonRule, "late", 0, 0},
		{chat.Calm, chat.ReasonRule, "mad", 0, 4 * time.Hour},
		{chat.InCrisis, chat.ReasonAsked, "", routing.MaxHeadStart, routing.MaxHeadStart},
		{chat.Calm, chat.ReasonCrisis, "", routing.MaxHeadStart, routing.MaxHeadStart},
		{"unheard of", "unheard of", "unheard of", 0, 0},
	} {
		conversation := chat.Conversation{ID: "k", Team: "support", Feeling: feels(c.feeling), Reason: c.reason, Priority: c.priority, WaitingSince: now}
		if got := routing.Of(conversation, staff.Team{}, now).HeadStart; got != c.usual {
			t.Errorf("%+v has a head start of %s", c, got)
		}
		if got := routing.Of(conversation, staff.Team{HeadStarts: set}, now).HeadStart; got != c.set {
			t.Errorf("%+v has a head start of %s in a team that sets its own", c, got)
		}
	}
}

// Nobody who is in danger stands behind anybody who is not, however long those have waited: who left a message before a
// holiday, or was put off for as long as can be, comes back to the line at their old place.
func TestACrisisGoesBeforeAll(t *testing.T) {
	late := chat.Conversation{ID: "b", Team: "support", WaitingSince: now, Reason: chat.ReasonCrisis}
	for _, waited := range []time.Duration{time.Minute, 25 * time.Hour, 4 * 24 * time.Hour, 366 * 24 * time.Hour} {
		for _, feeling := range []string{chat.Calm, chat.Distressed} {
			early := chat.Conversation{ID: "a", Team: "support", WaitingSince: now.Add(-waited), Priority: "high", Feeling: chat.Feeling{Name: feeling}}
			team := staff.Team{HeadStarts: map[string]time.Duration{"priority:high": staff.MaxHeadStart}}
			if routing.Compare(routing.Of(late, team, now), routing.Of(early, team, now)) >= 0 {
				t.Errorf("somebody in danger stands behind who is %s and has waited for %s", feeling, waited)
			}
		}
	}
}

func TestOfOpensTheRings(t *testing.T) {
	team := staff.Team{Rings: []staff.Ring{
		{After: 2 * time.Minute, AnyLanguage: true}, {After: 5 * time.Minute, Team: "sales"},
		{After: 5 * time.Minute, Team: "support"}, {After: 10 * time.Minute, AnySkills: true, Team: "night"},
	}}
	for _, c := range []struct {
		waited time.Duration
		class  string
	}{
		{-time.Hour, "0|sv|billing,|"},
		{2*time.Minute - 1, "0|sv|billing,|"},
		{2 * time.Minute, "0||billing,|"},
		{5 * time.Minute, "0||billing,|sales,"},
		{10 * time.Minute, "0|||night,sales,"},
		{math.MaxInt64, "0|||night,sales,"},
	} {
		conversation := chat.Conversation{ID: "k", Team: "support", Skills: []string{"billing"}, Language: "sv", WaitingSince: now}
		at := now.Add(c.waited)
		if got := routing.Of(conversation, team, at).Class(); got != c.class {
			t.Errorf("after %s the class is %s, want %s", c.waited, got, c.class)
		}
		slices.Reverse(team.Rings) // their order is nothing
	}
}

func TestOfAvoidsForAWhile(t *testing.T) {
	c := chat.Conversation{ID: "k", Team: "support", Avoid: []string{"aino"}, AvoidUntil: now.Add(time.Minute), Agent: "ville", Raised: true, WaitingSince: now}
	if got := routing.Of(c, staff.Team{}, now); !slices.Equal(got.Except, []string{"aino"}) || got.Prefer != "ville" || !got.Raised {
		t.Errorf("Of = %+v", got)
	}
	if got := routing.Of(c, staff.Team{}, now.Add(time.Minute)); len(got.Except) != 0 {
		t.Errorf("after the cool-down it still excepts %v", got.Except)
	}
}

func TestOfPrefersWhomTheyKnow(t *testing.T) {
	for _, c := range []struct{ agent, known, want string }{{"", "", ""}, {"", "aino", "aino"}, {"ville", "", "ville"}, {"ville", "aino", "ville"}} {
		got := routing.Of(chat.Conversation{ID: "k", Team: "support", Agent: c.agent, Known: c.known, WaitingSince: now}, staff.Team{}, now).Prefer
		if got != c.want {
			t.Errorf("had by %q, known %q: %q is asked first", c.agent, c.known, got)
		}
	}
}

// Whatever a conversation and a team's rules hold, the line takes the ticket.
func TestOfIsTotal(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := chat.Conversation{
			ID: "k", Team: "support", Skills: rapid.SliceOfN(rapid.String(), 0, 40).Draw(r, "skills"), Language: rapid.String().Draw(r, "language"),
			Feeling: feels(rapid.String().Draw(r, "feeling")), Avoid: rapid.SliceOfN(rapid.String(), 0, 40).Draw(r, "avoid"),
			AvoidUntil: now.Add(time.Hour), WaitingSince: minutesAgo(rapid.IntRange(-100, 100).Draw(r, "waited")),
		}
		team := staff.Team{HeadStarts: map[string]time.Duration{"priority:": time.Duration(rapid.Int64().Draw(r, "head start"))}}
		for range rapid.IntRange(0, 20).Draw(r, "rings") {
			team.Rings = append(team.Rings, staff.Ring{After: time.Duration(rapid.Int64().Draw(r, "after")), Team: rapid.String().Draw(r, "team")})
		}
		if err := routing.Of(c, team, now).Check(); err != nil {
			r.Fatal(err)
		}
	})
}

func TestWeight(t *testing.T) {
	for _, c := range []struct {
		name string
		c    chat.Conversation
		want int
	}{
		{"usual", chat.Conversation{State: chat.WithAgent, CustomerLast: true, CustomerAt: minutesAgo(60)}, 100},
		{"frustrated", chat.Conversation{State: chat.WithAgent, CustomerLast: true, Feeling: feels(chat.Frustrated)}, 100},
		{"angry", chat.Conversation{State: chat.WithAgent, CustomerLast: true, Feeling: feels(chat.Angry)}, 150},
		{"distressed, in the line", chat.Conversation{State: chat.Waiting, Feeling: feels(chat.Distressed)}, 150},
		{"in crisis", chat.Conversation{State: chat.WithAgent, Feeling: feels(chat.InCrisis), CustomerAt: minutesAgo(60)}, 200},
		{"came in a crisis", chat.Conversation{State: chat.WithAgent, Reason: chat.ReasonCrisis}, 200},
		{"silent", chat.Conversation{State: chat.WithAgent, CustomerAt: minutesAgo(10)}, 50},
		{"not yet", chat.Conversation{State: chat.WithAgent, CustomerAt: minutesAgo(9)}, 100},
		{"angry and silent", chat.Conversation{State: chat.WithAgent, Feeling: feels(chat.Angry), CustomerAt: minutesAgo(10)}, 75},
		{"who waits is not silent", chat.Conversation{State: chat.Waiting, CustomerAt: minutesAgo(99)}, 100},
	} {
		if got := routing.Weight(c.c, now); got != c.want {
			t.Errorf("%s weighs %d, want %d", c.name, got, c.want)
		}
	}
}
