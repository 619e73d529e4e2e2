package crowd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// View is what a new connection got that asked for everything from the beginning.
type View struct {
	Welcome wire.Received
	Logs    map[string][]check.Event // those that are not there, or not theirs, are left out
	Missing []string                 // what the desk said is there and did not give, in words

	tries map[string]int // of conversations of which something was missing
}

// Times and bounds of asking for everything.
const (
	askedAtOnce = 20
	answerAll   = 20 * time.Second // from one answer to the next
	askAgain    = 40               // times in a row, when a connection ends before its time
	askPause    = 250 * time.Millisecond
	lookAgain   = 3 // times, when something of a conversation is missing
)

// Reread connects anew and asks for conversations from the beginning. It goes on where a connection ended before its time.
func Reread(ctx context.Context, o wireclient.Options, conversations []string) (View, error) {
	v := View{Logs: map[string][]check.Event{}, tries: map[string]int{}}
	left := slices.Clone(conversations)
	var err error
	for failed, tried := 0, 0; failed < askAgain; failed++ {
		if failed > 0 {
			select {
			case <-time.After(askPause):
			case <-ctx.Done():
			}
		}
		before := len(left)
		if left, err = v.reread(ctx, o, left); err == nil || ctx.Err() != nil {
			return v, err
		}
		if looked := v.looked(); len(left) < before || looked > tried {
			failed, tried = -1, looked
		}
	}
	return v, fmt.Errorf("ask for everything: %w", err)
}

// looked is how often something was missing.
func (v *View) looked() (n int) {
	for _, times := range v.tries {
		n += times
	}
	return n
}

// reread is one connection. It returns what has not been answered.
func (v *View) reread(ctx context.Context, o wireclient.Options, left []string) ([]string, error) {
	frames := make(chan wire.Received, 1024)
	closing := make(chan struct{})
	defer close(closing)
	o.OnFrame = func(_ *wireclient.Client, frame []byte) {
		if r, err := wire.DecodeServer(frame); err == nil {
			select {
			case frames <- r:
			case <-closing:
			}
		}
	}
	conn, err := wireclient.Dial(ctx, o, nil)
	if err != nil {
		return left, err
	}
	defer conn.Close()
	asked, welcomed := map[string][]check.Event{}, false
	for len(left) > 0 || !welcomed {
		for welcomed && len(asked) < min(askedAtOnce, len(left)) {
			id := left[slices.IndexFunc(left, func(id string) bool { _, is := asked[id]; return !is })]
			asked[id] = []check.Event{}
			if err := conn.Send(&wire.Frame{Type: wire.Sync, Conversation: id}); err != nil {
				return left, err
			}
		}
		select {
		case r := <-frames:
			if r.Type == "welcome" {
				v.Welcome, welcomed = r, true
			}
			if left, err = v.answer(&r, asked, left); err != nil {
				return left, err
			}
		case <-conn.Ended():
			return left, errors.New("the connection ended")
		case <-time.After(answerAll):
			return left, fmt.Errorf("no answer for %v", answerAll)
		case <-ctx.Done():
			return left, ctx.Err()
		}
	}
	return nil, nil
}

// answer takes in a frame, and returns what is still to be answered.
func (v *View) answer(r *wire.Received, asked map[string][]check.Event, left []string) ([]string, error) {
	log, is := asked[r.Conversation]
	if !is {
		return left, nil
	}
	switch r.Type {
	case "event":
		if r.Seq == int64(len(log))+1 {
			asked[r.Conversation] = append(log, eventOf(r))
		}
		return left, nil
	case "synced":
		if int64(len(log)) < r.Head {
			words := fmt.Sprintf("%d of %d events come of conversation %s", len(log), r.Head, r.Conversation)
			if v.tries[r.Conversation]++; v.tries[r.Conversation] < lookAgain {
				return left, errors.New(words)
			}
			v.Missing = append(v.Missing, words)
		}
		v.Logs[r.Conversation] = log
	case "error":
		if r.Code != string(wire.NotFound) && r.Code != string(wire.Forbidden) {
			return left, errors.New(r.Code)
		}
	default:
		return left, nil
	}
	delete(asked, r.Conversation)
	i := slices.Index(left, r.Conversation)
	return slices.Delete(left, i, i+1), nil
}
