package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/cmd/kohta-chaos/proxy"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// StormOptions say how many come back at once.
type StormOptions struct {
	Binary  string
	Clients int
	Nodes   int
	Notes   io.Writer
}

// StormResult is what a storm was like.
type StormResult struct {
	Command      string        `json:"command"`
	Clients      int           `json:"clients"`
	Nodes        int           `json:"nodes"`
	Back         int           `json:"back"`
	AllMS        float64       `json:"all_ms"` // from the kill until the last is back
	P50          float64       `json:"p50_ms"`
	P99          float64       `json:"p99_ms"`
	Retries      int64         `json:"retries"`
	RoundTrips   float64       `json:"postgres_round_trips_per_client"`
	Before       []fleet.Usage `json:"before"` // of the nodes that stayed
	After        []fleet.Usage `json:"after"`
	ConnectAllMS float64       `json:"connect_all_ms"`
}

// Bounds of a storm.
const (
	stormers    = 256 // who connect at the same time
	connectIn   = 5 * time.Minute
	backIn      = 150 * time.Second // five times what is promised: the machine may be busy
	stormRetry  = 100 * time.Millisecond
	stormAnswer = 60 * time.Second
)

// stormer is one customer of a storm: they have said one thing, and come back to see it again.
type stormer struct {
	index        int
	token        string
	conversation string
	head         int64

	mu     sync.Mutex
	client *wireclient.Client
}

// Storm connects clients to one node, kills it, and has all of them come back at once to the others. Each says that it has not seen the
// last event: it is back when it is welcomed, has got that event again, and has heard that this was all.
func Storm(ctx context.Context, o StormOptions) (r StormResult, err error) {
	if o.Nodes < 2 {
		return r, errors.New("a storm needs a node to come from and one to go to")
	}
	dir, err := os.MkdirTemp("", "kohta-storm")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	f, err := fleet.Start(ctx, fleet.Options{Binary: o.Binary, Nodes: o.Nodes, Dir: dir, Capacity: 1})
	if err != nil {
		return r, err
	}
	defer f.Close()
	all := make([]*stormer, o.Clients)
	for i := range all {
		all[i] = &stormer{index: i}
	}
	defer func() {
		for _, s := range all {
			s.close()
		}
	}()
	r.Clients, r.Nodes = o.Clients, o.Nodes
	begun := time.Now()
	if err := gather(ctx, f, all); err != nil {
		return r, err
	}
	r.ConnectAllMS = millis(time.Since(begun))
	fmt.Fprintf(o.Notes, "%d clients connected after %v\n", len(all), time.Since(begun).Round(time.Millisecond))
	err = r.strike(ctx, f, all, o.Notes)
	return r, err
}

// gather connects everybody to the first node, and has each say one thing.
func gather(ctx context.Context, f *fleet.Fleet, all []*stormer) error {
	ctx, cancel := context.WithTimeout(ctx, connectIn)
	defer cancel()
	return inTurn(len(all), stormers/4, func(i int) error {
		s := all[i]
		if err := s.connect(ctx, f.Nodes[0].Address); err != nil {
			return fmt.Errorf("client %d: %w", i, err)
		}
		text := check.Write("Myrsky", check.Body{Sender: fmt.Sprint("visitor", i), Conversation: check.NoTag, Number: 1})
		a, err := s.client.Post(ctx, "", text)
		if err == nil && a.Err != nil {
			err = a.Err
		}
		s.conversation, s.head = a.Conversation, a.Seq
		return err
	})
}

// strike kills the node and measures the way back.
func (r *StormResult) strike(ctx context.Context, f *fleet.Fleet, all []*stormer, notes io.Writer) error {
	var trips atomic.Int64
	others := f.Nodes[1:]
	for _, n := range others {
		u, err := n.Usage(ctx)
		if err != nil {
			return err
		}
		r.Before = append(r.Before, u)
		n.ToPostgres.Look(&proxy.Hook{
			Ask: func(question []byte) bool {
				trips.Add(int64(bytes.Count(question, []byte("S\x00\x00\x00\x04"))))
				return false
			},
			Swallow: func([]byte) bool { return false },
		})
	}
	ctx, cancel := context.WithTimeout(ctx, backIn)
	defer cancel()
	begun := time.Now()
	f.Nodes[0].Kill()
	for _, s := range all {
		<-s.client.Ended()
	}
	took := make([]time.Duration, len(all))
	var retries, back atomic.Int64
	err := inTurn(len(all), stormers, func(i int) error {
		for n := i; ; n++ {
			err := all[i].connect(ctx, others[n%len(others)].Address)
			if err == nil {
				took[i] = time.Since(begun)
				back.Add(1)
				return nil
			}
			retries.Add(1)
			if wait(ctx, stormRetry); ctx.Err() != nil {
				return fmt.Errorf("client %d is not back: %w", i, err)
			}
		}
	})
	r.AllMS, r.Back, r.Retries = millis(time.Since(begun)), int(back.Load()), retries.Load()
	r.P50, r.P99 = quantile(took, 50), quantile(took, 99)
	r.RoundTrips = float64(trips.Load()) / float64(len(all))
	fmt.Fprintf(notes, "%d of %d back after %.0f ms (p50 %.0f ms, p99 %.0f ms), %d retries, %.2f round trips to Postgres each\n",
		r.Back, r.Clients, r.AllMS, r.P50, r.P99, r.Retries, r.RoundTrips)
	for _, n := range others {
		u, err := n.Usage(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		r.After = append(r.After, u)
	}
	return err
}

// connect returns when the client is welcomed, and has all that it misses.
func (s *stormer) connect(ctx context.Context, address string) error {
	s.close()
	hello := wire.Greeting{Site: fleet.Site, Token: s.token, Language: "fi"}
	welcomed, caughtUp := make(chan string, 1), make(chan bool, 1)
	misses, head := s.conversation != "", s.head
	if misses {
		hello.Since = map[string]int64{s.conversation: head - 1}
	}
	again := false
	c, err := wireclient.Dial(ctx, wireclient.Options{
		URL: "ws://" + address + "/ws/visitor", Role: chat.RoleVisitor, Hello: hello, Dial: s.dial,
		OnFrame: func(_ *wireclient.Client, frame []byte) {
			g, err := wire.Glance(frame)
			switch {
			case err != nil:
			case g.Type == "welcome":
				r, _ := wire.DecodeServer(frame)
				offer(welcomed, r.Token)
			case g.Type == "event" && g.Seq == head:
				again = true
			case g.Type == "synced" && again:
				offer(caughtUp, true)
			}
		},
	}, nil)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.client = c
	s.mu.Unlock()
	late := time.NewTimer(stormAnswer)
	defer late.Stop()
	for {
		select {
		case s.token = <-welcomed:
			if !misses {
				return nil
			}
		case <-caughtUp:
			return nil
		case <-c.Ended():
			return fmt.Errorf("the connection ended: %w", c.Err())
		case <-late.C:
			return errors.New("no answer")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *stormer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	// From many addresses, for there are more clients than one has ports.
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+s.index%100))}}
	c, err := d.DialContext(ctx, network, address)
	if err == nil {
		err = c.(*net.TCPConn).SetLinger(0)
	}
	return c, err
}

func (s *stormer) close() {
	s.mu.Lock()
	c := s.client
	s.mu.Unlock()
	if c != nil {
		c.Close()
	}
}

// offer gives a value to who waits for one; a second is too many.
func offer[T any](to chan T, v T) {
	select {
	case to <- v:
	default:
	}
}

// inTurn does something for 0 to n-1, so many at a time, and returns the errors.
func inTurn(n, workers int, do func(i int) error) error {
	var all sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, workers)
	for w := range workers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[w] == nil; i = int(next.Add(1)) - 1 {
				errs[w] = do(i)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
