package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstInherited is the first descriptor that a service manager hands on, as systemd does for a .socket unit.
const firstInherited = 3

// listen takes over the socket that the service manager holds for this process (LISTEN_FDS), or opens one. Whoever connects
// while the desk restarts waits in a socket that is held, and is turned away from one that the desk opens itself.
func (h *house) listen() (net.Listener, error) {
	if h.env("LISTEN_FDS") == "" || h.env("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		l, err := net.Listen("tcp", h.Listen)
		if err != nil {
			return nil, listenError(h.Listen, err)
		}
		return l, nil
	}
	if n := h.env("LISTEN_FDS"); n != "1" {
		return nil, fmt.Errorf("the service manager hands on %s sockets; the desk takes one, that of its public address", n)
	}
	file := os.NewFile(firstInherited, "socket")
	defer file.Close() // the listener has a descriptor of its own
	l, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("what the service manager hands on is no socket to listen on: %w", err)
	}
	host, _, err := net.SplitHostPort(l.Addr().String())
	if err != nil || (h.Demo && !h.DemoPublic || h.Limits == "off") && !loopback(host) {
		l.Close()
		return nil, fmt.Errorf("the socket that the service manager hands on listens on %s, which --demo and --limits off do only on a loopback address", l.Addr())
	}
	h.Listen = l.Addr().String() // whatever is decided by the address goes by this one
	return l, nil
}
