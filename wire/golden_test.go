package wire

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/chat"
)

// The golden files are the protocol as both languages test it. `go test ./wire -update` writes them anew; what changes
// in a file that was released may only be an addition.
var update = flag.Bool("update", false, "write the golden files anew")

const (
	conv1    = "0192f1c2-77aa-7bbb-8ccc-000000000001"
	conv2    = "0192f1c2-77aa-7bbb-8ccc-000000000002"
	visitor1 = "0192f1c2-77aa-7bbb-8ccc-00000000000a"
	aino     = "0192f1c2-77aa-7bbb-8ccc-0000000000a1"
	ville    = "0192f1c2-77aa-7bbb-8ccc-0000000000a2"
	key1     = "0192f1c2-77aa-7bbb-8ccc-0000000000f1"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 250_000_000, time.UTC)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; `go test ./wire -update` writes it", err)
	}
	if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(got)); diff != "" {
		t.Errorf("%s is not what is written (-golden +got):\n%s", path, diff)
	}
	if !json.Valid(got) {
		t.Errorf("%s is not JSON: %s", name, got)
	}
}

// clientFrames are the frames of clients, each as its golden file has it.
func clientFrames() map[string]struct {
	from  chat.Role
	frame Frame
} {
	type sent = struct {
		from  chat.Role
		frame Frame
	}
	visitor := func(f Frame) sent { return sent{chat.RoleVisitor, f} }
	agent := func(f Frame) sent { return sent{chat.RoleAgent, f} }
	command := func(t Type, c chat.Command) Frame {
		return Frame{Type: t, Key: key1, Conversation: conv1, Command: c}
	}
	fenced := func(t Type, c chat.Command) Frame {
		f := command(t, c)
		f.Fence = 31
		return f
	}
	page := &chat.Page{URL: "https://kahvila.example/pavut?lajike=\u00e4\u00e4ni", Title: "Pavut \u2014 Kahvila Kohta", Referrer: ""}
	return map[string]sent{
		"visitor.hello":         visitor(Frame{Type: Hello, Hello: &Greeting{Site: "demo", Token: "tok-1", Language: "fi", Page: page, Since: map[string]int64{conv1: 12}}}),
		"visitor.hello.new":     visitor(Frame{Type: Hello, Hello: &Greeting{Site: "demo", Since: map[string]int64{}}}),
		"visitor.hello.link":    visitor(Frame{Type: Hello, Hello: &Greeting{Link: "lnk-1", Language: "sv", Since: map[string]int64{}}}),
		"visitor.post":          visitor(command(Post, chat.Post{Text: "Moi! Koska mun tilaus 10234 tulee? \U0001f642\n\"kiitos\" \\o/"})),
		"visitor.post.first":    visitor(Frame{Type: Post, Key: key1, Command: chat.Post{Text: "Hej, var \u00e4r mitt paket?"}}),
		"visitor.choose":        visitor(command(Choose, chat.Choose{Seq: 7, Option: "track_order"})),
		"visitor.ask_human":     visitor(Frame{Type: AskHuman, Key: key1, Command: chat.AskHuman{}}),
		"visitor.submit":        visitor(command(Submit, chat.Submit{Seq: 9, Fields: map[string]string{"email": "aino@example.fi", "order": "10234"}})),
		"visitor.rate":          visitor(command(Rate, chat.Rate{Survey: "csat", Score: 5, Comment: "Nopeaa ja yst\u00e4v\u00e4llist\u00e4."})),
		"visitor.end":           visitor(command(End, chat.End{})),
		"visitor.typing":        visitor(Frame{Type: Typing, Conversation: conv1}),
		"visitor.read":          visitor(Frame{Type: Read, Conversation: conv1, Seq: 12}),
		"visitor.sync":          visitor(Frame{Type: Sync, Conversation: conv1, Seq: 12}),
		"visitor.page":          visitor(Frame{Type: Page, Page: page}),
		"visitor.ping":          visitor(Frame{Type: Ping}),
		"agent.hello":           agent(Frame{Type: Hello, Hello: &Greeting{Since: map[string]int64{conv1: 31, conv2: 0}}}),
		"agent.presence":        agent(Frame{Type: Presence, Status: "online"}),
		"agent.presence.reason": agent(Frame{Type: Presence, Status: "away", Reason: "Lounas"}),
		"agent.presence.busy":   agent(Frame{Type: Presence, Status: "busy"}),
		"agent.watch":           agent(Frame{Type: Watch, Conversation: conv1}),
		"agent.unwatch":         agent(Frame{Type: Unwatch, Conversation: conv1}),
		"agent.take":            agent(command(Take, chat.Take{})),
		"agent.take.next":       agent(Frame{Type: Take, Key: key1, Command: chat.Take{}}),
		"agent.invite":          agent(fenced(Invite, chat.Invite{Agent: ville, Note: "Katsotko laskua?"})),
		"agent.leave":           agent(command(Leave, chat.Leave{})),
		"agent.accept":          agent(command(Accept, chat.Accept{})),
		"agent.decline":         agent(command(Decline, chat.Decline{Reason: "busy"})),
		"agent.post":            agent(fenced(Post, chat.Post{Text: "Hei! Paketti on jo matkalla."})),
		"agent.note":            agent(fenced(Note, chat.Note{Text: "Soitettu varastolle."})),
		"agent.transfer":        agent(fenced(Transfer, chat.Transfer{Team: "billing", Note: "Hyvitys auki"})),
		"agent.transfer.to":     agent(fenced(Transfer, chat.Transfer{Team: "billing", Agent: ville, Note: ""})),
		"agent.release":         agent(fenced(Release, chat.Release{})),
		"agent.to_bot":          agent(fenced(ToBot, chat.ToBot{})),
		"agent.resolve":         agent(fenced(Resolve, chat.Resolve{})),
		"agent.snooze":          agent(fenced(Snooze, chat.Snooze{Until: noon})),
		"agent.typing":          agent(Frame{Type: Typing, Conversation: conv1}),
		"agent.read":            agent(Frame{Type: Read, Conversation: conv1, Seq: 40}),
		"agent.sync":            agent(Frame{Type: Sync, Conversation: conv1, Seq: 31}),
		"agent.ping":            agent(Frame{Type: Ping}),
	}
}

func TestClientFrames(t *testing.T) {
	for name, c := range clientFrames() {
		t.Run(name, func(t *testing.T) {
			encoded := AppendFrame(nil, c.from, &c.frame)
			golden(t, name, encoded)
			got, err := Decode(encoded, c.from)
			if err != nil {
				t.Fatalf("decode: %v", err)
			}
			if diff := cmp.Diff(c.frame, got); diff != "" {
				t.Errorf("decoded is not what was encoded (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServerFrames(t *testing.T) {
	for name, frame := range serverFrames() {
		t.Run(name, func(t *testing.T) {
			golden(t, name, frame)
			if _, err := DecodeServer(frame); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEveryGoldenFileIsTested keeps files of frames that are no more from lying about.
func TestEveryGoldenFileIsTested(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	clients, server := clientFrames(), serverFrames()
	for _, file := range files {
		name := filepath.Base(file[:len(file)-len(".json")])
		_, client := clients[name]
		_, mine := server[name]
		if !client && !mine && name != "bad" {
			t.Errorf("%s belongs to no test", file)
		}
	}
}
