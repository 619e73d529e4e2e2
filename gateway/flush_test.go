package gateway

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// wired is a socket whose other side is an end of a TCP connection: the pipes of a house cannot be written to without
// a wait.
type wired struct {
	*socket
	t      *testing.T
	client *bufio.Reader
}

func newWired(t *testing.T, h *house) *wired {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	server, err := l.Accept()
	must(t, err)
	t.Cleanup(func() { client.Close(); server.Close() })
	must(t, server.(*net.TCPConn).SetWriteBuffer(4<<10))
	must(t, client.(*net.TCPConn).SetReadBuffer(4<<10))
	must(t, client.SetReadDeadline(time.Now().Add(time.Minute)))
	return &wired{&socket{gateway: h.gateway, net: server, role: chat.RoleAgent}, t, bufio.NewReader(client)}
}

// wants reads lines that begin with these words.
func (w *wired) wants(words ...string) {
	w.t.Helper()
	for _, want := range words {
		got, err := w.client.ReadString('\n')
		if err != nil || !strings.HasPrefix(got, want) {
			w.t.Fatalf("%.20q (%v), want %s", got, err, want)
		}
	}
}

// waits tells how many frames nobody writes yet.
func (w *wired) waits() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writing {
		return 0
	}
	return len(w.queue)
}

// onTheWire is a house outside synctest, whose time knows no network.
func onTheWire(t *testing.T) *house {
	h := newHouse(t, nil)
	t.Cleanup(h.close)
	return h
}

func TestAFlushDoesNotWaitForASlowClient(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	w := newWired(t, onTheWire(t))
	var want []string
	for i := range 12 { // more than the connection holds; the client reads only after the last flush has returned
		word := fmt.Sprintf("frame %d ", i)
		want = append(want, word)
		w.put([]byte(word + string(bytes.Repeat([]byte("x"), 64<<10)) + "\n"))
		w.flush()
	}
	w.wants(want...)
}

func TestFlushesAndSendsKeepTheirOrder(t *testing.T) {
	w := newWired(t, onTheWire(t))
	for round := range 100 {
		var want []string
		for i := range 20 {
			word := fmt.Sprintf("%d.%d ", round, i)
			want = append(want, word)
			frame := []byte(word + strings.Repeat("y", 37*i) + "\n")
			switch i % 4 {
			case 0:
				w.send(frame)
			case 1:
				w.put(frame)
			case 2:
				w.answer(frame)
			default:
				w.put(frame)
				w.flush()
			}
		}
		w.flush()
		w.wants(want...)
	}
}

func TestWordsLeaveWithTheirAnswer(t *testing.T) {
	h := onTheWire(t)
	message := func(key string, kinds ...chat.Kind) *bus.Message {
		m := &bus.Message{}
		for _, k := range kinds {
			m.Events = append(m.Events, chat.Event{Kind: k, Key: key})
			key = ""
		}
		return m
	}
	for _, c := range []struct {
		name  string
		m     *bus.Message
		waits bool
	}{
		{"the sender's words", message("k", chat.KindMessage, chat.KindMessage, chat.KindFeeling), true},
		{"another frame's", message("other", chat.KindMessage), false},
		{"nobody's", message("", chat.KindMessage), false},
		{"more than words", message("k", chat.KindMessage, chat.KindEscalated), false},
		{"nothing", message("k"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			own, other := newWired(t, h), newWired(t, h)
			own.begin("k")
			own.put([]byte("event\n"))
			other.put([]byte("event\n"))
			h.gateway.hub.flush(c.m, []*socket{other.socket, own.socket})
			if held := own.waits() == 1 && other.waits() == 1; held != c.waits {
				t.Errorf("they wait: %v", held)
			}
			own.answer([]byte("ack\n"))
			own.wants("event", "ack")
			other.wants("event")
			own.put([]byte("later\n"))
			h.gateway.hub.flush(message("k", chat.KindMessage), []*socket{own.socket})
			own.wants("later") // nothing is held for an answer that is out
		})
	}
}

func TestNothingIsWrittenToWhoHasLeft(t *testing.T) {
	w := newWired(t, onTheWire(t))
	w.put([]byte("one\n"))
	w.leave()
	w.flush()
	w.put([]byte("two\n"))
	w.flush()
	if got, err := w.client.ReadString('\n'); err == nil {
		t.Errorf("%q came", got)
	}
}
