package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// ErrToken is the error of a hello whose token is not good.
var ErrToken = chat.Errorf(chat.Forbidden, "the token is not good")

// ErrSite is the error of a hello to a site that there is not.
var ErrSite = chat.Errorf(chat.NotFound, "there is no such site")

// VisitorHello recognises a visitor by the token, with the conversations to be welcomed with, or makes a new one, who
// is stored before it returns. The token of a link that was sent to the visitor is as good as theirs while it lives, and
// with a token the site may be empty.
func (d *Desk) VisitorHello(ctx context.Context, site, token, language string, page *chat.Page) (wire.Greeted, []wire.View, error) {
	if site != "" || token == "" {
		if _, err := d.site(ctx, site); chat.KindOf(err) == chat.NotFound {
			return wire.Greeted{}, nil, ErrSite
		} else if err != nil {
			return wire.Greeted{}, nil, err
		}
	}
	g, recent, err := d.recognise(ctx, site, token, language)
	if err != nil {
		return g, nil, err
	}
	if page != nil {
		d.Page(g.Visitor, *page)
	}
	views, err := d.recentViews(ctx, recent)
	return g, views, err
}

func (d *Desk) recognise(ctx context.Context, site, token, language string) (wire.Greeted, []store.Recent, error) {
	now := d.now()
	if token == "" {
		token = d.newToken()
		v := store.Visitor{ID: d.newID(), Site: site, TokenHash: hashToken(token), Language: language, CreatedAt: now, SeenAt: now}
		if err := d.store.PutVisitor(ctx, v); err != nil {
			return wire.Greeted{Visitor: v.ID, Site: site, Token: token}, nil, err
		}
		d.conversations.greet(v)
		return wire.Greeted{Visitor: v.ID, Site: site, Token: token}, nil, nil
	}
	v, recent, err := d.store.VisitorByToken(ctx, hashToken(token), now)
	if chat.KindOf(err) == chat.NotFound || err == nil && site != "" && v.Site != site {
		return wire.Greeted{}, nil, ErrToken
	}
	if err != nil {
		return wire.Greeted{}, nil, err
	}
	if language != "" && language != v.Language {
		v.Language, v.SeenAt = language, now
		err = d.store.PutVisitor(ctx, v)
	} else if now.Sub(v.SeenAt) >= seenEvery {
		err = d.store.TouchVisitor(ctx, v.ID, now)
	}
	d.conversations.from.put(v.ID, origin{v.Site, v.Language, false})
	return wire.Greeted{Visitor: v.ID, Site: v.Site, Token: token}, recent, err
}

// seenEvery is how exactly it is known when a visitor was last seen. A connection that was lost for a moment costs no
// write, and ten thousand that come back together wait for no commit.
const seenEvery = 10 * time.Minute

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// maxVisitorPages is how many pages of a visit are kept.
const maxVisitorPages = 10

// Page says which page a visitor is on. The last ten are kept in memory, without their query strings.
func (d *Desk) Page(visitor string, p chat.Page) {
	p.URL, p.Referrer = withoutQuery(p.URL), withoutQuery(p.Referrer)
	pages, _ := d.pages.get(visitor)
	if n := len(pages); n > 0 && pages[n-1].URL == p.URL {
		pages = pages[:n-1]
	}
	if len(pages) == maxVisitorPages {
		pages = pages[1:]
	}
	d.pages.put(visitor, append(slices.Clip(pages), p))
}

func withoutQuery(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		return s[:i]
	}
	return s
}

// PageOf returns the page that a visitor is on, nil if it is not known.
func (d *Desk) PageOf(visitor string) *chat.Page {
	pages, _ := d.pages.get(visitor)
	if len(pages) == 0 {
		return nil
	}
	return &pages[len(pages)-1]
}

func (d *Desk) page(visitor string) string {
	p := d.PageOf(visitor)
	if p == nil {
		return ""
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return ""
	}
	return u.Path
}

// MarkRead says how far somebody has read, and shows it to the other side.
func (d *Desk) MarkRead(ctx context.Context, by staff.Principal, conversation string, seq int64) error {
	c, err := d.see(ctx, by, staff.See, conversation)
	if err != nil {
		return err
	}
	s := d.sender(by)
	head := c.AgentSeq
	if s.from.Role == chat.RoleVisitor {
		head = c.VisitorSeq
	} else if c.State != chat.WithAgent || c.Agent != s.from.ID {
		return nil // a colleague's look says nothing to the customer
	}
	seq = min(seq, head)
	if seq < 1 {
		return nil
	}
	if err := d.store.MarkRead(ctx, conversation, s.from.Role, seq); err != nil {
		return err
	}
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Read, Conversation: conversation, From: s.from, Name: s.name, Seq: seq})
	return nil
}

// Typing shows to the other side that somebody writes.
func (d *Desk) Typing(ctx context.Context, by staff.Principal, conversation string) error {
	if _, err := d.see(ctx, by, staff.Type, conversation); err != nil {
		return err
	}
	s := d.sender(by)
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Typing, Conversation: conversation, From: s.from, Name: s.name})
	return nil
}

// see returns a conversation if somebody may do this to it.
func (d *Desk) see(ctx context.Context, by staff.Principal, verb staff.Verb, conversation string) (chat.Conversation, error) {
	k, err := d.load(ctx, conversation)
	if err != nil {
		return chat.Conversation{}, err
	}
	if kind := staff.Can(by, verb, d.object(k.Conversation, d.teamOf(ctx, k.Site))); kind != "" {
		return chat.Conversation{}, chat.Errorf(kind, "%s conversation %s", verb, conversation)
	}
	return k.Conversation, nil
}

// Conversation returns a conversation that somebody may see.
func (d *Desk) Conversation(ctx context.Context, by staff.Principal, id string) (chat.Conversation, error) {
	return d.see(ctx, by, staff.See, id)
}

// Events returns what an audience sees of a conversation after a position, at most limit.
func (d *Desk) Events(ctx context.Context, conversation string, audience store.Audience, after int64, limit int) ([]chat.Event, error) {
	return d.store.EventsAfter(ctx, conversation, audience, after, limit)
}
