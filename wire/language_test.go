package wire

import (
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
)

// The customer's page learns in which language the conversation goes on, so that what is read aloud is read in it.
func TestAMessageSaysTheLanguageToGoOnIn(t *testing.T) {
	e := chat.Event{Pos: 2, AgentSeq: 2, VisitorSeq: 2, Kind: chat.KindMessage, From: chat.From{Role: chat.RoleBot}, Detail: chat.Detail{Language: "en"}, Contents: chat.Contents{Text: "Hello."}}
	if frame := string(AppendEvent(nil, ToVisitor, "c", &e, "Kohta")); !strings.Contains(frame, `"language":"en"`) {
		t.Errorf("the visitor is sent %s", frame)
	}
	e.Detail.Language = ""
	if frame := string(AppendEvent(nil, ToVisitor, "c", &e, "Kohta")); strings.Contains(frame, "language") {
		t.Errorf("where nothing changes the visitor is sent %s", frame)
	}
}
