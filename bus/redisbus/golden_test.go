package redisbus

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

var update = flag.Bool("update", false, "write the golden files anew: for a new version of the frames alone")

const goldenFrames = "testdata/frames-1.json"

// golden is a frame as the first nodes of this version wrote it, and what they meant by it.
type golden struct {
	Frame []byte `json:"frame"`
	Reads any    `json:"reads"`
}

// TestFramesOfEarlierNodes holds both ways of an update: what nodes of this version wrote on its first day is read as it was
// meant, and what is written of it today has everything in the same place, so that those nodes read it. More may be there.
func TestFramesOfEarlierNodes(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	text, err := os.ReadFile(goldenFrames)
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(text, &all); err != nil || len(all) != 4 {
		t.Fatalf("%d frames: %v", len(all), err)
	}
	for _, g := range all {
		kind, from, body, err := split(string(g.Frame))
		if err != nil || from != (node{1}) {
			t.Fatalf("from %x: %v", from, err)
		}
		var reads any
		var again []byte
		if kind == aSignal {
			s, err := decodeSignal(body)
			if err != nil {
				t.Fatal(err)
			}
			reads = s
			again, err = encodeSignal(from, &s)
			if err != nil {
				t.Fatal(err)
			}
		} else {
			first, rest, err := decodeGlance(body)
			if err == nil {
				err = decodeMessage(&first, rest)
			}
			if err != nil {
				t.Fatal(err)
			}
			reads = first.message
			if again, err = encodeMessage(from, first.message); err != nil {
				t.Fatal(err)
			}
		}
		lacks(t, "what is read", g.Reads, parsed(t, reads))
		was, is := parts(t, string(g.Frame)), parts(t, string(again))
		if len(was) != len(is) || g.Frame[0] != again[0] || g.Frame[1] != again[1] {
			t.Errorf("a frame of version %d and kind %c in %d parts is one of version %d and kind %c in %d", g.Frame[0], g.Frame[1], len(was), again[0], again[1], len(is))
			continue
		}
		for i := range was {
			lacks(t, "what is written", was[i], is[i])
		}
	}
}

// parts are the JSON texts of a frame.
func parts(t *testing.T, frame string) (all []any) {
	t.Helper()
	kind, _, body, err := split(frame)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{body}
	if kind == aMessage {
		size := int(body[0])<<8 + int(body[1])
		texts = []string{body[2 : 2+size], body[2+size:]}
	}
	for _, text := range texts {
		all = append(all, parsed(t, json.RawMessage(text)))
	}
	return all
}

func parsed(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// lacks reports what was there and is not, or is something else. What is new is nobody's concern.
func lacks(t *testing.T, where string, was, is any) {
	t.Helper()
	switch was := was.(type) {
	case map[string]any:
		is, _ := is.(map[string]any)
		for key, v := range was {
			lacks(t, where+" "+key, v, is[key])
		}
	case []any:
		is, _ := is.([]any)
		if len(is) != len(was) {
			t.Errorf("%s: %d entries are %d", where, len(was), len(is))
			return
		}
		for i, v := range was {
			lacks(t, where, v, is[i])
		}
	default:
		if !reflect.DeepEqual(was, is) {
			t.Errorf("%s: %v is %v", where, was, is)
		}
	}
}

func writeGolden(t *testing.T) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var all []golden
	for _, kind := range []chat.Kind{chat.KindMessage, chat.KindOffered, chat.KindErased} {
		m := filled[bus.Message](r)
		m.Next.ID, m.Events[0].Kind = m.Conversation, kind
		frame, err := encodeMessage(node{1}, &m)
		if err != nil {
			t.Fatal(err)
		}
		g, rest, err := decodeGlance(string(frame[headSize:]))
		if err == nil {
			err = decodeMessage(&g, rest)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, golden{frame, g.message})
	}
	s := filled[bus.Signal](r)
	frame, err := encodeSignal(node{1}, &s)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(append(all, golden{frame, s}), "", "\t")
	if err == nil {
		err = os.MkdirAll("testdata", 0o755)
	}
	if err == nil {
		err = os.WriteFile(goldenFrames, append(text, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
