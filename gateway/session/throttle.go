package session

import (
	"context"
	"fmt"
	"time"

	"github.com/kohta/kohta/store"
)

// Attempts that are looked at within a window. They are counted in the store before anything is evaluated, so many at
// once do not pass together; a right password clears its account's count.
const (
	window     = 15 * time.Minute
	perAccount = 10
	perAddress = 100
)

// The names under which attempts are counted are hashes: what stands in the field for the address may be anything,
// also the password of somebody who was in a hurry.
func accountName(email string) string   { return "account " + Hash(store.FoldEmail(email)) }
func addressName(address string) string { return "address " + Hash(address) }

// attempt counts one attempt, and refuses it when there were too many.
func (s *Sessions) attempt(ctx context.Context, email, address string) error {
	if !s.throttle {
		return nil
	}
	for _, counted := range []struct {
		name string
		most int
	}{
		{addressName(address), perAddress},
		{accountName(email), perAccount},
	} {
		now := s.now()
		count, until, err := s.store.Attempt(ctx, counted.name, now, window)
		if err != nil {
			return fmt.Errorf("count an attempt to sign in: %w", err)
		}
		if count > counted.most {
			return &Later{After: max(until.Sub(now), time.Second)}
		}
	}
	return nil
}
