// Package outbound is the one HTTP client of the house. Whatever a bot names as an address, it reaches the open internet
// only: never a neighbour of the server, unless the configuration allows just that host and port.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/kohta/kohta/chat"
)

// What Options are when they say nothing, and what no action goes beyond.
const (
	Timeout    = 5 * time.Second
	MaxBody    = 64 << 10 // bytes, of what is sent and of what comes back
	MaxRetries = 3
	maxURL     = 2048
	maxAtOnce  = 64 // connections to one host
)

// The values of an ActionResult's Error.
const (
	ErrTimeout     = "timeout"     // no whole answer in time
	ErrUnreachable = "unreachable" // no answer at all
	ErrRefused     = "refused"     // not an address or a request that the house sends
	ErrTooLarge    = "too_large"   // what was to be sent, or what came back
)

// Options say what a Client may do.
type Options struct {
	Allow    []string      // host:port, compared exactly, that may be inside; names as they stand in the URL
	Timeout  time.Duration // of one attempt, at most; 0: Timeout
	MaxBody  int64         // 0: MaxBody
	Pause    time.Duration // before the first retry, doubling; 0: 100 ms
	Resolver *net.Resolver // nil: the system's
}

// Client carries out actions. It may be used from any number of goroutines.
type Client struct {
	http    *http.Client
	timeout time.Duration
	maxBody int64
	pause   time.Duration
}

// New returns a client. Its error, of kind Invalid, names an entry of Allow that is not host:port.
func New(o Options) (*Client, error) {
	allow := map[string]bool{}
	for _, a := range o.Allow {
		at, err := hostport(a)
		if err != nil {
			return nil, chat.Errorf(chat.Invalid, "an allowed address is like 127.0.0.1:8080 or shop.internal:443, not %q", a)
		}
		allow[at] = true
	}
	c := &Client{timeout: or(o.Timeout, Timeout), maxBody: or(o.MaxBody, MaxBody), pause: or(o.Pause, 100*time.Millisecond)}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would go where the check does not see
			DialContext:            dialer(allow, o.Resolver),
			TLSHandshakeTimeout:    c.timeout,
			MaxResponseHeaderBytes: MaxBody,
			MaxConnsPerHost:        maxAtOnce,
			MaxIdleConns:           maxAtOnce,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// dialer looks at the address that is really connected to, after the name was resolved, so that a name which resolves
// differently the next time gains nothing.
func dialer(allow map[string]bool, r *net.Resolver) func(context.Context, string, string) (net.Conn, error) {
	inside := &net.Dialer{Resolver: r}
	outside := &net.Dialer{Resolver: r, Control: func(network, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !strings.HasPrefix(network, "tcp") || !public(at.Addr()) {
			return errRefused
		}
		return nil
	}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if at, err := hostport(address); err == nil && allow[at] {
			return inside.DialContext(ctx, network, address)
		}
		return outside.DialContext(ctx, network, address)
	}
}

// Close lets go of idle connections. Actions under way end as they would.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do carries out an action and never fails but in its result. It follows no redirect: a 302 is an answer. A GET that got
// no answer, or one of 500 and above, is tried again as often as the action says and MaxRetries allows; anything else is
// sent once. It ends when ctx does. A body comes back as valid UTF-8 without NUL.
func (c *Client) Do(ctx context.Context, a chat.Action) chat.ActionResult {
	var result chat.ActionResult
	pause := c.pause
	for attempt := 0; ; attempt++ {
		result = c.try(ctx, a)
		result.ID = a.ID
		if attempt >= min(a.Retries, MaxRetries) || !again(a, result) || !wait(ctx, pause) {
			return result
		}
		pause *= 2
	}
}

func again(a chat.Action, r chat.ActionResult) bool {
	return a.Method == http.MethodGet && (r.Error == ErrUnreachable || r.Status >= 500)
}

// wait tells whether d has passed; if not, ctx has ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// try is one attempt.
func (c *Client) try(ctx context.Context, a chat.Action) chat.ActionResult {
	if int64(len(a.Body)) > c.maxBody {
		return chat.ActionResult{Error: ErrTooLarge}
	}
	timeout := c.timeout
	if a.Timeout > 0 {
		timeout = min(timeout, a.Timeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := request(ctx, a)
	if err != nil {
		return chat.ActionResult{Error: ErrRefused}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return chat.ActionResult{Error: reason(ctx, err)}
	}
	defer answer.Body.Close() // what is left unread costs the connection and nothing else
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.maxBody+1))
	switch {
	case int64(len(body)) > c.maxBody:
		return chat.ActionResult{Error: ErrTooLarge}
	case err != nil:
		return chat.ActionResult{Error: reason(ctx, err)}
	}
	return chat.ActionResult{Status: answer.StatusCode, Body: clean(string(body))}
}

// request refuses what the house does not send.
func request(ctx context.Context, a chat.Action) (*http.Request, error) {
	switch a.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return nil, fmt.Errorf("the method %q is not sent", a.Method)
	}
	u, err := url.Parse(a.URL)
	if err != nil || len(a.URL) > maxURL || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address is not a whole http or https URL")
	}
	r, err := http.NewRequestWithContext(ctx, a.Method, u.String(), strings.NewReader(a.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "kohta")
	r.Header.Set("Accept", "application/json")
	if a.Body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

func reason(ctx context.Context, err error) string {
	var slow net.Error
	switch {
	case errors.Is(err, errRefused):
		return ErrRefused
	case ctx.Err() != nil, errors.As(err, &slow) && slow.Timeout():
		return ErrTimeout
	}
	return ErrUnreachable
}

// clean makes of a body what every database takes.
func clean(body string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(body, "\uFFFD"), "\x00", "\uFFFD")
}
