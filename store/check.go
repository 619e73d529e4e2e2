package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// Check tells whether an Append agrees with itself; its error has the kind invalid. Every implementation begins with
// it, so a log cannot get a hole from a step that was put together wrongly.
func (a Append) Check() error {
	switch {
	case a.Next.ID == "":
		return chat.Errorf(chat.Invalid, "append: the conversation has no id")
	case a.Pos < 0 || a.Next.Pos < 1 || a.Next.Pos != a.Pos+int64(len(a.Events)):
		return chat.Errorf(chat.Invalid, "append to %s: %d events lead from %d to %d", a.Next.ID, len(a.Events), a.Pos, a.Next.Pos)
	case len(a.Events) == 0 && len(a.Keys) == 0:
		return chat.Errorf(chat.Invalid, "append to %s: neither events nor keys", a.Next.ID)
	case a.At.IsZero():
		return chat.Errorf(chat.Invalid, "append to %s: no time", a.Next.ID)
	}
	for i, e := range a.Events {
		if e.Pos != a.Pos+int64(i)+1 || e.AgentSeq > e.Pos || e.VisitorSeq > e.Pos {
			return chat.Errorf(chat.Invalid, "append to %s: event %d has position %d", a.Next.ID, i, e.Pos)
		}
	}
	for i, k := range a.Keys {
		if k.Sender == "" || k.Key == "" {
			return chat.Errorf(chat.Invalid, "append to %s: a key without sender or name", a.Next.ID)
		}
		for _, other := range a.Keys[:i] {
			if k.Sender == other.Sender && k.Key == other.Key {
				return chat.Errorf(chat.Invalid, "append to %s: key %s twice", a.Next.ID, k.Key)
			}
		}
	}
	return nil
}

// Check tells whether a page asks for something that can be given; its error has the kind invalid.
func (p Page) Check() error { return CheckLimit(p.Limit) }

// CheckLimit tells whether a limit is from 1 to MaxPage; its error has the kind invalid.
func CheckLimit(limit int) error {
	if limit < 1 || limit > MaxPage {
		return chat.Errorf(chat.Invalid, "a limit of %d is not from 1 to %d", limit, MaxPage)
	}
	return nil
}

// LatestCursor is the cursor that Conversations.LatestOf gives out after a conversation. Cursors have one length, so
// they sort as the conversations do.
func LatestCursor(opened time.Time, id string) string {
	return fmt.Sprintf("%015d.%s", opened.UnixMilli(), id)
}

// ReadLatestCursor takes a cursor of LatestCursor apart; its error has the kind invalid.
func ReadLatestCursor(cursor string) (opened time.Time, id string, err error) {
	ms, id, ok := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return time.Time{}, "", chat.Errorf(chat.Invalid, "not a cursor of this list")
	}
	return time.UnixMilli(n).UTC(), id, nil
}

// FoldEmail is an e-mail address as it is compared: without surrounding space, in lower case.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
