package gateway

import (
	"context"
	"errors"
	"testing"
	"time"
)

type nameKey struct{}

// However it ends, and whether somebody waits for it before, after or never, it is as any other context.
func TestWithin(t *testing.T) {
	reason := errors.New("the house is closed")
	for name, c := range map[string]struct {
		after time.Duration
		end   func(w *within, close context.CancelCauseFunc)
		want  error
		cause error
	}{
		"goes on":          {time.Hour, func(*within, context.CancelCauseFunc) {}, nil, nil},
		"is ended":         {time.Hour, func(w *within, _ context.CancelCauseFunc) { w.end(); w.end() }, context.Canceled, context.Canceled},
		"time is over":     {0, func(*within, context.CancelCauseFunc) {}, context.DeadlineExceeded, context.DeadlineExceeded},
		"ends with others": {time.Hour, func(_ *within, end context.CancelCauseFunc) { end(reason) }, context.Canceled, reason},
	} {
		for _, waits := range []string{"before", "after", "by a child", "never"} {
			t.Run(name+"/waits "+waits, func(t *testing.T) {
				base, closeBase := context.WithCancelCause(context.WithValue(t.Context(), nameKey{}, "base"))
				defer closeBase(nil)
				w := newWithin(base, c.after)
				defer w.end()
				ended := func() bool { return false }
				wait := func(ctx context.Context) func() bool {
					done := ctx.Done()
					return func() bool {
						if c.want == nil {
							return ctx.Err() != nil
						}
						<-done
						return true
					}
				}
				switch waits {
				case "before":
					ended = wait(w)
				case "by a child":
					child, cancel := context.WithCancel(w)
					defer cancel()
					ended = wait(child)
				}
				c.end(w, closeBase)
				if waits == "after" {
					ended = wait(w)
				}
				if waits != "never" && ended() != (c.want != nil) {
					t.Fatalf("ended: %v", ended())
				}
				if err := w.Err(); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
					t.Errorf("error %v, want %v", err, c.want)
				}
				if cause := context.Cause(w); !errors.Is(cause, c.cause) || (cause == nil) != (c.cause == nil) {
					t.Errorf("cause %v, want %v", cause, c.cause)
				}
				if w.Value(nameKey{}) != "base" {
					t.Errorf("value %v", w.Value(nameKey{}))
				}
			})
		}
	}
}

func TestWithinHasTheEarlierDeadline(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for after, base := range map[time.Duration]context.Context{time.Hour: soon, time.Second: soon, 2 * time.Hour: t.Context()} {
		w := newWithin(base, after)
		want, ok := base.Deadline()
		if !ok || w.until.Before(want) {
			want = w.until
		}
		if got, ok := w.Deadline(); !ok || !got.Equal(want) {
			t.Errorf("after %v: %v, want %v", after, got, want)
		}
	}
}

func BenchmarkWithin(b *testing.B) {
	base, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.Run("within", func(b *testing.B) {
		for b.Loop() {
			w := newWithin(base, time.Hour)
			if w.Err() != nil {
				b.Fatal(w.Err())
			}
			w.end()
		}
	})
	b.Run("with timeout", func(b *testing.B) {
		for b.Loop() {
			ctx, cancel := context.WithTimeout(base, time.Hour)
			if ctx.Err() != nil {
				b.Fatal(ctx.Err())
			}
			cancel()
		}
	})
}
