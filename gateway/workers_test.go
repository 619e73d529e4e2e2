package gateway

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// However many frames come at once, no more are in work than there are workers, and each is carried out once, before do
// returns.
func TestWorkersAreBounded(t *testing.T) {
	const frames = 3 * maxWorkers
	var atWork, most atomic.Int64
	begun, goOn := make(chan struct{}, frames), make(chan struct{})
	w := newWorkers(func(j job) {
		now := atWork.Add(1)
		defer atWork.Add(-1)
		for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
		}
		begun <- struct{}{}
		<-goOn
		j.frame[0]++
	})
	var all sync.WaitGroup
	for range frames {
		all.Go(func() {
			frame := []byte{0}
			if w.do(nil, frame); frame[0] != 1 {
				t.Errorf("a frame was carried out %d times", frame[0])
			}
		})
	}
	for range maxWorkers {
		<-begun
	}
	close(goOn)
	all.Wait()
	if most.Load() != maxWorkers || len(w.idle) != maxWorkers || w.unanswered.Load() != 0 {
		t.Errorf("%d frames were in work at once, %d workers are idle, %d frames unanswered; the bound is %d",
			most.Load(), len(w.idle), w.unanswered.Load(), maxWorkers)
	}
	w.stop()
}

// A worker works on and on, for whoever comes, and ends when there is nothing to do, or nobody left to do it for.
func TestWorkersEnd(t *testing.T) {
	w := newWorkers(func(job) {})
	for range 10 {
		w.do(nil, nil)
	}
	if len(w.idle) != 1 {
		t.Fatalf("%d workers for one frame at a time", len(w.idle))
	}
	first := w.idle[0]
	w.trim(first.used.Add(workerIdle - 1))
	if len(w.idle) != 1 {
		t.Fatal("a worker was ended before its time")
	}
	w.trim(first.used.Add(workerIdle))
	if _, goesOn := first.next(); goesOn || len(w.idle) != 0 {
		t.Errorf("after its time a worker goes on: %v; %d are idle", goesOn, len(w.idle))
	}
	w.do(nil, nil)
	second := w.idle[0]
	w.stop()
	if _, goesOn := second.next(); goesOn || len(w.idle) != 0 {
		t.Errorf("after the stop a worker goes on: %v; %d are idle", goesOn, len(w.idle))
	}
}

// Those that were idle for long are ended, and no other.
func TestWorkersThatAreNeededStay(t *testing.T) {
	w := newWorkers(func(job) {})
	begin := time.Now()
	for i := range 5 {
		one := w.hire()
		one.next()
		one.used = begin.Add(time.Duration(i) * time.Second)
		w.idle = append(w.idle, one)
	}
	w.trim(begin.Add(workerIdle + 2*time.Second))
	if len(w.idle) != 2 || w.idle[0].used != begin.Add(3*time.Second) {
		t.Errorf("%d workers stay, from %v after the beginning", len(w.idle), w.idle[0].used.Sub(begin))
	}
	w.stop()
}

func BenchmarkWorkers(b *testing.B) {
	w := newWorkers(func(job) {})
	for b.Loop() {
		w.do(nil, nil)
	}
	w.stop()
}
