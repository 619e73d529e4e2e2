package redisbus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// usual is what a customer's message in the middle of a conversation publishes: what they say, what they feel, and the
// fold with its last twenty lines.
func usual(n int64) bus.Message {
	at := time.UnixMilli(1_700_000_000_000).UTC()
	visitor, agent := "01930000-0000-7000-8000-000000000011", "01930000-0000-7000-8000-000000000001"
	id := "01930000-0000-7000-8000-00000000aaaa"
	text := "Moi, tilasin viime viikolla kahvinkeittimen ja nyt se ei enää lämpene ollenkaan, mitä voin tehdä?"
	c := chat.Conversation{ID: id, Site: "demo", Visitor: visitor, Language: "fi", State: chat.WithAgent, Team: "kahvila", Agent: agent, Fence: 9,
		Pos: n + 1, AgentSeq: n + 1, VisitorSeq: n, OpenedAt: at, CustomerAt: at, CustomerLast: true, WaitingSince: at,
		Due: &chat.Due{At: at, What: chat.DueAnswer}, Reason: "asked", Feeling: chat.Feeling{Name: "frustrated", Intensity: 0.4},
		Names: map[string]string{agent: "Aino Lahti"}, Fields: map[string]string{"order": "KK-10234"}, About: "rikkoutunut tuote",
		Baton: &chat.Baton{Reason: "asked", Quote: "haluan puhua ihmisen kanssa", Wants: "broken_product", Tried: []string{"kysyi tilausnumeroa"}, Suggestion: "Kuulen, että keitin on rikki."}}
	for i := range 20 {
		role := []chat.Role{chat.RoleVisitor, chat.RoleAgent}[i%2]
		c.Lines = append(c.Lines, chat.Line{Seq: int64(i), At: at, Role: role, Text: text})
	}
	for i := range 5 {
		c.Feelings = append(c.Feelings, chat.FeelingMark{Feeling: chat.Feeling{Name: "frustrated", Intensity: 0.4, Quote: "ei enää lämpene"}, Seq: int64(i)})
	}
	from := chat.From{Role: chat.RoleVisitor, ID: visitor}
	return bus.Message{Conversation: id, Next: c, Events: []chat.Event{
		{Pos: n, AgentSeq: n, VisitorSeq: n, At: at, Kind: chat.KindMessage, From: from, Key: "01930000-0000-7000-8000-00000000bbbb",
			Detail: chat.Detail{Due: c.Due, Language: "fi"}, Contents: chat.Contents{Text: text}},
		{Pos: n + 1, AgentSeq: n + 1, At: at, Kind: chat.KindFeeling, From: chat.From{Role: chat.RoleBot}, Detail: chat.Detail{Feeling: &c.Feeling, Of: n}},
	}}
}

// BenchmarkEncode compares what goes out with the same and the whole fold.
func BenchmarkEncode(b *testing.B) {
	m := usual(30)
	b.Run("as sent", func(b *testing.B) {
		var frame []byte
		for b.Loop() {
			frame, _ = encodeMessage(node{}, &m)
		}
		b.ReportMetric(float64(len(frame)), "bytes")
	})
	b.Run("whole fold", func(b *testing.B) {
		var body []byte
		for b.Loop() {
			encodeMessage(node{}, &m)
			body, _ = json.Marshal(&m.Next)
		}
		frame, _ := encodeMessage(node{}, &m)
		b.ReportMetric(float64(len(body)+len(frame)), "bytes")
	})
}

// BenchmarkDecode is what each message of another node costs.
func BenchmarkDecode(b *testing.B) {
	m := usual(30)
	frame, err := encodeMessage(node{}, &m)
	if err != nil {
		b.Fatal(err)
	}
	s := string(frame)
	read := func(b *testing.B, s string, all bool) {
		for b.Loop() {
			_, _, body, _ := split(s)
			if g, rest, _ := decodeGlance(body); all {
				decodeMessage(&g, rest)
			}
		}
	}
	b.Run("a glance", func(b *testing.B) { read(b, s, false) })
	b.Run("as sent", func(b *testing.B) { read(b, s, true) })
	whole, _ := json.Marshal(&m.Next)
	whole = append(append([]byte(`{"w":`), whole...), `,`...)
	_, _, body, _ := split(s)
	_, rest, _ := decodeGlance(body)
	with := string(append(append([]byte(s[:len(s)-len(rest)]), whole...), rest[1:]...))
	b.Run("whole fold", func(b *testing.B) { read(b, with, true) })
}

// arrivals notes how long each message took to another node.
type arrivals struct {
	sent []time.Time
	took []time.Duration
	all  chan struct{}
}

func (a *arrivals) hear(m bus.Message) {
	a.took = append(a.took, time.Since(a.sent[m.Next.Pos]))
	if len(a.took) == len(a.sent) {
		close(a.all)
	}
}

func (a *arrivals) report(b *testing.B) {
	slices.Sort(a.took)
	for _, p := range []struct {
		name string
		at   float64
	}{{"p50-µs", 0.5}, {"p99-µs", 0.99}} {
		b.ReportMetric(float64(a.took[int(float64(len(a.took)-1)*p.at)].Nanoseconds())/1000, p.name)
	}
}

// BenchmarkOtherNode is the way from Publish on one node to the handler on another. For the spread:
//
//	go test -run '^$' -bench OtherNode -benchtime 20000x ./bus/redisbus
func BenchmarkOtherNode(b *testing.B) {
	for _, rate := range []int{0, 1000, 5000} {
		b.Run(map[bool]string{true: "one by one", false: fmt.Sprint(rate, " a second")}[rate == 0], func(b *testing.B) {
			one, two := open(b, shared), open(b, shared)
			a := &arrivals{sent: make([]time.Time, b.N), all: make(chan struct{})}
			came := make(chan struct{}, b.N)
			two.Subscribe(bus.Handler{Message: func(m bus.Message) { a.hear(m); came <- struct{}{} }})
			run(b, one, two)
			messages := make([]bus.Message, b.N)
			for n := range messages {
				messages[n] = usual(30)
				messages[n].Next.Pos = int64(n)
			}
			b.ResetTimer()
			begun := time.Now()
			for n := range messages {
				if rate > 0 {
					time.Sleep(time.Until(begun.Add(time.Duration(n) * time.Second / time.Duration(rate))))
				}
				a.sent[n] = time.Now()
				one.Publish(context.Background(), messages[n])
				if rate == 0 {
					<-came
				}
			}
			<-a.all
			a.report(b)
		})
	}
}

// BenchmarkChannels compares ways to spread messages over channels of one Redis: one channel, 256 by hash, and 256 sharded
// ones. It is what the choice of a single channel stands on.
func BenchmarkChannels(b *testing.B) {
	m := usual(30)
	frame, err := encodeMessage(node{}, &m)
	if err != nil {
		b.Fatal(err)
	}
	for _, of := range []struct {
		name     string
		channels int
		sharded  bool
	}{{"one", 1, false}, {"256", 256, false}, {"256 sharded", 256, true}} {
		b.Run(of.name, func(b *testing.B) {
			ctx := context.Background()
			client := redis.NewClient(&redis.Options{Addr: shared.Address()})
			defer client.Close()
			names := make([]string, of.channels)
			for i := range names {
				names[i] = fmt.Sprint("bench:", i)
			}
			p := client.Subscribe(ctx)
			subscribe := p.Subscribe
			if of.sharded {
				p = client.SSubscribe(ctx)
				subscribe = p.SSubscribe
			}
			defer p.Close()
			if err := subscribe(ctx, names...); err != nil {
				b.Fatal(err)
			}
			for range names {
				if _, err := p.Receive(ctx); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(frame)))
			done := make(chan error, 1)
			go func() {
				for range b.N {
					if _, err := p.ReceiveMessage(ctx); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
			b.ResetTimer()
			for n := 0; n < b.N; n += together {
				pipe := client.Pipeline()
				for i := n; i < min(n+together, b.N); i++ {
					if of.sharded {
						pipe.SPublish(ctx, names[i%len(names)], frame)
					} else {
						pipe.Publish(ctx, names[i%len(names)], frame)
					}
				}
				if _, err := pipe.Exec(ctx); err != nil {
					b.Fatal(err)
				}
			}
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		})
	}
}
