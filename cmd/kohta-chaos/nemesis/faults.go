package nemesis

import (
	"bytes"
	"context"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/cmd/kohta-chaos/proxy"
)

func anywhere(*fleet.Fleet) bool        { return true }
func withRedis(f *fleet.Fleet) bool     { return f.Redis != nil }
func withPostgres(f *fleet.Fleet) bool  { return f.Postgres != nil }
func withManyNodes(f *fleet.Fleet) bool { return len(f.Nodes) > 1 }

func withClocks(f *fleet.Fleet) bool { return f.Clocks }

// Kill is the fault that the promise is first about.
const Kill = "kill"

func faults() []fault {
	all := []fault{
		{Kill, "kill -9 of a node, which is started again at once", anywhere, kill},
		{"stop", "SIGSTOP of a node for some seconds, then SIGCONT", anywhere, stop},
		{"deploy", "all nodes replaced, one after the other, each back before the next", withManyNodes, deploy},
		{"cut-clients", "all connections of clients end at once; everybody sends the outbox again", anywhere, cutClients},
		{"slow", "some clients read nothing for some seconds", anywhere, slow},
		{"redis-kill", "kill -9 of Redis for some seconds; it comes back empty", withRedis, redisKill},
		{"redis-restart", "kill -9 of Redis, which is back at once, empty", withRedis, redisRestart},
		{"redis-flush", "FLUSHALL", withRedis, redisFlush},
		{"redis-failover", "failover to a replica that is some seconds behind", withRedis, redisFailover},
		{"postgres-fast", "Postgres stopped (fast) and started", withPostgres, postgresStop(false)},
		{"postgres-immediate", "Postgres stopped (immediate) and started", withPostgres, postgresStop(true)},
		{"postgres-kill", "kill -9 of Postgres, which is started again", withPostgres, postgresKill},
		{"clock", "a node's wall clock jumps by up to an hour, either way, and back after some seconds", withClocks, clock},
		{"commit-lost", "the answer to a COMMIT goes astray, and the connection with it", withPostgres, commitLost},
	}
	for _, way := range []struct {
		name string
		can  func(*fleet.Fleet) bool
		of   func(n *Nemesis) ways
	}{
		{"node", anywhere, func(n *Nemesis) ways { return ways{n.node().Door} }},
		{"redis", withRedis, func(n *Nemesis) ways {
			return n.some(func(node *fleet.Node) *proxy.Proxy { return node.ToRedis })
		}},
		{"postgres", withPostgres, func(n *Nemesis) ways {
			return n.some(func(node *fleet.Node) *proxy.Proxy { return node.ToPostgres })
		}},
	} {
		all = append(all,
			fault{way.name + "-delay", "20 to 200 ms more each way to a " + way.name, way.can, delay(way.of)},
			fault{way.name + "-cut", "connections to a " + way.name + " are reset", way.can, cut(way.of)},
			fault{way.name + "-one-way", "nothing goes one way, to or from a " + way.name, way.can, oneWay(way.of)},
			fault{way.name + "-hole", "nothing goes either way and nobody is told; then connections are reset", way.can, hole(way.of)},
		)
	}
	return all
}

func kill(ctx context.Context, n *Nemesis) error {
	node := n.node()
	node.Kill()
	if err := node.Launch(); err != nil {
		return err
	}
	return node.Ready(back(ctx))
}

func stop(ctx context.Context, n *Nemesis) error {
	node := n.node()
	node.Pause()
	n.rest(ctx, time.Second, 8*time.Second)
	node.Resume()
	return node.Ready(back(ctx))
}

func deploy(ctx context.Context, n *Nemesis) error {
	for _, node := range n.Fleet.Nodes {
		took, err := node.Stop()
		n.Stops = append(n.Stops, took)
		if err != nil {
			n.Troubles = append(n.Troubles, err.Error())
		}
		node.Swap()
		if err := node.Start(back(ctx)); err != nil {
			return err
		}
	}
	return nil
}

func clock(ctx context.Context, n *Nemesis) error {
	node := n.node()
	if err := node.Step(time.Duration(n.Rand.Int64N(int64(2*time.Hour))) - time.Hour); err != nil {
		return err
	}
	n.rest(ctx, 3*time.Second, 8*time.Second)
	return node.Step(0)
}

func cutClients(_ context.Context, n *Nemesis) error {
	n.Crowd.CutAll()
	return nil
}

func slow(ctx context.Context, n *Nemesis) error {
	heal := n.Crowd.Slow(n.Rand)
	n.rest(ctx, 2*time.Second, 8*time.Second)
	heal()
	return nil
}

func redisKill(ctx context.Context, n *Nemesis) error {
	n.Fleet.Redis.Kill()
	n.rest(ctx, time.Second, 6*time.Second)
	return n.Fleet.Redis.Start(back(ctx))
}

func redisRestart(ctx context.Context, n *Nemesis) error {
	n.Fleet.Redis.Kill()
	return n.Fleet.Redis.Start(back(ctx))
}

func redisFlush(ctx context.Context, n *Nemesis) error { return n.Fleet.Flush(back(ctx)) }

func redisFailover(ctx context.Context, n *Nemesis) error {
	if err := n.Fleet.Follow(back(ctx)); err != nil {
		return err
	}
	if err := n.Fleet.Diverge(back(ctx)); err != nil {
		return err
	}
	n.rest(ctx, time.Second, 4*time.Second)
	n.Fleet.Failover()
	return nil
}

func postgresStop(immediate bool) func(context.Context, *Nemesis) error {
	return func(ctx context.Context, n *Nemesis) error {
		n.Fleet.Postgres.Stop(immediate)
		n.rest(ctx, 0, 2*time.Second)
		return n.Fleet.Postgres.Start(back(ctx))
	}
}

func postgresKill(ctx context.Context, n *Nemesis) error {
	n.Fleet.Postgres.Kill()
	n.rest(ctx, 0, 2*time.Second)
	return n.Fleet.Postgres.Start(back(ctx))
}

// Committing is a hook on the way to Postgres: it swallows the answer to the commit of something with these words in it, as long as
// may says so. What is asked is committed when the answer is no error and says that no transaction is open any more.
func Committing(words string, may func() bool) *proxy.Hook {
	const idle = "Z\x00\x00\x00\x05I"
	return &proxy.Hook{
		Ask: func(question []byte) bool { return bytes.Contains(question, []byte(words)) },
		Swallow: func(answer []byte) bool {
			return len(answer) > 0 && answer[0] != 'E' && bytes.HasSuffix(answer, []byte(idle)) && may()
		},
	}
}

// answersLost are how many answers to a COMMIT go astray in one fault.
const answersLost = 3

func commitLost(ctx context.Context, n *Nemesis) error {
	var left atomic.Int32
	left.Store(answersLost)
	for _, node := range n.Fleet.Nodes {
		node.ToPostgres.Look(Committing(check.Mark, func() bool { return left.Add(-1) >= 0 }))
	}
	n.rest(ctx, 2*time.Second, 3*time.Second)
	return nil
}

// ways are connections that share a fault.
type ways []*proxy.Proxy

func (w ways) each(do func(*proxy.Proxy)) {
	for _, p := range w {
		do(p)
	}
}

// some are the ways of one node, or of all.
func (n *Nemesis) some(of func(*fleet.Node) *proxy.Proxy) (w ways) {
	if n.Rand.IntN(2) == 0 {
		return ways{of(n.node())}
	}
	for _, node := range n.Fleet.Nodes {
		w = append(w, of(node))
	}
	return w
}

func delay(way func(*Nemesis) ways) func(context.Context, *Nemesis) error {
	return func(ctx context.Context, n *Nemesis) error {
		d := 20*time.Millisecond + time.Duration(n.Rand.Int64N(int64(180*time.Millisecond)))
		way(n).each(func(p *proxy.Proxy) { p.Delay(d) })
		n.rest(ctx, 2*time.Second, 6*time.Second)
		return nil
	}
}

func cut(way func(*Nemesis) ways) func(context.Context, *Nemesis) error {
	return func(ctx context.Context, n *Nemesis) error {
		way(n).each(func(p *proxy.Proxy) {
			p.Refuse(true)
			p.Cut()
		})
		n.rest(ctx, 0, 3*time.Second)
		return nil
	}
}

func oneWay(way func(*Nemesis) ways) func(context.Context, *Nemesis) error {
	return func(ctx context.Context, n *Nemesis) error {
		up := n.Rand.IntN(2) == 0
		way(n).each(func(p *proxy.Proxy) { p.Hold(up, !up) })
		n.rest(ctx, 2*time.Second, 8*time.Second)
		return nil
	}
}

func hole(way func(*Nemesis) ways) func(context.Context, *Nemesis) error {
	return func(ctx context.Context, n *Nemesis) error {
		of := way(n)
		of.each(func(p *proxy.Proxy) { p.Hold(true, true) })
		n.rest(ctx, 2*time.Second, 8*time.Second)
		of.each(func(p *proxy.Proxy) { p.Cut() })
		return nil
	}
}
