package desk

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/insight"
	"github.com/kohta/kohta/store"
)

// Calibrate reads the logs of all that were brought to a person since a time (the zero time: all), and holds what they
// were told of the wait, and promised, against what came. Hours of the day are those of zone. It changes nothing and may
// run beside a live desk.
func Calibrate(ctx context.Context, s store.Store, since, now time.Time, zone *time.Location) (c insight.Calibration, err error) {
	err = s.Each(ctx, func(one chat.Conversation) error {
		if one.Given.Escalated == (chat.Numbers{}) && one.Fence == 0 {
			return nil // with the bot all the time
		}
		log, err := wholeLog(ctx, s, one)
		if err != nil {
			return err
		}
		var waits []insight.Wait
		for _, w := range insight.Waits(one.ID, log, now) {
			if !w.At.Before(since) {
				waits = append(waits, w)
			}
		}
		var promises []insight.Promise
		for _, p := range insight.Promises(one.ID, log, now) {
			if !p.Made.Before(since) {
				promises = append(promises, p)
			}
		}
		c.Add(waits, promises, zone)
		return nil
	})
	return c, err
}
