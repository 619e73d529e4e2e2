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
func split(frame string) (kind byte, from node, body []byte, err error) {
	switch {
	case len(frame) < headSize:
		return 0, from, nil, fmt.Errorf("%d bytes are no frame", len(frame))
	case frame[0] > version:
		return 0, from, nil, errNewer
	case frame[0] < version:
		return 0, from, nil, fmt.Errorf("version %d is no more", frame[0])
	}
	copy(from[:], frame[2:])
	return frame[1], from, []byte(frame[headSize:]), nil
}

// glance is the first part of a message.
type glance struct {
	Conversation string `json:"c"`
	Next         next   `json:"n"`
	Attention    bool   `json:"x,omitempty"` // of those who look after all teams
}

// message is the second.
type message struct {
	Events []event            `json:"e,omitempty"`
	Whole  *chat.Conversation `json:"w,omitempty"` // in the place of Next
}

// next is what of the fold every node needs: whose conversation it is, and how far it came.
type next struct {
	Site       string     `json:"si,omitempty"`
	Visitor    string     `json:"v,omitempty"`
	Language   string     `json:"l,omitempty"`
	State      chat.State `json:"s,omitempty"`
	Pos        int64      `json:"p"`
	AgentSeq   int64      `json:"as,omitempty"`
	VisitorSeq int64      `json:"vs,omitempty"`
	Team       string     `json:"t,omitempty"`
	Agent      string     `json:"a,omitempty"`
	Fence      int64      `json:"f,omitempty"`
	Invited    []string   `json:"i,omitempty"`
	Raised     bool       `json:"r,omitempty"`
	Owed       bool       `json:"o,omitempty"` // CustomerLast
}

// event is chat.Event on the wire.
type event struct {
	Pos        int64         `json:"p"`
	AgentSeq   int64         `json:"as,omitempty"`
	VisitorSeq int64         `json:"vs,omitempty"`
	At         int64         `json:"t"` // milliseconds
	Kind       chat.Kind     `json:"k"`
	From       chat.From     `json:"f,omitzero"`
	Key        string        `json:"y,omitempty"`
	Detail     chat.Detail   `json:"d,omitzero"`
	Contents   chat.Contents `json:"c,omitzero"`
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
	c := &m.Next
	first := glance{Conversation: m.Conversation, Next: next{c.Site, c.Visitor, c.Language, c.State, c.Pos, c.AgentSeq, c.VisitorSeq,
		c.Team, c.Agent, c.Fence, c.Invited, c.Raised, c.CustomerLast}}
	second := message{Events: make([]event, len(m.Events))}
	for i := range m.Events {
		e := &m.Events[i]
		second.Events[i] = event{e.Pos, e.AgentSeq, e.VisitorSeq, e.At.UnixMilli(), e.Kind, e.From, e.Key, e.Detail, e.Contents}
		switch e.Kind {
		case chat.KindOffered, chat.KindInvited:
			second.Whole, first.Attention = c, true
		case chat.KindRaised, chat.KindNudged, chat.KindErased:
			first.Attention = true
		}
	}
	a, err := json.Marshal(first)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(second)
	if err != nil {
		return nil, err
	}
	if len(a) > math.MaxUint16 {
		return nil, fmt.Errorf("%d bytes tell whose conversation %s is", len(a), m.Conversation)
	}
	frame := head(make([]byte, 0, headSize+2+len(a)+len(b)), aMessage, from)
	return append(append(binary.BigEndian.AppendUint16(frame, uint16(len(a))), a...), b...), nil
}

// decodeGlance reads the first part of a message; rest is the second.
func decodeGlance(body []byte) (m bus.Message, attention bool, rest []byte, err error) {
	if len(body) < 2 || len(body)-2 < int(binary.BigEndian.Uint16(body)) {
		return m, false, nil, errors.New("a message that is cut off")
	}
	end := 2 + int(binary.BigEndian.Uint16(body))
	var in glance
	if err := json.Unmarshal(body[2:end], &in); err != nil {
		return m, false, nil, err
	}
	if in.Conversation == "" {
		return m, false, nil, errors.New("a message about no conversation")
	}
	n := &in.Next
	m.Conversation = in.Conversation
	m.Next = chat.Conversation{
		ID: in.Conversation, Site: n.Site, Visitor: n.Visitor, Language: n.Language, State: n.State, Pos: n.Pos, AgentSeq: n.AgentSeq,
		VisitorSeq: n.VisitorSeq, Team: n.Team, Agent: n.Agent, Fence: n.Fence, Invited: n.Invited, Raised: n.Raised, CustomerLast: n.Owed,
	}
	return m, in.Attention, body[end:], nil
}

// decodeMessage adds the second part.
func decodeMessage(m *bus.Message, rest []byte) error {
	var in message
	if err := json.Unmarshal(rest, &in); err != nil {
		return err
	}
	if in.Whole != nil {
		m.Next = *in.Whole
	}
	m.Events = make([]chat.Event, len(in.Events))
	for i := range in.Events {
		e := &in.Events[i]
		m.Events[i] = chat.Event{Pos: e.Pos, AgentSeq: e.AgentSeq, VisitorSeq: e.VisitorSeq, At: time.UnixMilli(e.At).UTC(),
			Kind: e.Kind, From: e.From, Key: e.Key, Detail: e.Detail, Contents: e.Contents}
	}
	return nil
}

func encodeSignal(from node, s *bus.Signal) ([]byte, error) {
	out := signal{s.Kind, s.Conversation, s.Team, s.From, s.Name, s.Status, s.Reason, 0, s.Seq}
	if !s.Until.IsZero() {
		out.Until = s.Until.UnixMilli()
	}
	return encode(aSignal, from, out)
}

func decodeSignal(body []byte) (bus.Signal, error) {
	var in signal
	if err := json.Unmarshal(body, &in); err != nil {
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

func decodeBeat(body []byte) (time.Duration, error) {
	var in beat
	err := json.Unmarshal(body, &in)
	return time.Duration(in.At), err
}

func encode(kind byte, from node, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append(head(make([]byte, 0, headSize+len(b)), kind, from), b...), nil
}
