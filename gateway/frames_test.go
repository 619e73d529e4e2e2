package gateway_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// samples are frames of every type that are right in all but, perhaps, what they are about: C is the conversation.
var samples = map[string]string{
	"hello":     `"site":"support"`,
	"post":      `"key":"K","conversation":"C","text":"Hei"`,
	"typing":    `"conversation":"C"`,
	"read":      `"conversation":"C","seq":1`,
	"sync":      `"conversation":"C","after":0`,
	"ping":      `"x":1`,
	"choose":    `"key":"K","conversation":"C","seq":1,"option":"yes"`,
	"ask_human": `"key":"K","conversation":"C"`,
	"submit":    `"key":"K","conversation":"C","seq":1,"fields":{"a":"b"}`,
	"rate":      `"key":"K","conversation":"C","survey":"csat","score":5`,
	"end":       `"key":"K","conversation":"C"`,
	"page":      `"page":{"url":"https://shop.example/","title":"Kauppa"}`,
	"presence":  `"status":"online"`,
	"watch":     `"conversation":"C","after":0`,
	"unwatch":   `"conversation":"C"`,
	"take":      `"key":"K","conversation":"C"`,
	"accept":    `"key":"K","conversation":"C"`,
	"decline":   `"key":"K","conversation":"C"`,
	"invite":    `"key":"K","conversation":"C","agent":"COLLEAGUE","note":"Katsotko?"`,
	"leave":     `"key":"K","conversation":"C"`,
	"note":      `"key":"K","conversation":"C","text":"Muista"`,
	"transfer":  `"key":"K","conversation":"C","team":"billing"`,
	"release":   `"key":"K","conversation":"C"`,
	"to_bot":    `"key":"K","conversation":"C"`,
	"resolve":   `"key":"K","conversation":"C"`,
	"snooze":    `"key":"K","conversation":"C","until":"UNTIL"`,
}

// frameTypes reads the types of frames out of package wire, so that none is missed.
func frameTypes(t *testing.T) (types []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../wire/frames.go", nil, 0)
	must(t, err)
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Type" {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			must(t, err)
			types = append(types, name)
		}
		return true
	})
	return types
}

// speaker is somebody who sends frames and reads what comes back, frame by frame.
type speaker struct {
	*wireclient.Client
	t    *testing.T
	came chan wire.Received
}

func (m *matrix) connect(server *httptest.Server, path string, o wireclient.Options) *speaker {
	m.t.Helper()
	s := &speaker{t: m.t, came: make(chan wire.Received, 10_000)}
	o.URL = strings.Replace(server.URL, "http", "ws", 1) + path
	o.OnFrame = func(_ *wireclient.Client, frame []byte) {
		if r, err := wire.DecodeServer(frame); err == nil {
			s.came <- r
		}
	}
	c, err := wireclient.Dial(m.ctx, o, &sync.Pool{})
	must(m.t, err)
	s.Client = c
	m.t.Cleanup(c.Close)
	return s
}

// next returns the next frame that is wanted.
func (s *speaker) next(wanted func(wire.Received) bool) wire.Received {
	s.t.Helper()
	for late := time.After(20 * time.Second); ; {
		select {
		case r := <-s.came:
			if wanted(r) {
				return r
			}
		case <-s.Ended():
			s.t.Fatalf("closed with %d", s.CloseCode())
		case <-late:
			s.t.Fatal("nothing came")
		}
	}
}

// says sends a frame and returns its ack or the code of its error, "fine" where there is neither. A question about
// nothing is sent behind it: when that is answered, the frame before has been.
func (s *speaker) says(frame string) string {
	s.t.Helper()
	must(s.t, s.SendRaw(1, []byte(frame)))
	nothing := uuid.NewString()
	must(s.t, s.SendRaw(1, fmt.Appendf(nil, `{"type":"sync","conversation":%q,"after":0}`, nothing)))
	answer := "fine"
	s.next(func(r wire.Received) bool {
		if r.Type == "error" && r.Conversation == nothing {
			return true
		}
		switch r.Type {
		case "ack":
			answer = "ack"
		case "error":
			answer = r.Code
		}
		return false
	})
	return answer
}

// TestMatrixOfFrames sends every frame as a visitor and as agents of every role.
func TestMatrixOfFrames(t *testing.T) {
	m := newMatrix(t)
	server := httptest.NewServer(m.gateway.Handler())
	defer server.Close()
	visitor := m.connect(server, "/ws/visitor", wireclient.Options{Role: chat.RoleVisitor, Hello: wire.Greeting{Site: "support"}})
	me := visitor.next(func(r wire.Received) bool { return r.Type == "welcome" }).Visitor
	agents := map[string]*speaker{}
	for _, name := range []string{"agent", "elsewhere", "supervisor", "administrator"} {
		header := wireclient.AgentHeader(server.URL, &http.Cookie{Name: session.LoopbackName, Value: name})
		agents[name] = m.connect(server, "/ws/agent", wireclient.Options{Role: chat.RoleAgent, Header: header})
	}
	types := frameTypes(t)
	if len(types) != len(samples) {
		t.Errorf("%d types of frames, %d samples", len(types), len(samples))
	}
	for _, typ := range types {
		fields, ok := samples[typ]
		if !ok {
			t.Errorf("%s has no row", typ)
		}
		fmt.Fprintf(&m.text, "\n# %s\n", typ)
		frame := func(conversation string) string {
			return strings.NewReplacer(`"K"`, `"`+uuid.NewString()+`"`, `"C"`, `"`+conversation+`"`,
				"COLLEAGUE", agentID("colleague"), "UNTIL", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)).Replace(`{"type":"` + typ + `",` + fields + `}`)
		}
		own, strangers := map[string][]string{}, map[string][]string{}
		for n, c := range conversations {
			_, id := m.make(n, "")
			answer := visitor.says(frame(id))
			strangers[answer] = append(strangers[answer], c.kind)
			if c.kind == "erased" || c.kind == "none" || c.site != "support" {
				continue
			}
			_, id = m.make(n, me)
			answer = visitor.says(frame(id))
			own[answer] = append(own[answer], c.kind)
			visitor.says(fmt.Sprintf(`{"type":"end","key":%q,"conversation":%q}`, uuid.NewString(), id))
		}
		m.row("its visitor", own)
		m.row("a stranger", strangers)
		for _, name := range slices.Sorted(maps.Keys(agents)) {
			answers := map[string][]string{}
			for n, c := range conversations {
				_, id := m.make(n, "")
				answer := agents[name].says(frame(id))
				answers[answer] = append(answers[answer], c.kind)
			}
			m.row(name, answers)
		}
	}
	m.golden("testdata/frames.golden")
}
