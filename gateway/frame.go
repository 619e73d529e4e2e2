package gateway

import (
	"encoding/binary"
	"sync"

	"github.com/kohta/kohta/wire"
)

// Frames leave in the form that they have on the line (RFC 6455 §5.2): the server's are not masked, so one encoded
// event serves every socket of its audience, and several that wait leave in one write. gorilla reads and shakes hands.

const (
	opText  = 0x81
	opClose = 0x88
	opPing  = 0x89
	opPong  = 0x8a

	headerRoom = 10 // the longest header
)

// buffers are what frames are read into, encoded in and gathered in; what stays is copied to its exact size.
type buffers struct{ pool sync.Pool }

func newBuffers() *buffers {
	return &buffers{sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}}
}

// maxBuffer keeps one large frame from staying in memory for ever.
const maxBuffer = 64 << 10

// get lends a buffer, which put takes back with what became of it.
func (b *buffers) get() *[]byte { return b.pool.Get().(*[]byte) }

func (b *buffers) put(p *[]byte, used []byte) {
	if cap(used) <= maxBuffer {
		*p = used[:0]
	}
	b.pool.Put(p)
}

// text returns the text frame of what encode appends.
func (b *buffers) text(encode func([]byte) []byte) []byte {
	p := b.get()
	body := encode((*p)[:0])
	frame := appendHeader(make([]byte, 0, headerRoom+len(body)), opText, len(body))
	frame = append(frame, body...)
	b.put(p, body)
	return frame
}

func appendHeader(frame []byte, op byte, size int) []byte {
	switch {
	case size < 126:
		return append(frame, op, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(frame, op, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(frame, op, 127), uint64(size))
}

func controlFrame(op byte, payload string) []byte {
	return append(appendHeader(make([]byte, 0, 2+len(payload)), op, len(payload)), payload...)
}

func closeFrame(code int) []byte {
	reason := closeReason(code)
	frame := appendHeader(make([]byte, 0, 4+len(reason)), opClose, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(frame, uint16(code)), reason...)
}

// closeReason is a close code in words, for whoever looks at the line.
func closeReason(code int) string {
	switch code {
	case wire.CloseGoingAway:
		return "going away"
	case wire.CloseTooLarge:
		return "too large"
	case wire.CloseDraining:
		return "draining"
	case wire.CloseUnavailable:
		return "unavailable"
	case wire.CloseTooSlow:
		return "too slow"
	case wire.CloseSilent:
		return "nothing heard"
	case wire.CloseTooMany:
		return "too many connections"
	case wire.CloseBadFrame:
		return "bad frame"
	case wire.CloseUnauthorized:
		return "unauthorized"
	case wire.CloseRevoked:
		return "revoked"
	case wire.CloseNoSite:
		return "no such site"
	}
	return ""
}
