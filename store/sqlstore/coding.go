package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/kohta/kohta/chat"
)

// What is stored of a conversation and of an event is JSON in two columns: one for what happened, one for contents,
// which is what people said or are called. Erasing empties the second, and what is left still folds and still decides
// the same. So each value is taken apart here, and put together again. The last lines of a conversation are not among
// it: the log has them already, and with them a fold would be too large for its page.

// foldText is a fold without its lines, in its two columns.
type foldText struct{ fold, contents string }

// foldContents are the contents of a conversation's fold.
type foldContents struct {
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
	Asked  [][]string        `json:"asked,omitempty"` // the words of Asked, by its place

	Contact *chat.Contact `json:"contact,omitempty"`
}

// encodeFold takes a fold apart.
func encodeFold(c chat.Conversation) (text foldText, err error) {
	k := foldContents{Holds: c.Feeling.Quote, Fields: c.Fields, Names: c.Names, Memory: c.Memory,
		Baton: c.Baton, Quote: c.Quote, About: c.About, Contact: c.Contact}
	c.Lines, c.Feeling.Quote, c.Fields, c.Names, c.Memory, c.Baton, c.Quote, c.About = nil, "", nil, nil, nil, nil, "", ""
	c.Contact = nil
	if len(c.Feelings) > 0 {
		marks := make([]chat.FeelingMark, len(c.Feelings))
		k.Quotes = make([]string, len(c.Feelings))
		for i, mark := range c.Feelings {
			k.Quotes[i], mark.Quote = mark.Quote, ""
			marks[i] = mark
		}
		if !slices.ContainsFunc(k.Quotes, func(q string) bool { return q != "" }) {
			k.Quotes = nil // erased: a fold without contents has none, not empty ones
		}
		c.Feelings = marks
	}
	if len(c.Asked) > 0 {
		asked := make([]chat.Asked, len(c.Asked))
		k.Asked = make([][]string, len(asked))
		for i, a := range c.Asked {
			asked[i], k.Asked[i] = takeWords(a)
		}
		c.Asked = asked
	}
	if c.Action != nil {
		action := *c.Action
		k.URL, k.Body = action.URL, action.Body
		action.URL, action.Body = "", ""
		c.Action = &action
	}
	if text.fold, err = writeFold(&c); err != nil {
		return text, fmt.Errorf("encode conversation %s: %w", c.ID, err)
	}
	if text.contents, err = k.write(); err != nil {
		return text, fmt.Errorf("encode contents of conversation %s: %w", c.ID, err)
	}
	return text, nil
}

func writeFold(c *chat.Conversation) (string, error) {
	o := object{b: make([]byte, 0, 512)}
	o.text("id", c.ID)
	o.text("site", c.Site)
	o.text("visitor", c.Visitor)
	o.text("language", c.Language)
	o.text("state", string(c.State))
	o.number("pos", c.Pos)
	o.number("agent_seq", c.AgentSeq)
	o.number("visitor_seq", c.VisitorSeq)
	o.text("team", c.Team)
	o.texts("skills", c.Skills)
	o.text("agent", c.Agent)
	o.text("known", c.Known)
	o.number("fence", c.Fence)
	o.time("opened_at", c.OpenedAt)
	o.time("closed_at", c.ClosedAt)
	o.time("waiting_since", c.WaitingSince)
	o.time("customer_at", c.CustomerAt)
	o.truth("customer_last", c.CustomerLast)
	o.part("due", c.Due != nil, func(due *object) {
		due.time("at", c.Due.At)
		due.text("what", string(c.Due.What))
	})
	o.text("reason", c.Reason)
	o.rare("feeling", c.Feeling != chat.Feeling{}, c.Feeling)
	o.rare("offer", c.Offer != nil, c.Offer)
	o.rare("promise", c.Promise != nil, c.Promise)
	o.rare("given", c.Given != chat.Done{}, c.Given)
	o.rare("asked", len(c.Asked) > 0, c.Asked)
	o.rare("action", c.Action != nil, c.Action)
	o.texts("avoid", c.Avoid)
	o.number("nudges", int64(c.Nudges))
	o.rare("rating", c.Rating != nil, c.Rating)
	o.number("erased", c.Erased)
	o.text("priority", c.Priority)
	o.number("missed", int64(c.Missed))
	o.truth("raised", c.Raised)
	o.time("avoid_until", c.AvoidUntil)
	o.texts("invited", c.Invited)
	o.rare("told", c.Told != nil, c.Told)
	o.time("told_until", c.ToldUntil)
	o.truth("alone", c.Alone)
	o.rare("letter", c.Letter != nil, c.Letter)
	o.rare("feelings", len(c.Feelings) > 0, c.Feelings)
	return o.String(), o.err
}

func (k *foldContents) write() (string, error) {
	o := object{b: make([]byte, 0, 512)}
	o.texts("quotes", k.Quotes)
	o.text("holds", k.Holds)
	o.pairs("fields", k.Fields)
	o.pairs("names", k.Names)
	o.raw("memory", k.Memory)
	o.rare("baton", k.Baton != nil, k.Baton)
	o.text("quote", k.Quote)
	o.text("about", k.About)
	o.text("url", k.URL)
	o.text("body", k.Body)
	o.rare("asked", len(k.Asked) > 0, k.Asked)
	o.rare("contact", k.Contact != nil, k.Contact)
	return o.String(), o.err
}

// decodeFold puts a fold together, without its lines. Contents that were erased are left out.
func decodeFold(text foldText) (c chat.Conversation, err error) {
	if err := decode(text.fold, &c); err != nil {
		return c, fmt.Errorf("decode conversation: %w", err)
	}
	var k foldContents
	if err := decode(text.contents, &k); err != nil {
		return c, fmt.Errorf("decode contents of conversation %s: %w", c.ID, err)
	}
	c.Feeling.Quote, c.Fields, c.Names, c.Memory = k.Holds, k.Fields, k.Names, k.Memory
	c.Baton, c.Quote, c.About, c.Contact = k.Baton, k.Quote, k.About, k.Contact
	for i := range min(len(c.Feelings), len(k.Quotes)) {
		c.Feelings[i].Quote = k.Quotes[i]
	}
	for i := range min(len(c.Asked), len(k.Asked)) {
		putWords(&c.Asked[i], k.Asked[i])
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
	Asks     []string `json:"asks,omitempty"`     // the words of Detail.Asks
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
	if e.Detail.Asks != nil {
		asks, words := takeWords(*e.Detail.Asks)
		e.Detail.Asks, k.Asks = &asks, words
	}
	if detail, err = writeDetail(&e.Detail); err != nil {
		return "", "", fmt.Errorf("encode event %d: %w", e.Pos, err)
	}
	if contents, err = k.write(); err != nil {
		return "", "", fmt.Errorf("encode contents of event %d: %w", e.Pos, err)
	}
	return detail, contents, nil
}

func writeDetail(d *chat.Detail) (string, error) {
	o := object{b: make([]byte, 0, 128)}
	o.text("site", d.Site)
	o.text("visitor", d.Visitor)
	o.text("language", d.Language)
	o.rare("asks", d.Asks != nil, d.Asks)
	o.number("answers", d.Answers)
	o.text("option", d.Option)
	o.text("intent", d.Intent)
	o.objects("because", len(d.Because), func(i int, b *object) {
		b.text("rule", d.Because[i].Rule)
		b.text("evidence", d.Because[i].Evidence)
	})
	o.text("reason", d.Reason)
	o.text("team", d.Team)
	o.texts("skills", d.Skills)
	o.text("agent", d.Agent)
	o.text("by", string(d.By))
	o.truth("by_hand", d.ByHand)
	o.rare("until", d.Until != nil, d.Until)
	o.rare("promise", d.Promise != nil, d.Promise)
	o.text("state", string(d.State))
	o.text("survey", d.Survey)
	o.number("score", int64(d.Score))
	o.rare("feeling", d.Feeling != nil, d.Feeling)
	o.number("of", d.Of)
	o.text("action", d.ActionID)
	o.rare("due", d.Due != nil, d.Due)
	o.rare("wait", d.Wait != nil, d.Wait)
	o.text("sender", d.Sender)
	o.rare("word", d.Word != nil, d.Word)
	o.rare("letter", d.Letter != nil, d.Letter)
	o.text("priority", d.Priority)
	o.truth("owed", d.Owed)
	o.truth("reach", d.Reach)
	o.number("load", int64(d.Load))
	o.number("weight", int64(d.Weight))
	o.number("capacity", int64(d.Capacity))
	return o.String(), o.err
}

func (k *eventContents) write() (string, error) {
	o := object{b: make([]byte, 0, 256)}
	o.text("text", k.Text)
	o.text("quote", k.Quote)
	o.text("name", k.Name)
	o.text("whom", k.Whom)
	o.objects("options", len(k.Options), func(i int, option *object) {
		option.text("id", k.Options[i].ID)
		option.text("label", k.Options[i].Label)
	})
	o.rare("form", k.Form != nil, k.Form)
	o.pairs("fields", k.Fields)
	o.rare("page", k.Page != nil, k.Page)
	o.text("comment", k.Comment)
	o.text("note", k.Note)
	o.rare("baton", k.Baton != nil, k.Baton)
	o.raw("memory", k.Memory)
	o.rare("action", k.Action != nil, k.Action)
	o.rare("result", k.Result != nil, k.Result)
	o.text("about", k.About)
	o.texts("evidence", k.Evidence)
	o.text("felt", k.Felt)
	o.texts("asks", k.Asks)
	return o.String(), o.err
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
	if e.Detail.Asks != nil {
		putWords(e.Detail.Asks, k.Asks)
	}
	return nil
}

// takeWords takes the words off a question. They are the bot's, and may repeat what the customer said.
func takeWords(a chat.Asked) (bare chat.Asked, words []string) {
	a.Options, a.Fields = slices.Clone(a.Options), slices.Clone(a.Fields)
	for _, word := range wordsOf(&a) {
		words = append(words, *word)
		*word = ""
	}
	return a, words
}

// putWords puts them back. After an erasure there are none.
func putWords(a *chat.Asked, words []string) {
	for i, word := range wordsOf(a) {
		if i < len(words) {
			*word = words[i]
		}
	}
}

func wordsOf(a *chat.Asked) (words []*string) {
	for i := range a.Options {
		words = append(words, &a.Options[i].Label)
	}
	for i := range a.Fields {
		words = append(words, &a.Fields[i].Label, &a.Fields[i].Value, &a.Fields[i].Wrong)
	}
	return words
}

func decode(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}
