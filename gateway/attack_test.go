package gateway

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// These tests are somebody who wants in, or wants others out. They speak to the server as bytes where a client of good
// will could not say what they say.

// line is a bare connection.
type line struct {
	t *testing.T
	net.Conn
	in      *bufio.Reader
	writing sync.WaitGroup
}

func (h *house) line() *line {
	h.t.Helper()
	c, err := h.pipes.dial(h.ctx, "", "")
	must(h.t, err)
	return &line{t: h.t, Conn: c, in: bufio.NewReader(c)}
}

// done ends the connection, and what still writes to it.
func (l *line) done() {
	l.Close()
	l.writing.Wait()
}

// write writes what the server takes; an error is that it has had enough.
func (l *line) write(text string) error {
	_, err := io.WriteString(l, text)
	return err
}

// ended waits until the server has closed, and returns what it still said.
func (l *line) ended() string {
	l.t.Helper()
	must(l.t, l.SetReadDeadline(time.Now().Add(5*time.Minute)))
	rest, err := io.ReadAll(l.in)
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		l.t.Fatal("the connection is still open after five minutes")
	}
	return string(rest)
}

// upgraded shakes hands for a visitor's socket.
func (h *house) upgraded(more string) (*line, *http.Response) {
	h.t.Helper()
	l := h.line()
	must(h.t, l.write("GET /ws/visitor HTTP/1.1\r\nHost: desk.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kohta.v1\r\n"+more+"\r\n"))
	response, err := http.ReadResponse(l.in, nil)
	must(h.t, err)
	return l, response
}

// frame is a frame as a browser masks it, with the first byte as it is given.
func frame(first byte, payload string) string {
	size := []byte{byte(len(payload)) | 0x80}
	if len(payload) > 125 {
		size = binary.BigEndian.AppendUint16([]byte{126 | 0x80}, uint16(len(payload)))
	}
	return string(append(append([]byte{first}, size...), 0, 0, 0, 0)) + payload
}

// said reads what the server sends until it closes: the texts, and the code.
func (l *line) said() (texts []string, code int) {
	l.t.Helper()
	must(l.t, l.SetReadDeadline(time.Now().Add(5*time.Minute)))
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(l.in, head); err != nil {
			return texts, code
		}
		size := int(head[1])
		if size == 126 {
			wide := make([]byte, 2)
			if _, err := io.ReadFull(l.in, wide); err != nil {
				return texts, code
			}
			size = int(binary.BigEndian.Uint16(wide))
		}
		payload := make([]byte, size)
		if _, err := io.ReadFull(l.in, payload); err != nil {
			return texts, code
		}
		switch head[0] & 0x0f {
		case 1:
			texts = append(texts, string(payload))
		case 8:
			code = int(binary.BigEndian.Uint16(payload))
		}
	}
}

func TestWhoIsSlowToAskIsCutOff(t *testing.T) {
	for name, c := range map[string]struct {
		begin string
		drip  string
		most  time.Duration
	}{
		"headers without an end": {"GET / HTTP/1.1\r\nHost: desk.example\r\n", "X-Slow: 1\r\n", 6 * time.Second},
		"one byte at a time":     {"", "G", 6 * time.Second},
		"a body without an end":  {"POST /api/v1/session HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{", " ", 16 * time.Second},
	} {
		inHouse(t, nil, func(t *testing.T, h *house) {
			l, start := h.line(), time.Now()
			defer l.done()
			l.writing.Go(func() {
				for err := l.write(c.begin); err == nil; err = l.write(c.drip) {
					time.Sleep(time.Second)
				}
			})
			l.ended()
			if took := time.Since(start); took > c.most {
				t.Errorf("%s: cut off after %s", name, took)
			}
		})
	}
}

func TestHeadersWithoutMeasure(t *testing.T) {
	for name, headers := range map[string]string{
		"a large one": "X-Large: " + strings.Repeat("x", 64<<10) + "\r\n",
		"thousands":   strings.Repeat("X-Many: 1\r\n", 10_000),
		"a long path": "",
	} {
		inHouse(t, nil, func(t *testing.T, h *house) {
			path := "/"
			if headers == "" {
				path += strings.Repeat("x", 64<<10)
			}
			for _, socket := range []string{path, "/ws/visitor" + strings.TrimPrefix(path, "/")} {
				l := h.line()
				l.writing.Go(func() { _ = l.write("GET " + socket + " HTTP/1.1\r\nHost: desk.example\r\n" + headers + "\r\n") })
				if said := l.ended(); !strings.HasPrefix(said, "HTTP/1.1 431 ") {
					t.Errorf("%s: %.60q", name, said)
				}
				l.done()
			}
		})
	}
}

func TestFragments(t *testing.T) {
	hello := `{"type":"hello","site":"demo"}`
	greet := func(h *house) *line {
		l, _ := h.upgraded("")
		must(h.t, l.write(frame(0x81, hello)))
		return l
	}
	// pieces sends a message of n bytes in pieces of one byte, as long as the server listens.
	pieces := func(l *line, message string) {
		first := byte(0x01)
		for i := range message {
			if l.write(frame(first, message[i:i+1])) != nil {
				return
			}
			first = 0
		}
		_ = l.write(frame(0x80, "")) // who has had enough does not read it
	}
	inHouse(t, nil, func(t *testing.T, h *house) {
		l := greet(h)
		defer l.done()
		l.writing.Go(func() {
			pieces(l, `{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-000000000001","conversation":null,"text":"Moi"}`)
			_ = l.write(frame(0x88, "\x03\xe8"))
		})
		texts, code := l.said()
		if all := strings.Join(texts, "\n"); !strings.Contains(all, `"type":"ack"`) || code != 1000 {
			t.Errorf("a message in pieces gets %d, %s", code, all)
		}
	})
	inHouse(t, nil, func(t *testing.T, h *house) {
		l := greet(h)
		defer l.done()
		l.writing.Go(func() { pieces(l, strings.Repeat("x", 2*wire.MaxVisitorFrame)) })
		texts, code := l.said()
		if all := strings.Join(texts, "\n"); !strings.Contains(all, `"too_large"`) || code != wire.CloseTooLarge {
			t.Errorf("a message that is too large in all gets %d, %s", code, all)
		}
	})
	inHouse(t, nil, func(t *testing.T, h *house) { // pieces of nothing, without an end
		l, start := greet(h), time.Now()
		defer l.done()
		l.writing.Go(func() {
			for err := l.write(frame(0x01, "")); err == nil; err = l.write(frame(0x00, "")) {
				time.Sleep(100 * time.Millisecond)
			}
		})
		_, code := l.said()
		if took := time.Since(start); code != wire.CloseSilent || took > wire.Silence+5*time.Second {
			t.Errorf("a message that never ends: closed with %d after %s", code, took)
		}
	})
}

// TestNothingIsDecompressed: what is not decompressed cannot grow.
func TestNothingIsDecompressed(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		l, response := h.upgraded("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
		defer l.done()
		if e := response.Header.Get("Sec-WebSocket-Extensions"); response.StatusCode != 101 || e != "" {
			t.Errorf("status %d, extensions %q", response.StatusCode, e)
		}
		must(t, l.write(frame(0xc1, "\xaa\x56\x2a\xa9\x2c\x48\x55\xb2\x52\xca\x48\xcd\xc9\xc9\x57\xaa\x05\x00"))) // RSV1: compressed
		if texts, _ := l.said(); len(texts) > 0 {
			t.Errorf("a compressed frame is answered with %v", texts)
		}
		w := h.call("POST", "/api/v1/session", string(bytes.Repeat([]byte{0x1f, 0x8b}, 100)), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
		wantProblem(t, "a compressed body", w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
	})
}

func TestLiesAboutTheAddress(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	inHouse(t, nil, func(t *testing.T, h *house) {
		header := func(n int) http.Header {
			lie := fmt.Sprintf("198.51.100.%d", n)
			return http.Header{"X-Forwarded-For": {lie}, "X-Real-Ip": {lie}, "Forwarded": {"for=" + lie}, "X-Forwarded-Proto": {"https"}}
		}
		for n := range UsualRates.Address {
			_, err := h.dial(chat.RoleVisitor, header(n), wire.Greeting{Site: "demo"})
			must(t, err)
		}
		h.wantRefused(chat.RoleVisitor, header(99), http.StatusTooManyRequests)
		for n := range 150 {
			w := h.call("POST", "/api/v1/session", fmt.Sprintf(`{"email":"a%d@demo.example","password":"wrong"}`, n), func(r *http.Request) {
				for name, values := range header(n) {
					r.Header[name] = values
				}
			})
			if want := 401; n >= 100 {
				want = 429
				if w.Code != want || w.Header().Get("Retry-After") == "" {
					t.Fatalf("sign-in %d of one address: %d", n, w.Code)
				}
			} else if w.Code != want {
				t.Fatalf("sign-in %d: %d", n, w.Code)
			}
		}
	})
}

// TestRequestsFromOtherWebsites tries every unsafe request as a page of another website could make it.
func TestRequestsFromOtherWebsites(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		for _, route := range h.gateway.api() {
			for method := range route.methods {
				if method == "GET" {
					continue
				}
				for _, from := range []http.Header{
					{"Origin": {"https://evil.example"}}, {"Origin": {"null"}}, {"Origin": {"http://desk.example:8080"}}, {"Sec-Fetch-Site": {"cross-site"}},
					{"Sec-Fetch-Site": {"same-site"}}, {"Sec-Fetch-Site": {"cross-site"}, "Origin": {origin}},
				} {
					w := h.call(method, route.path, "{}", func(r *http.Request) {
						sari(r)
						for name, values := range from {
							r.Header[name] = values
						}
					})
					wantProblem(t, method+" "+route.path+fmt.Sprint(from), w.Code, w.Header(), w.Body.Bytes(), 403, codeForbidden)
				}
			}
		}
		if status, _ := h.get("/api/v1/session", sari); status != 200 {
			t.Errorf("the session is gone: %d", status)
		}
	})
}

// TestNamesAreNames: what should be the name of something is no place for anything else.
func TestNamesAreNames(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		v, a := h.visitor("", nil), h.agent(ainoID)
		id := v.post("", "Moi").Conversation
		for _, bad := range []string{"<script>alert(1)</script>", "a b", "../x", "A", "", strings.Repeat("a", 65), "ä", "a\u202eb", "javascript:x"} {
			for who, frames := range map[*peer][]string{
				v: {`{"type":"choose","key":"KEY","conversation":"ID","seq":1,"option":%q}`, `{"type":"rate","key":"KEY","conversation":"ID","survey":%q,"score":5}`,
					`{"type":"post","key":%q,"conversation":"ID","text":"x"}`, `{"type":"post","key":"KEY","conversation":%q,"text":"x"}`,
					`{"type":"submit","key":"KEY","conversation":"ID","seq":1,"fields":{%q:"x"}}`},
				a: {`{"type":"transfer","key":"KEY","conversation":"ID","team":%q}`, `{"type":"transfer","key":"KEY","conversation":"ID","agent":%q}`,
					`{"type":"watch","conversation":%q}`, `{"type":"presence","status":%q}`,
					`{"type":"invite","key":"KEY","conversation":"ID","agent":%q}`, `{"type":"take","key":"KEY","conversation":%q}`},
			} {
				for _, f := range frames {
					before := len(who.of("error"))
					who.raw(strings.NewReplacer("KEY", "0192f1c2-77aa-7bbb-8ccc-00000000000f", "ID", id).Replace(fmt.Sprintf(f, bad)))
					errs := who.of("error")
					if len(errs) != before+1 || errs[before].Code != string(wire.BadFrame) && errs[before].Code != string(wire.NotFound) {
						t.Errorf("%s with %q: %+v", f, bad, errs[before:])
					}
				}
			}
		}
		if n := len(h.desk.log(id, wire.ToAgent)); n != 1 {
			t.Errorf("%d events", n)
		}
		v.wantOpen()
		a.wantOpen()
	})
}

func TestPingsAreAnsweredInMeasure(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		l, _ := h.upgraded("")
		defer l.done()
		var pongs atomic.Int64
		l.writing.Go(func() {
			for head := make([]byte, 2); ; {
				if _, err := io.ReadFull(l.in, head); err != nil {
					return
				}
				if _, err := io.CopyN(io.Discard, l.in, int64(head[1])); err != nil {
					return
				}
				if head[0]&0x0f == websocket.PongMessage {
					pongs.Add(1)
				}
			}
		})
		for range 3 * frameRun {
			must(t, l.write(frame(0x89, "x")))
			synctest.Wait()
		}
		if n := pongs.Load(); n != frameRun {
			t.Errorf("%d of %d pings at once were answered", n, 3*frameRun)
		}
	})
}

// TestASupervisorsReadingIsAudited: what is neither theirs nor their team's is read with a trace.
func TestASupervisorsReadingIsAudited(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		_, mine := h.escalated()
		a, err := h.store.Agent(h.ctx, sariID)
		must(t, err)
		reads := func() (acts []store.Act) {
			rows, err := h.store.Acts(h.ctx, 0, 100)
			must(t, err)
			for _, r := range rows {
				if r.Act.Verb == "read_conversation" {
					acts = append(acts, r.Act)
				}
			}
			return acts
		}
		watch := func(p *peer) {
			for range 2 {
				must(t, p.Send(&wire.Frame{Type: wire.Watch, Conversation: mine}))
				must(t, p.Send(&wire.Frame{Type: wire.Unwatch, Conversation: mine}))
				must(t, p.Send(&wire.Frame{Type: wire.Sync, Conversation: mine}))
			}
			if len(p.of("event")) == 0 {
				t.Error("nothing was shown")
			}
		}
		watch(h.agent(ainoID))
		watch(h.agent(sariID)) // her own team's
		if acts := reads(); len(acts) != 0 {
			t.Errorf("noted although it is their team's: %+v", acts)
		}
		a.Teams = []string{"billing"}
		must(t, h.store.PutAgent(h.ctx, a))
		time.Sleep(2 * time.Second) // her sockets come back with her new teams
		watch(h.agent(sariID))
		if acts := reads(); len(acts) != 1 || acts[0].Actor != sariID || acts[0].Object != mine || acts[0].Address != "192.0.2.1" {
			t.Errorf("noted: %+v", acts)
		}
	})
}
