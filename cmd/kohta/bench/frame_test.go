package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/wire"
)

// TestGlimpse reads every golden frame of the desk's as a full decoder does.
func TestGlimpse(t *testing.T) {
	files, err := filepath.Glob("../../../wire/testdata/to_*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d golden frames, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			frame, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := wire.DecodeServer(frame)
			if err != nil {
				t.Fatal(err)
			}
			var g glimpse
			if !g.read(frame) {
				t.Fatal("not read")
			}
			for _, of := range []struct{ name, got, want string }{
				{"type", string(g.typ), want.Type}, {"kind", string(g.kind), want.Kind}, {"key", string(g.key), want.Key},
				{"conversation", string(g.conversation), want.Conversation}, {"role", string(g.role), want.From.Role},
				{"code", string(g.code), want.Code},
			} {
				if of.got != of.want {
					t.Errorf("%s %q, want %q", of.name, of.got, of.want)
				}
			}
			if g.seq != want.Seq || g.head != want.Head {
				t.Errorf("seq %d, head %d; want %d, %d", g.seq, g.head, want.Seq, want.Head)
			}
			for n := range len(strings.TrimSpace(string(frame))) {
				if g.read(frame[:n]) {
					t.Errorf("the first %d bytes are taken for a frame", n)
				}
			}
		})
	}
}

func TestGlimpseHasNoOrder(t *testing.T) {
	var g glimpse
	frame := ` { "from" : { "id":"}\"{", "role" : "bot" } , "text":"\\\"seq\":9", "seq" : 12 , "x":[1,{"seq":3}], "type":"event" } `
	if !g.read([]byte(frame)) || g.seq != 12 || string(g.role) != "bot" || string(g.typ) != "event" {
		t.Errorf("%+v", g)
	}
	for _, bad := range []string{"", "[]", "1", "{", `{"type"}`, `{"type":}`, `{"type":"a`, `{type:1}`, `{"a":1}`} {
		if g.read([]byte(bad)) {
			t.Errorf("%q is taken for a frame", bad)
		}
	}
}

func BenchmarkGlimpse(b *testing.B) {
	frame, err := os.ReadFile("../../../wire/testdata/to_agent.event.message.json")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("glimpse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var g glimpse
			if !g.read(frame) {
				b.Fatal("not read")
			}
		}
	})
	b.Run("glance", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := wire.Glance(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
}
