package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// BenchmarkServer is what the server and this process spend on an append, in processor time, by how many of them are stored
// together. What time they take is not the question: that is BenchmarkAppend's.
func BenchmarkServer(b *testing.B) {
	p, err := servers.StartPostgres(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	for _, together := range []int{1, 3, 20, 100} {
		b.Run(fmt.Sprintf("together=%d", together), func(b *testing.B) {
			name, err := p.NewDatabase(b.Context(), "")
			if err != nil {
				b.Fatal(err)
			}
			s := opened(b, sqlstore.Options{URL: p.URL(name)})
			talks := make([]talk, together)
			for w := range talks {
				talks[w] = talk{writer: w}
			}
			round := func() {
				batch := make([]store.Append, together)
				for w := range talks {
					batch[w] = talks[w].step()
				}
				if err := sqlstore.AppendTogether(s, batch); err != nil {
					b.Fatal(err)
				}
			}
			round()
			written, spent, own := writtenTo(b, p.URL(name)), processors(b, p.Pid()), ownTime(b)
			b.ResetTimer()
			appends := 0
			for ; appends < b.N; appends += together {
				round()
			}
			b.StopTimer()
			each := func(n float64) float64 { return n / float64(appends) }
			b.ReportMetric(each(ownTime(b)-own), "own-µs/append")
			b.ReportMetric(each(processors(b, p.Pid())-spent), "server-µs/append")
			b.ReportMetric(each(writtenTo(b, p.URL(name))-written), "log-B/append")
		})
	}
}

// writtenTo is how many bytes a server has put into its write-ahead log.
func writtenTo(b *testing.B, url string) (n float64) {
	b.Helper()
	c, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(context.Background())
	if err := c.QueryRow(b.Context(), `SELECT (pg_current_wal_lsn() - '0/0')::float8`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// processors is the processor time in µs that the processes of a server have had, those that have ended among them.
func processors(b *testing.B, main int) (us float64) {
	b.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		pid := filepath.Base(filepath.Dir(path))
		if pid != strconv.Itoa(main) && fields[1] != strconv.Itoa(main) {
			continue
		}
		if pid == strconv.Itoa(main) {
			for _, f := range fields[13:15] { // of its children that were waited for
				ticks, _ := strconv.ParseFloat(f, 64)
				us += ticks * 10_000
			}
		}
		sched, err := os.ReadFile(filepath.Join(filepath.Dir(path), "schedstat"))
		if err != nil {
			continue
		}
		ns, _ := strconv.ParseFloat(strings.Fields(string(sched))[0], 64)
		us += ns / 1000
	}
	return us
}

// ownTime is the processor time in µs that this process has had.
func ownTime(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(time.Duration(u.Utime.Nano() + u.Stime.Nano()).Microseconds())
}

// BenchmarkComeBack is what the server and this process spend on a visitor who comes back and has missed something, in
// processor time, by how many come at once.
func BenchmarkComeBack(b *testing.B) {
	p, err := servers.StartPostgres(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	name, err := p.NewDatabase(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	s := opened(b, sqlstore.Options{URL: p.URL(name)})
	const visitors = 2000
	folds := make([]chat.Conversation, visitors)
	var arriving sync.WaitGroup
	for part := range 50 {
		arriving.Go(func() {
			for w := part; w < visitors; w += 50 {
				k := talk{writer: w}
				a := k.step()
				folds[w] = a.Next
				if err := errors.Join(s.PutVisitor(b.Context(), store.Visitor{ID: a.Next.Visitor, Site: "shop", TokenHash: "of " + a.Next.Visitor, Language: "en", CreatedAt: a.At, SeenAt: a.At}),
					s.Append(b.Context(), a)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	arriving.Wait()
	for _, together := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("together=%d", together), func(b *testing.B) {
			spent, own := processors(b, p.Pid()), ownTime(b)
			next := atomic.Int64{}
			var coming sync.WaitGroup
			b.ResetTimer()
			for range together {
				coming.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						c := folds[n%visitors]
						_, recent, err := s.VisitorByToken(b.Context(), "of "+c.Visitor, start)
						events, failed := s.EventsAfter(b.Context(), c.ID, store.ForVisitor, c.VisitorSeq-1, 100)
						if err := errors.Join(err, failed); err != nil || len(recent) != 1 || len(events) != 1 {
							b.Error(recent, events, err)
							return
						}
					}
				})
			}
			coming.Wait()
			b.StopTimer()
			b.ReportMetric((ownTime(b)-own)/float64(b.N), "own-µs/visitor")
			b.ReportMetric((processors(b, p.Pid())-spent)/float64(b.N), "server-µs/visitor")
		})
	}
}
