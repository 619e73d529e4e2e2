package sqlstore_test

import (
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// wire is a connection to a server with faults.
type wire struct {
	listener net.Listener
	to       string
	swallow  atomic.Bool  // what the server says after the next packet to it is lost, and then the connection
	after    atomic.Int64 // packets to the server until all connections are cut; 0: never
	open     sync.WaitGroup
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: to}
	w.open.Go(w.accept)
	t.Cleanup(func() {
		l.Close()
		w.open.Wait()
	})
	return w
}

func (w *wire) port() int { return w.listener.Addr().(*net.TCPAddr).Port }

func (w *wire) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.to)
		if err != nil {
			client.Close()
			continue
		}
		var lost atomic.Bool
		w.open.Go(func() { w.toServer(server, client, &lost) })
		w.open.Go(func() { w.toClient(client, server, &lost) })
	}
}

func (w *wire) toServer(server, client net.Conn, lost *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if left := w.after.Load(); left > 1 {
			w.after.Add(-1)
		} else if left == 1 {
			return // and so does whoever comes after
		}
		lost.Store(w.swallow.Load())
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (w *wire) toClient(client, server net.Conn, lost *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil || lost.Load() {
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// migrations is how many there are.
func migrations(t *testing.T) int {
	t.Helper()
	files, err := fs.Glob(os.DirFS("migrations"), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if strings.HasSuffix(f, ".sql") {
			n++
		}
	}
	return n
}
