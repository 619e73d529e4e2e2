package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Export writes all that is kept of a visitor as one JSON object: who they are, and each of their conversations,
// latest first, with its whole log, and the links that were sent to them. act goes to the audit before a word goes out.
// Not found, with nothing written: there never was such a visitor.
func (d *Desk) Export(ctx context.Context, visitor string, act store.Act, w io.Writer) error {
	return Export(ctx, d.store, visitor, act, w)
}

// Export is Desk.Export on a store, whether a desk serves it or not.
func Export(ctx context.Context, s store.Store, visitor string, act store.Act, w io.Writer) error {
	v, err := s.Visitor(ctx, visitor)
	if err != nil {
		return err
	}
	stopped, err := stoppedAt(ctx, s, visitor)
	if err != nil {
		return fmt.Errorf("export visitor: %w", err)
	}
	links, err := exportedLinks(ctx, s, visitor)
	if err == nil {
		err = s.RecordActs(ctx, act)
	}
	if err != nil {
		return fmt.Errorf("export visitor: %w", err)
	}
	e := exporter{store: s, w: w}
	e.write(`{"exported_at":`, act.At.UTC(), `,"visitor":`, exportedVisitor{
		ID: v.ID, Site: v.Site, Name: v.Name, Language: v.Language, CreatedAt: v.CreatedAt, SeenAt: v.SeenAt, Erased: v.Erased,
		LettersStoppedAt: stopped,
	}, `,"links":`, links, `,"conversations":[`)
	e.conversations(ctx, visitor)
	e.write("]}\n")
	if e.err != nil {
		return fmt.Errorf("export visitor: %w", e.err)
	}
	return nil
}

type exportedVisitor struct {
	ID        string    `json:"id"`
	Site      string    `json:"site"`
	Name      string    `json:"name"`
	Language  string    `json:"language"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	Erased    bool      `json:"erased"`

	LettersStoppedAt time.Time `json:"letters_stopped_at,omitzero"`
}

// exportedLink is a link that was sent to the visitor; its token is known to them alone.
type exportedLink struct {
	Conversation string    `json:"conversation"`
	CreatedAt    time.Time `json:"created_at"`
	ExpiresAt    time.Time `json:"expires_at"`
	RevokedAt    time.Time `json:"revoked_at,omitzero"`
}

func exportedLinks(ctx context.Context, s store.Store, visitor string) ([]exportedLink, error) {
	links, err := s.LinksOf(ctx, visitor)
	list := []exportedLink{}
	for _, l := range links {
		list = append(list, exportedLink{l.Conversation, l.CreatedAt, l.ExpiresAt, l.RevokedAt})
	}
	return list, err
}

type exportedEvent struct {
	Pos      int64         `json:"pos"`
	At       time.Time     `json:"at"`
	Kind     chat.Kind     `json:"kind"`
	From     chat.From     `json:"from"`
	Detail   chat.Detail   `json:"detail,omitzero"`
	Contents chat.Contents `json:"contents,omitzero"`
}

// exporter writes a part at a time, so that a long history is never in memory as a whole. It keeps the first error.
type exporter struct {
	store store.Store
	w     io.Writer
	err   error
}

// write writes texts as they are, and everything else as JSON.
func (e *exporter) write(parts ...any) {
	for _, part := range parts {
		if e.err != nil {
			return
		}
		text, ok := part.(string)
		if !ok {
			var b []byte
			b, e.err = json.Marshal(part)
			text = string(b)
		}
		if e.err == nil {
			_, e.err = io.WriteString(e.w, text)
		}
	}
}

// exportAtOnce is how many conversations, and how many events, are in memory.
const exportAtOnce = 100

func (e *exporter) conversations(ctx context.Context, visitor string) {
	comma := ""
	for page := (store.Page{Limit: exportAtOnce}); e.err == nil; {
		list, next, err := e.store.LatestOf(ctx, visitor, page)
		if err != nil {
			e.err = err
			return
		}
		for _, c := range list {
			e.write(comma, `{"conversation":`, c, `,"events":[`)
			e.events(ctx, c)
			e.write("]}")
			comma = ",\n"
		}
		if next == "" {
			return
		}
		page.After = next
	}
}

func (e *exporter) events(ctx context.Context, c chat.Conversation) {
	for after := int64(0); after < c.Pos && e.err == nil; {
		list, err := e.store.EventsAfter(ctx, c.ID, store.ForLog, after, exportAtOnce)
		if err != nil || len(list) == 0 {
			e.err = err
			return
		}
		for _, event := range list {
			if event.Pos > 1 {
				e.write(",\n")
			}
			e.write(exportedEvent{event.Pos, event.At, event.Kind, event.From, event.Detail, event.Contents})
			after = event.Pos
		}
	}
}
