package redisbus

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// What goes over the wire is a head of fixed size, so that a node passes over its own without reading them, and JSON
// behind it with short names; what is empty is left out:
//
//	1 byte    version of the encoding
//	1 byte    what it is: 'm' a message, 's' a signal, 'b' a beat
//	16 bytes  the node that sent it
//	2 bytes   of a message: how long the first JSON is, the larger byte first
//	…         JSON; of a message two, the first of which tells whether anybody here wants the second
//
// Fields may be added without a new version: a node passes over those that it does not know. The version goes up only when
// an older node would misunderstand what it reads, and then a node reads both for as long as both may run.
const (
	version  = 1
	headSize = 18
)

// The kinds of frame.
const (
	aMessage = 'm'
	aSignal  = 's'
	aBeat    = 'b'
)

// node names who sent something: random for each process.
type node [16]byte

// errNewer is the error of a frame that a newer node sent and this one cannot read.
var errNewer = errors.New("of a newer version")

// head begins a frame.
func head(b []byte, kind byte, from node) []byte {
	return append(append(b, version, kind), from[:]...)
}

// split takes a frame apart.
func split(frame string) (kind byte, from node, body string, err error) {
	switch {
	case len(frame) < headSize:
		return 0, from, "", fmt.Errorf("%d bytes are no frame", len(frame))
	case frame[0] > version:
		return 0, from, "", errNewer
	case frame[0] < version:
		return 0, from, "", fmt.Errorf("version %d is no more", frame[0])
	}
	copy(from[:], frame[2:])
	return frame[1], from, frame[headSize:], nil
}

// signal is bus.Signal on the wire.
type signal struct {
	Kind         bus.SignalKind `json:"k"`
	Conversation string         `json:"c,omitempty"`
	Team         string         `json:"t,omitempty"`
	From         chat.From      `json:"f,omitzero"`
	Name         string         `json:"n,omitempty"`
	Status       string         `json:"s,omitempty"`
	Reason       string         `json:"r,omitempty"`
	Until        int64          `json:"u,omitempty"` // milliseconds
	Seq          int64          `json:"q,omitempty"`
}

// beat is what a node sends each second: what it hears of its own tells how long the way is.
type beat struct {
	At int64 `json:"t"` // nanoseconds since the node began
}

// encodeMessage writes a message. The whole fold goes along only where somebody is shown it: with what is held out to an
// agent on another node.
func encodeMessage(from node, m *bus.Message) ([]byte, error) {
	g := glance{message: m}
	for i := range m.Events {
		switch m.Events[i].Kind {
		case chat.KindOffered, chat.KindInvited:
			g.whole, g.attention = true, true
		case chat.KindRaised, chat.KindNudged, chat.KindErased:
			g.attention = true
		}
	}
	const sizeAt = headSize
	w := writer{b: append(head(make([]byte, 0, usualSize), aMessage, from), 0, 0)}
	writeFields(&w, &g, glanceFields)
	size := len(w.b) - sizeAt - 2
	if size > math.MaxUint16 {
		return nil, fmt.Errorf("%d bytes tell whose conversation %s is", size, m.Conversation)
	}
	binary.BigEndian.PutUint16(w.b[sizeAt:], uint16(size))
	writeFields(&w, &g, messageFields)
	return w.b, w.err
}

// usualSize has room for most messages, in bytes.
const usualSize = 1024

// decodeGlance reads the first part of a message; rest is the second.
func decodeGlance(body string) (g glance, rest string, err error) {
	if len(body) < 2 || len(body)-2 < int(body[0])<<8+int(body[1]) {
		return g, "", errors.New("a message that is cut off")
	}
	end := 2 + int(body[0])<<8 + int(body[1])
	g.message = &bus.Message{}
	if err := decode(body[2:end], &g, glanceFields); err != nil {
		return g, "", err
	}
	g.message.Next.ID = g.message.Conversation
	if g.message.Conversation == "" {
		return g, "", errors.New("a message about no conversation")
	}
	return g, body[end:], nil
}

// decodeMessage adds the second part.
func decodeMessage(g *glance, rest string) error {
	return decode(rest, g, messageFields)
}

// decode reads what is one object and nothing else.
func decode[T any](text string, v *T, fields func(coder, *T)) error {
	r := reader{rest: text}
	if readFields(&r, v, fields); r.rest != "" {
		r.fail("the end")
	}
	return r.err
}

func encodeSignal(from node, s *bus.Signal) ([]byte, error) {
	out := signal{s.Kind, s.Conversation, s.Team, s.From, s.Name, s.Status, s.Reason, 0, s.Seq}
	if !s.Until.IsZero() {
		out.Until = s.Until.UnixMilli()
	}
	return encode(aSignal, from, out)
}

func decodeSignal(body string) (bus.Signal, error) {
	var in signal
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return bus.Signal{}, err
	}
	s := bus.Signal{Kind: in.Kind, Conversation: in.Conversation, Team: in.Team, From: in.From, Name: in.Name, Status: in.Status, Reason: in.Reason, Seq: in.Seq}
	if in.Until != 0 {
		s.Until = time.UnixMilli(in.Until).UTC()
	}
	return s, nil
}

func encodeBeat(from node, since time.Duration) ([]byte, error) {
	return encode(aBeat, from, beat{int64(since)})
}

func decodeBeat(body string) (time.Duration, error) {
	var in beat
	err := json.Unmarshal([]byte(body), &in)
	return time.Duration(in.At), err
}

func encode(kind byte, from node, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append(head(make([]byte, 0, headSize+len(b)), kind, from), b...), nil
}
