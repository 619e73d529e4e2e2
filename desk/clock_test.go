package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/staff"
)

// listening is a bot that notes what it was given.
type listening struct {
	plan.Bot
	heard *bot.Input
}

func (l listening) Reply(in bot.Input) bot.Output {
	*l.heard = in
	return l.Bot.Reply(in)
}

// What the bot takes for the hour is that of the opening hours, wherever the machine stands: the site's, else the team's,
// else that of the zone that goes without saying.
func TestTheBotsClockIsThatOfTheOpeningHours(t *testing.T) {
	d := newTestDesk(t, nil)
	var heard bot.Input
	theirs := d.bot()
	d.bot = func() plan.Bot { return listening{theirs, &heard} }
	for _, zone := range []string{"", "Asia/Tokyo", "America/New_York"} {
		d.team(func(t *staff.Team) {
			if t.Hours = nil; zone != "" {
				t.Hours = staff.AlwaysOpen(zone)
			}
		})
		want := staff.DefaultZone
		if zone != "" {
			want = zone
		}
		place, err := time.LoadLocation(want)
		d.must(err)
		marja := d.visitor()
		for range 2 { // it begins, and goes on
			d.do(marja, "", chat.Post{Text: "milloin olette auki"})
			if local := d.clock.Now().In(place); !heard.Now.Equal(local) || heard.Now.Hour() != local.Hour() || heard.Now.Weekday() != local.Weekday() {
				t.Errorf("hours in %q: it is %s, the bot took it for %s", zone, local, heard.Now)
			}
		}
	}
}
