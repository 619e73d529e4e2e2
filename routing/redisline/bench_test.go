package redisline_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/redisline"
)

// The floor: the least that a claim can be, by a script that knows beforehand which sorted sets to look at, and puts the
// oldest out, an owner and a lease in. KEYS owners, leases, then the lines; ARGV agent, lease's end.
const (
	oneFloor = `
local head = redis.call('ZPOPMIN', KEYS[3])
if #head == 0 then return false end
redis.call('HSET', KEYS[1], head[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], head[1])
return {head[1], KEYS[3]}`
	classesFloor = `
local member, score, line
for i = 3, #KEYS do
  local head = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
  if #head > 0 and (not score or tonumber(head[2]) < score) then
    member, score, line = head[1], tonumber(head[2]), KEYS[i]
  end
end
if not member then return false end
redis.call('ZREM', line, member)
redis.call('HSET', KEYS[1], member, ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], member)
return {member, line}`
)

const (
	turns   = 7 // of each kind at each depth; the median counts
	inTurn  = 300
	classes = 10 // of the longer kind; the agent serves four of them
)

// kind is a way to claim, from a line of one depth.
type kind struct {
	name  string
	claim func() (got string)
	back  func(got string) // leaves the line as it was
}

// BenchmarkClaim prints what a claim costs Redis, by its own count, beside the floor: from a line of one class, and from
// one of ten of which the agent serves four, at each depth. All kinds and depths take turns within one run, so that they
// share the machine's moods. b.N means nothing here.
func BenchmarkClaim(b *testing.B) {
	c := start(b).client(b)
	l := open(b, c)
	depths := []int{100, 10_000, 1_000_000}
	micros := map[string][]float64{}
	var kinds []kind
	for _, d := range depths {
		for _, n := range []int{1, classes} {
			kinds = append(kinds, ours(b, l, c, d, n), floor(b, c, d, n))
		}
	}
	for turn := range turns + 1 {
		for _, k := range kinds {
			if us := k.measure(b, c); turn > 0 { // the first loads the scripts
				micros[k.name] = append(micros[k.name], us)
			}
		}
	}
	median := func(what string, d, n int) float64 {
		all := micros[fmt.Sprint(what, d, n)]
		slices.Sort(all)
		return all[turns/2]
	}
	for _, n := range []int{1, classes} {
		for _, d := range depths {
			us, least := median("ours", d, n), median("floor", d, n)
			fmt.Printf("claim/redis/classes=%d/depth=%d server_us=%.1f floor_us=%.1f ratio=%.2f growth=%.2f\n",
				n, d, us, least, us/least, us/median("ours", depths[0], n))
		}
	}
}

// measure returns Redis' own mean time in a claim, in microseconds, over a turn. Whatever is claimed goes back at once, by
// commands that count apart.
func (k kind) measure(b *testing.B, c *redis.Client) float64 {
	must(b, c.ConfigResetStat(b.Context()).Err())
	for range inTurn {
		k.back(k.claim())
	}
	return serverMicros(b, c)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// asked is what the i-th of a line of n classes asks for.
func asked(i, n int) []string {
	if n == 1 {
		return nil
	}
	return []string{fmt.Sprint("skill", i%n)}
}

// served are the classes that the agent serves.
func served(n int) []int {
	if n == 1 {
		return []int{0}
	}
	return []int{1, 3, 5, 7}
}

func ours(b *testing.B, l *redisline.Line, c *redis.Client, depth, n int) kind {
	team := fmt.Sprintf("team-%d-%d", depth, n)
	fill(b, l, team, depth, n)
	by := routing.Taker{Agent: "aino", Teams: []string{team}, Languages: []string{"fi", "en"}, Free: 100 * routing.Usual}
	for _, i := range served(n) {
		by.Skills = append(by.Skills, asked(i, n)...)
	}
	tickets := map[string]routing.Ticket{}
	return kind{
		name: fmt.Sprint("ours", depth, n),
		claim: func() string {
			t, ok, err := l.Claim(b.Context(), team, by)
			if !ok || err != nil {
				b.Fatal(ok, err)
			}
			tickets[t.Conversation] = t
			return t.Conversation
		},
		back: func(conversation string) { // as Release does, by commands that count apart
			k, t := redisline.Keys(team), tickets[conversation]
			pipe := c.Pipeline()
			pipe.ZAdd(b.Context(), k[0]+":"+t.Class(), redis.Z{Score: float64(t.Score()), Member: conversation})
			pipe.HDel(b.Context(), k[2], conversation)
			pipe.HDel(b.Context(), k[3], "aaino", "lease")
			_, err := pipe.Exec(b.Context())
			must(b, err)
		},
	}
}

func floor(b *testing.B, c *redis.Client, depth, n int) kind {
	const owners, leases = "floor:owners", "floor:leases"
	line := func(i int) string { return fmt.Sprintf("floor:%d:%d:%d", depth, n, i) }
	score := map[string]float64{}
	of := map[string]string{}
	for i := 0; i < depth; i += 1000 {
		pipe := c.Pipeline()
		for j := i; j < min(i+1000, depth); j++ {
			t := ticketAt("floor", j, n)
			pipe.ZAdd(b.Context(), line(j%n), redis.Z{Score: float64(t.Score()), Member: t.Conversation})
			if j%n < 8 {
				score[t.Conversation], of[t.Conversation] = float64(t.Score()), line(j%n)
			}
		}
		_, err := pipe.Exec(b.Context())
		must(b, err)
	}
	script, keys := redis.NewScript(oneFloor), []string{owners, leases, line(0)}
	if n > 1 {
		script, keys = redis.NewScript(classesFloor), []string{owners, leases}
		for _, i := range served(n) {
			keys = append(keys, line(i))
		}
	}
	return kind{
		name: fmt.Sprint("floor", depth, n),
		claim: func() string {
			got, err := script.Run(b.Context(), c, keys, "aino", 1).StringSlice()
			must(b, err)
			return got[0]
		},
		back: func(conversation string) {
			pipe := c.Pipeline()
			pipe.ZAdd(b.Context(), of[conversation], redis.Z{Score: score[conversation], Member: conversation})
			pipe.HDel(b.Context(), owners, conversation)
			pipe.ZRem(b.Context(), leases, conversation)
			_, err := pipe.Exec(b.Context())
			must(b, err)
		},
	}
}

// BenchmarkRebuild is a line of a million, in ten classes, that was lost: what Reconcile takes to bring it back, to find
// that it is whole, and what a node and Redis need for it.
func BenchmarkRebuild(b *testing.B) {
	const depth = 1_000_000
	c := start(b).client(b)
	l := open(b, c)
	for b.Loop() {
		must(b, c.FlushAll(b.Context()).Err())
		for _, what := range []string{"rebuild", "whole"} {
			node, cpu := measureHeap(), usedCPU(b, c)
			began := time.Now()
			fill(b, l, "support", depth, classes)
			fmt.Printf("reconcile/redis/%s/depth=%d s=%.1f redis_cpu_s=%.1f node_peak_mb=%d redis_mb=%d\n",
				what, depth, time.Since(began).Seconds(), usedCPU(b, c)-cpu, node()>>20, usedMemory(b, c)>>20)
		}
	}
}

// measureHeap returns a function that tells the most that the heap grew by since.
func measureHeap() (peak func() uint64) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	from, most := m.HeapAlloc, m.HeapAlloc
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		return most - from
	}
}

// ticketAt is the i-th of a line of n classes, who came in no order.
func ticketAt(team string, i, n int) routing.Ticket {
	return routing.Ticket{
		Conversation: fmt.Sprintf("0192f1c2-77aa-7bbb-8ccc-%012d", i), Team: team, Language: "fi", Skills: asked(i, n),
		Since: time.UnixMilli(1e12 + int64(i)*7919%1_000_003),
	}
}

// fill makes a line of so many, as a node does that reads the store page by page.
func fill(b *testing.B, l *redisline.Line, team string, depth, n int) {
	_, err := l.Reconcile(b.Context(), team, func(_ context.Context, add func([]routing.Ticket) error) error {
		page := make([]routing.Ticket, 0, 1000)
		for i := range depth {
			if page = append(page, ticketAt(team, i, n)); len(page) == cap(page) || i == depth-1 {
				if err := add(page); err != nil {
					return err
				}
				page = page[:0]
			}
		}
		return nil
	})
	must(b, err)
}

// serverMicros is Redis' own mean time in a script since the last CONFIG RESETSTAT.
func serverMicros(b *testing.B, c *redis.Client) (micros float64) {
	scan(b, c, "commandstats", "cmdstat_evalsha:", "usec_per_call=%f", &micros)
	return micros
}

func usedMemory(b *testing.B, c *redis.Client) (bytes int64) {
	scan(b, c, "memory", "", "used_memory:%d", &bytes)
	return bytes
}

func usedCPU(b *testing.B, c *redis.Client) (seconds float64) {
	scan(b, c, "cpu", "", "used_cpu_user:%f", &seconds)
	return seconds
}

// scan reads a number of what INFO says: behind the first word of format that follows after.
func scan(b *testing.B, c *redis.Client, section, after, format string, into any) {
	info, err := c.Info(b.Context(), section).Result()
	must(b, err)
	_, rest, found := strings.Cut(info, after)
	if i := strings.Index(rest, format[:strings.Index(format, "%")]); found && i >= 0 {
		_, err = fmt.Sscanf(rest[i:], format, into)
		must(b, err)
		return
	}
	b.Fatalf("INFO %s does not say %s%s", section, after, format)
}
