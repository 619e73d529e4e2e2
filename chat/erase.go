package chat

import "slices"

// emptied returns the conversation without its contents, as Apply leaves it after an erased event: who owned it, when,
// and how it went stay, and what people said and are called is gone.
func (c Conversation) emptied() Conversation {
	c.Lines, c.Fields, c.Names, c.Memory, c.Baton, c.Asked = nil, nil, nil, nil, nil, nil
	c.Quote, c.About, c.Feeling.Quote, c.Contact = "", "", "", nil
	c.Feelings = slices.Clone(c.Feelings)
	for i := range c.Feelings {
		c.Feelings[i].Quote = ""
	}
	return c
}

// Emptied returns the event as a tombstone: its position, kind, time and actor, and nothing that anybody said. A store
// leaves events so when they were erased, and a log of them folds to what it folded to before.
func (e Event) Emptied() Event {
	e.Contents = Contents{}
	if e.Detail.Because != nil {
		e.Detail.Because = slices.Clone(e.Detail.Because)
		for i := range e.Detail.Because {
			e.Detail.Because[i].Evidence = ""
		}
	}
	if e.Detail.Feeling != nil {
		f := *e.Detail.Feeling
		f.Quote = ""
		e.Detail.Feeling = &f
	}
	if e.Detail.Asks != nil {
		asks := e.Detail.Asks.emptied()
		e.Detail.Asks = &asks
	}
	return e
}

// emptied keeps what was asked and leaves out its words: they may name what the customer had said.
func (a Asked) emptied() Asked {
	a.Options, a.Fields = slices.Clone(a.Options), slices.Clone(a.Fields)
	for i := range a.Options {
		a.Options[i].Label = ""
	}
	for i := range a.Fields {
		a.Fields[i].Label, a.Fields[i].Value, a.Fields[i].Wrong = "", "", ""
	}
	return a
}

// erase closes the conversation, if it is open, and empties it. One that holds nothing new is left alone.
func (d *decision) erase() error {
	if d.c.Open() {
		d.add(KindClosed, Detail{By: d.by.By.Role}, Contents{})
	}
	if d.c.Erased < d.c.Pos {
		d.add(KindErased, Detail{}, Contents{})
	}
	return nil
}
