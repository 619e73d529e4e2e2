package sqlstore

import (
	"encoding/json"
	"fmt"

	"github.com/kohta/kohta/chat"
)

// What is stored of a conversation and of an event is JSON in two columns: one for what happened, one for contents,
// which is what people said or are called. Erasing empties the second, and what is left still folds and still decides
// the same. So each value is taken apart here, and put together again.

// foldContents are the contents of a conversation's fold.
type foldContents struct {
	Lines  []chat.Line       `json:"lines,omitempty"`
	Quotes []string          `json:"quotes,omitempty"` // of Feelings, by their place
	Holds  string            `json:"holds,omitempty"`  // the quote of Feeling
	Fields map[string]string `json:"fields,omitempty"`
	Names  map[string]string `json:"names,omitempty"`
	Memory chat.Memory       `json:"memory,omitempty"`
	Baton  *chat.Baton       `json:"baton,omitempty"`
	Quote  string            `json:"quote,omitempty"`
	About  string            `json:"about,omitempty"`
	URL    string            `json:"url,omitempty"` // of the action under way, as is its body
	Body   string            `json:"body,omitempty"`
}

// encodeFold takes a fold apart.
func encodeFold(c chat.Conversation) (fold, contents string, err error) {
	k := foldContents{Lines: c.Lines, Holds: c.Feeling.Quote, Fields: c.Fields, Names: c.Names, Memory: c.Memory,
		Baton: c.Baton, Quote: c.Quote, About: c.About}
	c.Lines, c.Feeling.Quote, c.Fields, c.Names, c.Memory, c.Baton, c.Quote, c.About = nil, "", nil, nil, nil, nil, "", ""
	if len(c.Feelings) > 0 {
		marks := make([]chat.FeelingMark, len(c.Feelings))
		k.Quotes = make([]string, len(c.Feelings))
		for i, mark := range c.Feelings {
			k.Quotes[i], mark.Quote = mark.Quote, ""
			marks[i] = mark
		}
		c.Feelings = marks
	}
	if c.Action != nil {
		action := *c.Action
		k.URL, k.Body = action.URL, action.Body
		action.URL, action.Body = "", ""
		c.Action = &action
	}
	if fold, err = encode(c); err != nil {
		return "", "", fmt.Errorf("encode conversation %s: %w", c.ID, err)
	}
	if contents, err = encode(k); err != nil {
		return "", "", fmt.Errorf("encode contents of conversation %s: %w", c.ID, err)
	}
	return fold, contents, nil
}

// decodeFold puts a fold together. Contents that were erased are left out.
func decodeFold(fold, contents string) (c chat.Conversation, err error) {
	if err := decode(fold, &c); err != nil {
		return c, fmt.Errorf("decode conversation: %w", err)
	}
	var k foldContents
	if err := decode(contents, &k); err != nil {
		return c, fmt.Errorf("decode contents of conversation %s: %w", c.ID, err)
	}
	c.Lines, c.Feeling.Quote, c.Fields, c.Names, c.Memory = k.Lines, k.Holds, k.Fields, k.Names, k.Memory
	c.Baton, c.Quote, c.About = k.Baton, k.Quote, k.About
	for i := range min(len(c.Feelings), len(k.Quotes)) {
		c.Feelings[i].Quote = k.Quotes[i]
	}
	if c.Action != nil {
		c.Action.URL, c.Action.Body = k.URL, k.Body
	}
	return c, nil
}

// eventContents are the contents of an event: its own, and those that stand among its detail.
type eventContents struct {
	chat.Contents
	Evidence []string `json:"evidence,omitempty"` // of Detail.Because, by its place
	Felt     string   `json:"felt,omitempty"`     // the quote of Detail.Feeling
}

// encodeEvent takes what is JSON of an event apart. What is empty is the empty text.
func encodeEvent(e chat.Event) (detail, contents string, err error) {
	k := eventContents{Contents: e.Contents}
	if len(e.Detail.Because) > 0 {
		because := make([]chat.Because, len(e.Detail.Because))
		k.Evidence = make([]string, len(because))
		for i, b := range e.Detail.Because {
			k.Evidence[i], b.Evidence = b.Evidence, ""
			because[i] = b
		}
		e.Detail.Because = because
	}
	if e.Detail.Feeling != nil {
		feeling := *e.Detail.Feeling
		k.Felt, feeling.Quote = feeling.Quote, ""
		e.Detail.Feeling = &feeling
	}
	if detail, err = encode(e.Detail); err != nil {
		return "", "", fmt.Errorf("encode event %d: %w", e.Pos, err)
	}
	if contents, err = encode(k); err != nil {
		return "", "", fmt.Errorf("encode contents of event %d: %w", e.Pos, err)
	}
	return detail, contents, nil
}

// decodeEvent puts them back into an event.
func decodeEvent(e *chat.Event, detail, contents string) error {
	if err := decode(detail, &e.Detail); err != nil {
		return fmt.Errorf("decode event %d: %w", e.Pos, err)
	}
	var k eventContents
	if err := decode(contents, &k); err != nil {
		return fmt.Errorf("decode contents of event %d: %w", e.Pos, err)
	}
	e.Contents = k.Contents
	for i := range min(len(e.Detail.Because), len(k.Evidence)) {
		e.Detail.Because[i].Evidence = k.Evidence[i]
	}
	if e.Detail.Feeling != nil {
		e.Detail.Feeling.Quote = k.Felt
	}
	return nil
}

func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil || string(text) == "{}" {
		return "", err
	}
	return string(text), nil
}

func decode(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}
