package bench

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// sources are how many loopback addresses clients come from: for limits by address, and for ports.
const sources = 200

// bindNoPort is IP_BIND_ADDRESS_NO_PORT, which package syscall does not name: the port is chosen when the connection
// is made. Without it every port that is bound here is taken from all other programs of the machine.
const bindNoPort = 24

// dialer connects client i from one of many loopback addresses, and counts its bytes.
func (r *run) dialer(i int) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
			return c.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, bindNoPort, 1) })
		}}
		if host, _, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).To4() != nil {
			d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%sources))}
		}
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.(*net.TCPConn).SetLinger(0) // closing leaves no TIME_WAIT
		return &counted{Conn: c, read: &r.read, wrote: &r.wrote}, nil
	}
}

// counted counts the bytes of a connection.
type counted struct {
	net.Conn
	read, wrote *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.wrote.Add(int64(n))
	return n, err
}

// pause waits for a moment, or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
