package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/outbound"
)

// site answers on the loopback address, and counts.
type site struct {
	*httptest.Server
	asked atomic.Int32
}

func serve(t *testing.T, handler http.HandlerFunc) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) hostport() string { return strings.TrimPrefix(s.URL, "http://") }

func client(t *testing.T, o outbound.Options) *outbound.Client {
	t.Helper()
	o.Pause = time.Millisecond
	c, err := outbound.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func get(url string) chat.Action { return chat.Action{ID: "look_up", Method: "GET", URL: url} }

func want(t *testing.T, got, want chat.ActionResult) {
	t.Helper()
	want.ID = "look_up"
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDo(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, "%s %s %s %s %q", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), body)
	})
	c := client(t, outbound.Options{Allow: []string{s.hostport()}})
	want(t, c.Do(t.Context(), get(s.URL+"/orders/10234?lang=fi")), chat.ActionResult{Status: 200, Body: `GET /orders/10234?lang=fi  kohta ""`})
	post := chat.Action{ID: "look_up", Method: "POST", URL: s.URL, Body: `{"order":"10234"}`}
	want(t, c.Do(t.Context(), post), chat.ActionResult{Status: 200, Body: `POST / application/json kohta "{\"order\":\"10234\"}"`})
}

// An answer is an answer, whatever it says; a redirect is not followed, not even to an allowed address.
func TestAnswersAsTheyCome(t *testing.T) {
	for _, status := range []int{204, 301, 302, 307, 404, 409, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
			})
			c := client(t, outbound.Options{Allow: []string{s.hostport()}})
			want(t, c.Do(t.Context(), get(s.URL)), chat.ActionResult{Status: status})
			if n := s.asked.Load(); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

func TestBodyIsMadeStorable(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("a\x00b\xffc")) })
	c := client(t, outbound.Options{Allow: []string{s.hostport()}})
	want(t, c.Do(t.Context(), get(s.URL)), chat.ActionResult{Status: 200, Body: "a\uFFFDb\uFFFDc"})
}

func TestTooLarge(t *testing.T) {
	size := atomic.Int64{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		out := io.Writer(w)
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer z.Close()
			out = z
		}
		// The client hangs up in the middle, which is its right.
		_, _ = out.Write(bytes.Repeat([]byte("a"), int(size.Load())))
	})
	// A machine that is busy may take its time over 50 MiB.
	c := client(t, outbound.Options{Allow: []string{s.hostport()}, Timeout: time.Minute})
	for _, path := range []string{"/", "/packed"} {
		size.Store(outbound.MaxBody)
		want(t, c.Do(t.Context(), get(s.URL+path)), chat.ActionResult{Status: 200, Body: strings.Repeat("a", outbound.MaxBody)})
		size.Store(outbound.MaxBody + 1)
		want(t, c.Do(t.Context(), get(s.URL+path)), chat.ActionResult{Error: "too_large"})
		size.Store(50 << 20)
		want(t, c.Do(t.Context(), get(s.URL+path)), chat.ActionResult{Error: "too_large"})
	}
	before := s.asked.Load()
	big := chat.Action{ID: "look_up", Method: "POST", URL: s.URL, Body: strings.Repeat("a", outbound.MaxBody+1)}
	want(t, c.Do(t.Context(), big), chat.ActionResult{Error: "too_large"})
	if s.asked.Load() != before {
		t.Error("a body that is too large was sent")
	}
}

// hang keeps the client waiting until it goes away, before or after the first bytes.
func hang(flush bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if flush {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}
}

func TestTimeout(t *testing.T) {
	for _, flush := range []bool{false, true} {
		s := serve(t, hang(flush))
		c := client(t, outbound.Options{Allow: []string{s.hostport()}, Timeout: 30 * time.Millisecond})
		a := get(s.URL)
		a.Timeout, a.Retries = time.Hour, 2 // an action may ask for less than the house, never for more
		want(t, c.Do(t.Context(), a), chat.ActionResult{Error: "timeout"})

		c = client(t, outbound.Options{Allow: []string{s.hostport()}})
		a.Timeout = 20 * time.Millisecond
		want(t, c.Do(t.Context(), a), chat.ActionResult{Error: "timeout"})
		if n := s.asked.Load(); n != 2 {
			t.Errorf("asked %d times: what is slow is not tried again", n)
		}
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	c := client(t, outbound.Options{Allow: []string{s.hostport()}})
	want(t, c.Do(ctx, get(s.URL)), chat.ActionResult{Error: "timeout"})
}

// closed is an address of this machine at which nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestUnreachable(t *testing.T) {
	nobody := closed(t)
	rude := serve(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	short := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Write([]byte("half"))
	})
	c := client(t, outbound.Options{Allow: []string{nobody, rude.hostport(), short.hostport()}})
	for _, url := range []string{"http://" + nobody, rude.URL, short.URL, "https://" + rude.hostport()} {
		want(t, c.Do(t.Context(), get(url)), chat.ActionResult{Error: "unreachable"})
	}
}

func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name    string
		method  string
		retries int
		status  int // of the failures; 0 hangs up
		fails   int32
		asked   int32
		want    chat.ActionResult
	}{
		{"a GET gets through", "GET", 2, 503, 2, 3, chat.ActionResult{Status: 200}},
		{"a GET whose connection breaks gets through", "GET", 1, 0, 1, 2, chat.ActionResult{Status: 200}},
		{"not more often than it says", "GET", 1, 500, 9, 2, chat.ActionResult{Status: 500}},
		{"not more often than is allowed", "GET", 99, 500, 99, 1 + outbound.MaxRetries, chat.ActionResult{Status: 500}},
		{"not when it says none", "GET", 0, 500, 9, 1, chat.ActionResult{Status: 500}},
		{"a refusal is an answer", "GET", 2, 404, 9, 1, chat.ActionResult{Status: 404}},
		{"a POST is sent once", "POST", 2, 503, 9, 1, chat.ActionResult{Status: 503}},
		{"a POST whose connection breaks is sent once", "POST", 2, 0, 9, 1, chat.ActionResult{Error: "unreachable"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s *site
			s = serve(t, func(w http.ResponseWriter, _ *http.Request) {
				switch {
				case s.asked.Load() > c.fails:
				case c.status == 0:
					panic(http.ErrAbortHandler)
				default:
					w.WriteHeader(c.status)
				}
			})
			do := client(t, outbound.Options{Allow: []string{s.hostport()}})
			want(t, do.Do(t.Context(), chat.Action{ID: "look_up", Method: c.method, URL: s.URL, Retries: c.retries}), c.want)
			if n := s.asked.Load(); n != c.asked {
				t.Errorf("asked %d times, want %d", n, c.asked)
			}
		})
	}
}

// A server is listening at each of these, or would be a prize; nobody is asked.
func TestRefused(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(s.hostport())
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, outbound.Options{Allow: []string{"127.0.0.1:1", "shop.internal:" + port}})
	for _, a := range []chat.Action{
		get(s.URL),
		get("http://localhost:" + port),
		get("http://127.1:" + port + "/"),
		get("http://0.0.0.0:" + port),
		get("http://[::1]:" + port),
		get("http://[::ffff:127.0.0.1]:" + port),
		get("http://169.254.169.254/latest/meta-data/"),
		get("http://10.0.0.1/"),
		get("https://192.168.1.1/"),
		get("http://[fd00::1]/"),
		get("file:///etc/passwd"),
		get("gopher://127.0.0.1:" + port),
		get("unix:///var/run/docker.sock"),
		get("//" + s.hostport()),
		get("http://"),
		get(""),
		get("http://\x00"),
		get(s.URL + "/" + strings.Repeat("a", 3000)),
		{ID: "look_up", Method: "", URL: s.URL},
		{ID: "look_up", Method: "CONNECT", URL: s.URL},
		{ID: "look_up", Method: "GET\r\nHost: x", URL: s.URL},
	} {
		got := c.Do(t.Context(), a)
		if a.URL == "http://127.1:"+port+"/" && got.Error == "unreachable" {
			continue // a resolver that does not know this old way of writing it
		}
		if got.Error != "refused" || got.Status != 0 {
			t.Errorf("%s %q: %+v, want refused", a.Method, a.URL, got)
		}
	}
	if n := s.asked.Load(); n != 0 {
		t.Errorf("a server inside was asked %d times", n)
	}
}

// An environment's proxy is no way round the check. Go reads the environment once, so a process of its own has to ask.
func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	const allowed = "OUTBOUND_TEST_ALLOWED"
	if a := os.Getenv(allowed); a != "" {
		c := client(t, outbound.Options{Allow: []string{a}})
		want(t, c.Do(t.Context(), get("http://10.0.0.1/")), chat.ActionResult{Error: "refused"})
		return
	}
	proxy := serve(t, func(http.ResponseWriter, *http.Request) {})
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), allowed+"="+proxy.hostport(), "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := proxy.asked.Load(); n != 0 {
		t.Errorf("the proxy was asked %d times", n)
	}
}

func TestAllowIsExact(t *testing.T) {
	for _, bad := range []string{"", "shop.internal", "127.0.0.1", "http://127.0.0.1:80", ":80", "127.0.0.1:"} {
		if _, err := outbound.New(outbound.Options{Allow: []string{bad}}); chat.KindOf(err) != chat.Invalid {
			t.Errorf("%q is allowed: %v", bad, err)
		}
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	c, err := outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(s.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, c.Do(t.Context(), get(s.URL)), chat.ActionResult{Status: 200})
	c.Close()
	s.Close()
	goleak.VerifyNone(t, ignore)
}
