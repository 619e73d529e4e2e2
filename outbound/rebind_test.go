package outbound_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/outbound"
)

// names is a name server on the loopback address. answer gives the IPv4 addresses for the n-th question for one, from 0.
type names struct {
	asked  atomic.Int32
	answer func(n int) []string
}

func resolve(t *testing.T, answer func(n int) []string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{answer: answer}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.serve(server)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func (n *names) serve(server net.PacketConn) {
	packet := make([]byte, 1500)
	for {
		size, from, err := server.ReadFrom(packet)
		if err != nil {
			return
		}
		_, _ = server.WriteTo(n.reply(packet[:size]), from) // who asks asks again
	}
}

// reply is a DNS message (RFC 1035) of the question and the addresses; any other type than A has none.
func (n *names) reply(question []byte) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5
	const typeA = 1
	var addresses []string
	if binary.BigEndian.Uint16(question[end-4:]) == typeA {
		addresses = n.answer(int(n.asked.Add(1) - 1))
	}
	reply := append([]byte{}, question[:end]...)
	binary.BigEndian.PutUint16(reply[2:], 0x8180) // an answer, no error
	binary.BigEndian.PutUint16(reply[4:], 1)
	binary.BigEndian.PutUint16(reply[6:], uint16(len(addresses)))
	binary.BigEndian.PutUint32(reply[8:], 0)
	for _, a := range addresses {
		reply = append(reply, 0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4) // the name above, for 0 s
		ip := netip.MustParseAddr(a).As4()
		reply = append(reply, ip[:]...)
	}
	return reply
}

// A name of the open internet that resolves to this machine: at once, beside another address, or from the second look on.
func TestRebinding(t *testing.T) {
	const other = "203.0.113.7" // nobody's
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(s.hostport())
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]func(n int) []string{
		"at once":             func(int) []string { return []string{"127.0.0.1"} },
		"beside another":      func(int) []string { return []string{other, "127.0.0.1"} },
		"at the second look":  func(n int) []string { return []string{[]string{other, "127.0.0.1"}[min(n, 1)]} },
		"at the metadata":     func(int) []string { return []string{"169.254.169.254"} },
		"at a private number": func(int) []string { return []string{"10.0.0.7"} },
	} {
		t.Run(name, func(t *testing.T) {
			c := client(t, outbound.Options{Resolver: resolve(t, answer)})
			for range 3 {
				want(t, c.Do(t.Context(), get("http://shop.example:"+port)), chat.ActionResult{Error: "refused"})
			}
		})
	}
	if n := s.asked.Load(); n != 0 {
		t.Errorf("a server inside was asked %d times", n)
	}
}

// What is allowed by name may be inside, at that port and under that name alone.
func TestAllowedByName(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(s.hostport())
	if err != nil {
		t.Fatal(err)
	}
	inside := resolve(t, func(int) []string { return []string{"127.0.0.1"} })
	c := client(t, outbound.Options{Allow: []string{"Orders.Shop.Example:" + port}, Resolver: inside})
	want(t, c.Do(t.Context(), get("http://orders.shop.example:"+port)), chat.ActionResult{Status: 200})
	for _, url := range []string{"http://shop.example:" + port, "http://orders.shop.example:1", "http://127.0.0.1:" + port} {
		want(t, c.Do(t.Context(), get(url)), chat.ActionResult{Error: "refused"})
	}
}
