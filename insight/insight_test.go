package insight_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/insight"
)

var noon = time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)

// story makes a log by the commands that make it in the house.
type story struct {
	t   testing.TB
	c   chat.Conversation
	now time.Time
	log []chat.Event
}

var (
	house   = chat.From{Role: chat.RoleSystem}
	visitor = chat.From{Role: chat.RoleVisitor, ID: "marja"}
	aino    = chat.From{Role: chat.RoleAgent, ID: "aino"}
)

func newStory(t testing.TB) *story {
	s := &story{t: t, c: chat.Conversation{ID: "c"}, now: noon}
	s.do(house, chat.Open{Site: "demo", Visitor: "marja", Language: "fi", Team: "support"})
	return s
}

func (s *story) do(by chat.From, cmd chat.Command) *story {
	s.t.Helper()
	c, events, err := chat.Decide(s.c, chat.Envelope{At: s.now, By: by, Patience: chat.Usual}, cmd)
	if err != nil {
		s.t.Fatalf("%T: %v", cmd, err)
	}
	s.c, s.log = c, append(s.log, events...)
	return s
}

func (s *story) after(d time.Duration) *story {
	s.now = s.now.Add(d)
	return s
}

// ask lets the customer wait, and be told a range in minutes.
func (s *story) ask(low, high int) *story {
	return s.do(house, chat.Escalate{Reason: chat.ReasonAsked, Wait: &chat.Wait{Low: 60 * low, High: 60 * high}})
}

func TestWaits(t *testing.T) {
	m := time.Minute
	for _, c := range []struct {
		name   string
		story  *story
		waited []time.Duration
		want   []insight.Verdict
		ending insight.Ending
	}{
		{"nothing was told", newStory(t).do(house, chat.Escalate{Reason: chat.ReasonAsked}).after(m).do(aino, chat.Take{}), nil, nil, ""},
		{"sooner than told", newStory(t).ask(2, 4).after(m).do(aino, chat.Take{}), []time.Duration{m}, []insight.Verdict{insight.Before}, insight.Served},
		{"as told", newStory(t).ask(2, 4).after(4*m).do(aino, chat.Take{}), []time.Duration{4 * m}, []insight.Verdict{insight.Inside}, insight.Served},
		{"later than told", newStory(t).ask(2, 4).after(5*m).do(aino, chat.Take{}), []time.Duration{5 * m}, []insight.Verdict{insight.After}, insight.Served},
		{"told again, each by itself", newStory(t).ask(2, 4).after(5*m).do(house, chat.Tell{Text: "…", Wait: &chat.Wait{Low: 120, High: 300}}).after(3*m).do(aino, chat.Take{}),
			[]time.Duration{8 * m, 3 * m}, []insight.Verdict{insight.After, insight.Inside}, insight.Served},
		{"gave up before it is known", newStory(t).ask(2, 4).after(3*m).do(visitor, chat.End{}), []time.Duration{3 * m}, []insight.Verdict{insight.Unknown}, insight.GaveUp},
		{"gave up when it was longer than told", newStory(t).ask(2, 4).after(9*m).do(visitor, chat.End{}), []time.Duration{9 * m}, []insight.Verdict{insight.After}, insight.GaveUp},
		{"asked to be called", newStory(t).ask(2, 4).after(m).do(house, chat.PutOff{Promise: chat.Promise{At: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour)}}),
			[]time.Duration{m}, []insight.Verdict{insight.Unknown}, insight.PutOff},
		{"waits still", newStory(t).ask(20, 40), []time.Duration{10 * m}, []insight.Verdict{insight.Unknown}, insight.Waiting},
		{"waits still, for longer than told", newStory(t).ask(2, 4), []time.Duration{10 * m}, []insight.Verdict{insight.After}, insight.Waiting},
		{"what comes after the agent is another matter", newStory(t).ask(2, 4).after(3*m).do(aino, chat.Take{}).after(9*m).do(aino, chat.Release{}), []time.Duration{3 * m}, []insight.Verdict{insight.Inside}, insight.Served},
		{"the bot went on", newStory(t).ask(2, 4).after(m).do(aino, chat.Take{}).do(aino, chat.ToBot{}), []time.Duration{m}, []insight.Verdict{insight.Before}, insight.Served},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := insight.Waits("c", c.story.log, noon.Add(10*time.Minute))
			if len(got) != len(c.want) {
				t.Fatalf("%d were told: %+v", len(got), got)
			}
			for i, w := range got {
				if w.Verdict() != c.want[i] || w.Waited != c.waited[i] || w.Ending != c.ending || w.Team != "support" {
					t.Errorf("%d: %s after %s, ended %s, want %s after %s, %s", i, w.Verdict(), w.Waited, w.Ending, c.want[i], c.waited[i], c.ending)
				}
			}
		})
	}
}

func TestPromises(t *testing.T) {
	call := func() *story {
		s := newStory(t).ask(60, 90)
		return s.do(house, chat.PutOff{Promise: chat.Promise{At: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour), Channel: chat.ByPhone}})
	}
	wake := chat.Overdue{}
	for _, c := range []struct {
		name  string
		story *story
		want  insight.Fate
	}{
		{"the time has not come", call(), insight.Pending},
		{"an agent has it in time", call().after(time.Hour).do(house, wake).after(30*time.Minute).do(aino, chat.Take{}), insight.Kept},
		{"an agent has it at the last moment", call().after(time.Hour).do(house, wake).after(time.Hour).do(aino, chat.Take{}), insight.Kept},
		{"an agent has it too late", call().after(time.Hour).do(house, wake).after(61*time.Minute).do(aino, chat.Take{}), insight.Broken},
		{"nobody has it", call().after(time.Hour).do(house, wake).after(90 * time.Minute), insight.Broken},
		{"an agent has it before the hour", call().after(time.Minute).do(aino, chat.Take{}), insight.Pending},
		{"an agent has it before the hour, and when it comes", call().after(time.Minute).do(aino, chat.Take{}).after(time.Hour), insight.Kept},
		{"an agent had it before the hour, and put it off", call().after(time.Minute).do(aino, chat.Take{}).do(aino, chat.Snooze{Until: noon.Add(48 * time.Hour)}).after(3 * time.Hour), insight.Broken},
		{"an agent had it before the hour, and calls", call().after(time.Minute).do(aino, chat.Take{}).do(aino, chat.Snooze{Until: noon.Add(48 * time.Hour)}).
			after(time.Hour).do(house, wake).after(time.Minute).do(aino, chat.Take{}), insight.Kept},
		{"an agent had it before the hour, and released it", call().after(time.Minute).do(aino, chat.Take{}).do(aino, chat.Release{}).after(3 * time.Hour), insight.Broken},
		{"an agent ended it before the hour", call().after(time.Minute).do(aino, chat.Take{}).do(aino, chat.Resolve{}).after(3 * time.Hour), insight.TakenBack},
		{"the customer went", call().after(time.Minute).do(visitor, chat.End{}), insight.TakenBack},
		{"the customer went when it was too late", call().after(3*time.Hour).do(visitor, chat.End{}), insight.Broken},
		{"the customer took it back", call().after(time.Minute).do(house, chat.Tell{Text: "…", Reason: chat.Cancelled}).after(5 * time.Hour), insight.TakenBack},
		{"the agent's own snooze", newStory(t).do(aino, chat.Take{}).do(aino, chat.Snooze{Until: noon.Add(time.Hour), Promise: &chat.Promise{At: noon.Add(time.Hour)}}), insight.Pending},
		{"broken after an hour, where no end was named", newStory(t).do(aino, chat.Take{}).
			do(aino, chat.Snooze{Until: noon.Add(time.Hour), Promise: &chat.Promise{At: noon.Add(time.Hour)}}).after(3 * time.Hour), insight.Broken},
		{"the agent dealt with it", newStory(t).do(aino, chat.Take{}).
			do(aino, chat.Snooze{Until: noon.Add(time.Hour), Promise: &chat.Promise{At: noon.Add(time.Hour)}}).after(time.Hour).do(aino, chat.Resolve{}), insight.Kept},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := insight.Promises("c", c.story.log, c.story.now)
			if len(got) != 1 || got[0].Fate != c.want || got[0].Until.Sub(got[0].At) != time.Hour {
				t.Errorf("promised %+v, want %s", got, c.want)
			}
			if met := !got[0].Met.IsZero(); met != (c.want == insight.Kept) && c.want != insight.Broken {
				t.Errorf("met: %v", got[0].Met)
			}
		})
	}
	t.Run("a second promise takes the place of the first", func(t *testing.T) {
		s := newStory(t).do(aino, chat.Take{})
		for i := range 2 {
			at := noon.Add(time.Duration(i+1) * time.Hour)
			s.do(aino, chat.Snooze{Until: at, Promise: &chat.Promise{At: at, Channel: chat.ByEmail}})
		}
		got := insight.Promises("c", s.log, s.now)
		if len(got) != 2 || got[0].Fate != insight.TakenBack || got[1].Fate != insight.Pending {
			t.Errorf("promised %+v", got)
		}
	})
}

// Each that was told is counted once in all, in its hour and in its team, and under one verdict.
func TestCalibrationAddsUp(t *testing.T) {
	ending := rapid.SampledFrom([]insight.Ending{insight.Served, insight.GaveUp, insight.PutOff, insight.Waiting, insight.Other})
	fate := rapid.SampledFrom([]insight.Fate{insight.Kept, insight.Broken, insight.TakenBack, insight.Pending})
	rapid.Check(t, func(r *rapid.T) {
		var c insight.Calibration
		var waits []insight.Wait
		var promises []insight.Promise
		for range rapid.IntRange(0, 40).Draw(r, "told") {
			waits = append(waits, insight.Wait{
				Team: rapid.SampledFrom([]string{"support", "sales"}).Draw(r, "team"), At: noon.Add(time.Duration(rapid.IntRange(0, 2000).Draw(r, "minute")) * time.Minute),
				Low: time.Minute, High: 3 * time.Minute, Waited: time.Duration(rapid.IntRange(0, 5).Draw(r, "waited")) * time.Minute, Ending: ending.Draw(r, "ending"),
			})
			promises = append(promises, insight.Promise{Channel: rapid.SampledFrom([]string{"phone", "email"}).Draw(r, "channel"), Fate: fate.Draw(r, "fate")})
		}
		c.Add(waits, promises, time.UTC)
		var hours, teams insight.Tally
		for _, h := range c.Hours {
			hours = plus(hours, h)
		}
		for _, name := range c.TeamNames() {
			teams = plus(teams, c.Teams[name])
		}
		if c.All != hours || c.All != teams {
			r.Fatalf("all %+v, by hour %+v, by team %+v", c.All, hours, teams)
		}
		if a := c.All; a.Told != len(waits) || a.Told != a.Known()+a.GaveUp+a.PutOff+a.Waiting {
			r.Fatalf("of %d: %+v", len(waits), a)
		}
		made := 0
		for _, channel := range c.Channels() {
			f := c.Promises[channel]
			if made += f.Made; f.Made != f.Kept+f.Broken+f.TakenBack+f.Pending {
				r.Fatalf("%+v", f)
			}
		}
		if made != len(promises) {
			r.Fatalf("%d of %d promises", made, len(promises))
		}
	})
}

func plus(a, b insight.Tally) insight.Tally {
	v, w := reflect.ValueOf(&a).Elem(), reflect.ValueOf(b)
	for i := range v.NumField() {
		v.Field(i).SetInt(v.Field(i).Int() + w.Field(i).Int())
	}
	return a
}

// The hour is the one that the customer's clock shows.
func TestHoursAreOfTheZone(t *testing.T) {
	var c insight.Calibration
	c.Add(insight.Waits("c", newStory(t).ask(1, 2).log, noon), nil, time.FixedZone("Helsinki", 2*3600))
	if c.Hours[14].Told != 1 {
		t.Errorf("counted at %+v", c.Hours)
	}
}
