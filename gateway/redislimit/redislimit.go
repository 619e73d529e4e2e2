// Package redislimit counts on Redis what somebody does on all nodes together.
package redislimit

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed take.lua
var take string

// Limits are leaky buckets on Redis, by name. Its methods may be called at once.
type Limits struct {
	client redis.UniversalClient
	take   *redis.Script
}

// New returns limits. client stays the caller's to close.
func New(client redis.UniversalClient) *Limits {
	return &Limits{client: client, take: redis.NewScript(take)}
}

// within bounds the wait for Redis: whoever asks goes by what they know themselves afterwards.
const within = 200 * time.Millisecond

// Take puts n into the bucket of a name, in one round trip, if they fit: it leaks one in every, and holds run of them.
// Otherwise it changes nothing and says how long to wait. An error says that Redis did not answer.
func (l *Limits) Take(ctx context.Context, name string, n int, every time.Duration, run int) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	us, err := l.take.Run(ctx, l.client, []string{"kohta:limit:" + name}, n, every.Microseconds(), run).Int64()
	if err != nil {
		return 0, fmt.Errorf("take from a limit on Redis: %w", err)
	}
	return time.Duration(us) * time.Microsecond, nil
}
