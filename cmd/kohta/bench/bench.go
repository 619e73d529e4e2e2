// Package bench generates load against a running desk, over its real sockets, and checks what it gets: every ack and
// every delivery, by position. It knows the desk by its sockets alone. It shares the processors with the desk that it
// measures, so it does as little as it can for each frame.
//
// A run is bounded in time and in count, talks to loopback addresses alone, and ends by itself.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Options say what a run does. Idle and Storm choose those measurements; without them visitors talk.
type Options struct {
	URL       string   // of the desk, on a loopback address
	Others    []string // further nodes of it: visitors come to all in turn
	AgentsURL string   // the node that agents come to; URL if empty
	Site      string

	Visitors int           // who talk
	Agents   int           // sockets that watch; the conversations are spread over them
	Emails   []string      // accounts of the agents, in turn
	Password string        // of all of them
	Rate     float64       // posts a second, whatever comes back
	Closed   bool          // in the place of Rate: each visitor has one post in flight, until it is acked and answered
	Duration time.Duration // of the talk; how long Idle stays
	Count    int           // at most so many posts; 0: MaxCount
	Posts    int           // in a conversation; then it is ended and another begun. 0: never
	Script   []string      // messages, in turn; the house's own routine questions if there are none

	Handover int      // customers who ask for a person, one after the other
	Idle     int      // connections that say one thing and stay
	Storm    int      // connections that come back at once after the desk was killed
	Serve    []string // command that runs the desk, for Storm to kill and start again; if empty somebody else does
	PID      int      // process whose resident memory is measured; 0: none

	Notes io.Writer // what happens, for a person; nothing if nil
}

// Bounds of a run.
const (
	MaxDuration = 5 * time.Minute
	MaxCount    = 5_000_000
	MaxClients  = 60_000
	maxRate     = 100_000

	dialers     = 64               // who connect at the same time
	stormers    = 256              // and in a storm
	connectAll  = 2 * time.Minute  // for all to connect
	settleAll   = 10 * time.Second // for the last answers to come
	maxWatching = 250              // conversations of one agent's socket, of the 500 that the desk allows
)

// Check returns what is wrong with the options, as a sentence.
func (o *Options) Check() error {
	for _, address := range o.urls() {
		if _, err := hostOf(address); err != nil {
			return err
		}
	}
	for _, of := range []struct {
		name     string
		is       float64
		min, max float64
	}{
		{"visitors", float64(o.Visitors), 1, MaxClients},
		{"agents", float64(o.Agents), 0, 1000},
		{"rate", o.Rate, 0, maxRate},
		{"count", float64(o.Count), 0, MaxCount},
		{"posts", float64(o.Posts), 0, MaxCount},
		{"handover", float64(o.Handover), 0, 100_000},
		{"idle", float64(o.Idle), 0, MaxClients},
		{"storm", float64(o.Storm), 0, MaxClients},
		{"duration in seconds", o.Duration.Seconds(), 0, MaxDuration.Seconds()},
	} {
		if of.is < of.min || of.is > of.max {
			return fmt.Errorf("%s: %v is not from %v to %v", of.name, of.is, of.min, of.max)
		}
	}
	switch {
	case o.Idle > 0 && o.Storm > 0 || o.Handover > 0 && o.Idle+o.Storm > 0:
		return errors.New("idle, storm and handover are runs of their own")
	case o.Handover > 0 && len(o.Emails) == 0:
		return errors.New("the agent needs an account to sign in with")
	case o.Idle == 0 && o.Storm == 0 && o.Handover == 0 && !o.Closed && o.Rate <= 0:
		return errors.New("a talk needs a rate, or is closed")
	case o.Agents > 0 && len(o.Emails) == 0:
		return errors.New("agents need an account to sign in with")
	case o.Agents > 0 && o.Visitors > o.Agents*maxWatching:
		return fmt.Errorf("an agent watches at most %d conversations: %d visitors need %d agents", maxWatching, o.Visitors, (o.Visitors+maxWatching-1)/maxWatching)
	}
	return nil
}

func (o *Options) urls() []string {
	all := append([]string{o.URL}, o.Others...)
	if o.AgentsURL != "" {
		all = append(all, o.AgentsURL)
	}
	return all
}

// hostOf is the host and port of a desk's address.
func hostOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return "", fmt.Errorf("%q is not the address of a desk, such as http://127.0.0.1:8080", address)
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("%s is not a loopback address; bench loads no other", u.Hostname())
	}
	return u.Host, nil
}

// Clients is how many connections a run makes.
func (o *Options) Clients() int {
	if o.Idle > 0 || o.Storm > 0 {
		return max(o.Idle, o.Storm)
	}
	return o.Visitors + o.Agents
}

// Run does one run. Its error means that nothing was measured; what the desk did wrong is in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	if err := o.Check(); err != nil {
		return Report{}, err
	}
	return newRun(o).do(ctx)
}

func (r *run) do(ctx context.Context) (Report, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Duration+connectAll+settleAll+time.Minute)
	defer cancel()
	defer r.close()
	switch {
	case r.Handover > 0:
		return r.handover(ctx)
	case r.Idle > 0:
		return r.idle(ctx)
	case r.Storm > 0:
		return r.storm(ctx)
	}
	return r.converse(ctx)
}

// run is one run and its clients.
type run struct {
	Options
	patience time.Duration // for the last answers to come
	hosts    []string      // hosts and ports of the nodes that visitors come to, in turn
	agentsAt string        // and agents
	pool     websocket.BufferPool
	script   script

	visitors []*visitor
	agents   []*agent

	over     atomic.Bool // nothing more is posted
	checking atomic.Bool // what comes now was asked for again: it was lost on its way
	posted   atomic.Int64
	acked    atomic.Int64
	failed   atomic.Int64 // posts that got an error
	answered atomic.Int64 // by the bot, or by being handed over
	shown    atomic.Int64 // to the agent that watches
	read     atomic.Int64 // bytes off the network
	wrote    atomic.Int64

	mu         sync.Mutex
	errors     map[string]int // by code
	handedOver int
	closed     map[string]int // connections that ended before their time, by the code of their end
}

func newRun(o Options) *run {
	if o.Count == 0 {
		o.Count = MaxCount
	}
	if o.Notes == nil {
		o.Notes = io.Discard
	}
	r := &run{Options: o, patience: settleAll, pool: &sync.Pool{}, script: newScript(o.Script), errors: map[string]int{}, closed: map[string]int{}}
	for _, address := range append([]string{o.URL}, o.Others...) {
		r.hosts = append(r.hosts, mustHost(address))
	}
	r.agentsAt = r.hosts[0]
	if o.AgentsURL != "" {
		r.agentsAt = mustHost(o.AgentsURL)
	}
	return r
}

// mustHost is the host of an address that Check has read.
func mustHost(address string) string {
	host, err := hostOf(address)
	if err != nil {
		panic(err)
	}
	return host
}

// host is the node that visitor i comes to.
func (r *run) host(i int) string { return r.hosts[i%len(r.hosts)] }

func (r *run) note(format string, args ...any) { fmt.Fprintf(r.Notes, format+"\n", args...) }

// failure counts an error by its code.
func (r *run) failure(code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors[code]++
}

// mayPost takes one of the posts that are left.
func (r *run) mayPost() bool {
	if r.over.Load() {
		return false
	}
	if r.posted.Add(1) > int64(r.Count) {
		r.posted.Add(-1)
		r.over.Store(true)
		return false
	}
	return true
}

// each has do done for the clients 0 to n-1, by so many goroutines. It stops at the first error.
func each(ctx context.Context, n, workers int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(workers, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func (r *run) close() {
	for _, v := range r.visitors {
		v.close()
	}
	for _, a := range r.agents {
		a.close()
	}
}
