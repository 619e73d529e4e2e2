package sqlstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// What a line holds in the benchmarks: 200 bytes, as in the floor programs.
var line = strings.Repeat("where is my order please ", 8)

const answers = 20 // customer's messages in a conversation before the next one begins

// talk is one customer who writes, and the bot that answers: each step is a message, its answer, the fold and the key.
type talk struct {
	writer, conversations, keys int
	fold                        chat.Conversation
}

var start = time.UnixMilli(1_774_746_000_000).UTC()

func (k *talk) step() store.Append {
	at := start.Add(time.Duration(k.keys) * time.Second)
	if k.keys%answers == 0 {
		k.conversations++
		n := k.conversations*1000 + k.writer
		k.fold = chat.Conversation{ID: fmt.Sprintf("0195e3a0-0000-7000-8000-%012d", n), Site: "shop", State: chat.WithBot,
			Visitor: fmt.Sprintf("0195e3a0-0001-7000-8000-%012d", n), Language: "en", OpenedAt: at, Team: "support"}
		k.fold.Memory = chat.Memory(`{"v":"0123456789abcdef","said":["order_status","delivery_cost"],"intent":"order_status","slots":{"order_number":"10234"}}`)
		k.fold.About, k.fold.Fields = line[:80], map[string]string{"order_number": "10234"}
	}
	c := k.fold
	pos := c.Pos
	key := fmt.Sprintf("%08x-0002-4000-8000-%012d", uint32(k.keys+k.writer<<16)*2654435761, k.writer) // spread, as a random key is
	k.keys++
	events := make([]chat.Event, 2)
	for i, role := range []chat.Role{chat.RoleVisitor, chat.RoleBot} {
		c.Pos, c.AgentSeq, c.VisitorSeq = c.Pos+1, c.AgentSeq+1, c.VisitorSeq+1
		events[i] = chat.Event{Pos: c.Pos, AgentSeq: c.AgentSeq, VisitorSeq: c.VisitorSeq, At: at, Kind: chat.KindMessage,
			From: chat.From{Role: role}, Contents: chat.Contents{Text: line}}
	}
	events[0].From.ID, events[0].Key, events[0].Detail.Intent = c.Visitor, key, "order_status"
	c.CustomerAt = at
	k.fold = c
	return store.Append{Pos: pos, Next: c, Events: events, At: at,
		Keys: []store.Key{{Sender: c.Visitor, Key: key, Ack: store.Ack{Conversation: c.ID, Seq: events[0].VisitorSeq}}}}
}

// BenchmarkAppend is store.Append alone, by the number of customers who each have one message in flight.
func BenchmarkAppend(b *testing.B) {
	for _, c := range benches(b, 1, 50, 500) {
		b.Run(c.name, func(b *testing.B) {
			s, writers := c.open(b), c.writers
			left := atomic.Int64{}
			left.Store(int64(b.N))
			took := make([][]time.Duration, writers)
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() {
					k := talk{writer: w}
					for left.Add(-1) >= 0 {
						a := k.step()
						begun := time.Now()
						if err := s.Append(context.Background(), a); err != nil {
							b.Error(err)
							return
						}
						took[w] = append(took[w], time.Since(begun))
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			all := slices.Concat(took...)
			slices.Sort(all)
			b.ReportMetric(float64(2*len(all))/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// bench is one database with some writers.
type bench struct {
	name    string
	writers int
	open    func(*testing.B) *sqlstore.Store
}

// benches are both databases, with each number of writers. The server ends with the benchmark.
func benches(b *testing.B, writers ...int) (all []bench) {
	p, err := servers.StartPostgres(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	onServer := func(b *testing.B) *sqlstore.Store {
		name, err := p.NewDatabase(b.Context(), "")
		if err != nil {
			b.Fatal(err)
		}
		return opened(b, sqlstore.Options{URL: p.URL(name)})
	}
	for _, n := range writers {
		all = append(all, bench{fmt.Sprintf("sqlite/writers=%d", n), n, openBench}, bench{fmt.Sprintf("postgres/writers=%d", n), n, onServer})
	}
	return all
}

// BenchmarkConversation is the read that comes before each append.
func BenchmarkConversation(b *testing.B) {
	for _, c := range benches(b, 1) {
		b.Run(c.name, func(b *testing.B) {
			s := c.open(b)
			k := talk{}
			for range answers {
				if err := s.Append(b.Context(), k.step()); err != nil {
					b.Fatal(err)
				}
			}
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := s.Conversation(b.Context(), k.fold.ID); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkEvents reads the end of a log, as for a client that comes back.
func BenchmarkEvents(b *testing.B) {
	s := openBench(b)
	k := talk{}
	for range answers {
		if err := s.Append(b.Context(), k.step()); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if events, err := s.EventsAfter(b.Context(), k.fold.ID, store.ForVisitor, k.fold.VisitorSeq-1, 100); err != nil || len(events) != 1 {
			b.Fatal(events, err)
		}
	}
}

// BenchmarkChanged is what healing asks 750 ms after 1,000 messages a second of a hundred customers, until nothing is listed.
func BenchmarkChanged(b *testing.B) {
	s := openBench(b)
	talks := make([]talk, 100)
	for w := range talks {
		talks[w].writer = w
	}
	for i := range 750 {
		if err := s.Append(b.Context(), talks[i%len(talks)].step()); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		listed := 0
		for cursor, more := int64(0), true; more; {
			heads, next, err := s.Changed(b.Context(), cursor, store.MaxPage)
			if err != nil {
				b.Fatal(err)
			}
			cursor, more, listed = next, len(heads) > 0, listed+len(heads)
		}
		if listed != len(talks) {
			b.Fatalf("%d conversations are listed", listed)
		}
	}
}

// BenchmarkOpen is the time from nothing to a store that answers, with all migrations.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		openBench(b)
	}
}

func openBench(b *testing.B) *sqlstore.Store {
	b.Helper()
	return opened(b, sqlstore.Options{Path: filepath.Join(b.TempDir(), "kohta.db")})
}

func opened(b *testing.B, o sqlstore.Options) *sqlstore.Store {
	b.Helper()
	s, err := sqlstore.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}
