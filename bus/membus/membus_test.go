package membus_test

import (
	"context"
	"sync"
	"testing"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/bus/bustest"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
)

func TestBus(t *testing.T) {
	bustest.Run(t, func(*testing.T) bustest.Fixture {
		return bustest.Fixture{Nodes: []bus.Bus{membus.New()}, Depth: membus.Depth}
	})
}

// BenchmarkPublish is the way from Publish into the handler and back, one at a time.
func BenchmarkPublish(b *testing.B) {
	bus1 := membus.New()
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := bus1.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	arrived := make(chan struct{}, 1)
	bus1.Subscribe(bus.Handler{Message: func(bus.Message) { arrived <- struct{}{} }})
	m := bus.Message{Conversation: "c", Events: make([]chat.Event, 2)}
	for b.Loop() {
		bus1.Publish(ctx, m)
		<-arrived
	}
	cancel()
	wg.Wait()
}
