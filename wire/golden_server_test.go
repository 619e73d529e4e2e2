package wire

import (
	"time"

	"github.com/kohta/kohta/chat"
)

const botName = "Kohta"

func event(kind chat.Kind, by chat.From, d chat.Detail, c chat.Contents) *chat.Event {
	e := &chat.Event{Pos: 20, At: noon, Kind: kind, From: by, Detail: d, Contents: c}
	if chat.AgentsSee(kind) {
		e.AgentSeq = 17
	}
	if chat.VisitorSees(kind) {
		e.VisitorSeq = 13
	}
	return e
}

func keyed(e *chat.Event) *chat.Event { e.Key = key1; return e }

var (
	byVisitor = chat.From{Role: chat.RoleVisitor, ID: visitor1}
	byBot     = chat.From{Role: chat.RoleBot}
	byAino    = chat.From{Role: chat.RoleAgent, ID: aino}
	bySystem  = chat.From{Role: chat.RoleSystem}
)

func baton() *chat.Baton {
	return &chat.Baton{
		Reason: "feeling", Quote: "t\u00e4\u00e4 on jo kolmas kerta", Wants: "Miss\u00e4 tilaus 10234 on",
		Tried:      []string{"delivery_time"},
		Fields:     map[string]string{"order": "10234"},
		Feelings:   []chat.FeelingMark{{Feeling: chat.Feeling{Name: chat.Angry, Intensity: 0.8, Quote: "ihan surkeeta"}, Seq: 16}},
		Earlier:    []chat.Earlier{{At: noon.Add(-240 * time.Hour), About: "Tilaus 9981", Outcome: "resolved", Feeling: chat.Calm}},
		Promises:   []string{"Hyvitys viikossa"},
		Suggestion: "Hei, t\u00e4ss\u00e4 Aino. N\u00e4en, ett\u00e4 tilaus 10234 on my\u00f6h\u00e4ss\u00e4.",
	}
}

func events() map[string]*chat.Event {
	until := noon.Add(time.Hour)
	return map[string]*chat.Event{
		"message": keyed(event(chat.KindMessage, byVisitor, chat.Detail{Intent: "delivery_time"}, chat.Contents{
			Text: "Moi! Koska mun tilaus 10234 tulee? \U0001f642\n\"kiitos\" \\o/ \u0001\u2028",
			Page: &chat.Page{URL: "https://kahvila.example/pavut", Title: "Pavut", Referrer: ""},
		})),
		"message.option": keyed(event(chat.KindMessage, byVisitor, chat.Detail{Option: "track_order", Answers: 7}, chat.Contents{Text: "Seuraa tilausta"})),
		"message.fields": keyed(event(chat.KindMessage, byVisitor, chat.Detail{Answers: 9}, chat.Contents{
			Text: "Tilausnumero: 10234", Fields: map[string]string{"order": "10234", "email": "a@example.fi"}})),
		"message.bot": event(chat.KindMessage, byBot, chat.Detail{Intent: "delivery_time", Because: []chat.Because{{Rule: "delivery_time", Evidence: "koska tilaus tulee"}}},
			chat.Contents{Text: "Mink\u00e4 tilauksen?", Options: []chat.Option{{ID: "track_order", Label: "Seuraa tilausta"}, {ID: "other", Label: "Muu asia"}}}),
		"message.form": event(chat.KindMessage, byBot, chat.Detail{}, chat.Contents{Text: "Kerro tilaus.", Form: &chat.Form{ID: "order", Fields: []chat.Field{
			{Name: "order", Label: "Tilausnumero", Type: "number", Required: true, Value: "1023", Wrong: "Numerossa on viisi merkki\u00e4."},
			{Name: "email", Label: "S\u00e4hk\u00f6posti", Type: "email"}}}}),
		"message.agent": keyed(event(chat.KindMessage, byAino, chat.Detail{}, chat.Contents{Text: "Hei! Paketti on matkalla.", Name: "Aino"})),
		"escalated": event(chat.KindEscalated, bySystem, chat.Detail{Reason: "feeling", Team: "support", Skills: []string{"fi"}, Because: []chat.Because{{Rule: "feeling", Evidence: "ihan surkeeta"}}},
			chat.Contents{Quote: "t\u00e4\u00e4 on jo kolmas kerta", Baton: baton()}),
		"assigned":         keyed(event(chat.KindAssigned, byAino, chat.Detail{Agent: aino, ByHand: true}, chat.Contents{Name: "Aino"})),
		"assigned.auto":    event(chat.KindAssigned, bySystem, chat.Detail{Agent: aino}, chat.Contents{Name: "Aino"}),
		"assigned.share":   event(chat.KindAssigned, bySystem, chat.Detail{Agent: aino, Load: 150, Weight: 100, Capacity: 400}, chat.Contents{Name: "Aino"}),
		"assigned.refused": event(chat.KindAssigned, bySystem, chat.Detail{Agent: aino, Reason: "refused"}, chat.Contents{Name: "Aino"}),
		"escalated.wait": event(chat.KindEscalated, bySystem, chat.Detail{Reason: "asked", Team: "support", Priority: "high", Wait: &chat.Wait{Low: 120, High: 300}},
			chat.Contents{Quote: "haluan ihmisen", Baton: baton()}),
		"unassigned":   event(chat.KindUnassigned, bySystem, chat.Detail{Reason: "no_answer", Agent: aino}, chat.Contents{Name: "Aino"}),
		"transferred":  keyed(event(chat.KindTransferred, byAino, chat.Detail{Team: "billing", Agent: ville}, chat.Contents{Name: "Aino", Note: "Hyvitys auki"})),
		"rated":        keyed(event(chat.KindRated, byVisitor, chat.Detail{Survey: "csat", Score: 5}, chat.Contents{Comment: "Kiitos"})),
		"snoozed":      keyed(event(chat.KindSnoozed, byAino, chat.Detail{Agent: aino, Until: &until, Promise: &chat.Promise{At: until, Channel: "phone"}}, chat.Contents{Name: "Aino"})),
		"snoozed.call": event(chat.KindSnoozed, bySystem, chat.Detail{Until: &until, Promise: &chat.Promise{At: until, Until: until.Add(time.Hour), Channel: chat.ByPhone}}, chat.Contents{}),
		"woken":        event(chat.KindWoken, bySystem, chat.Detail{State: chat.WithAgent}, chat.Contents{}),
		"returned":     keyed(event(chat.KindReturned, byAino, chat.Detail{}, chat.Contents{Name: "Aino"})),
		"reopened":     keyed(event(chat.KindReopened, byVisitor, chat.Detail{State: chat.WithBot}, chat.Contents{})),
		"closed":       keyed(event(chat.KindClosed, byAino, chat.Detail{By: chat.RoleAgent}, chat.Contents{Name: "Aino", About: "Tilaus 10234"})),
		"promised":     event(chat.KindPromised, bySystem, chat.Detail{Wait: &chat.Wait{Low: 60, High: 180}}, chat.Contents{Text: "Vastaamme noin kolmessa minuutissa."}),
		"promised.options": event(chat.KindPromised, bySystem, chat.Detail{Until: &until}, chat.Contents{Text: "Juuri nyt paikalla ei ole ket\u00e4\u00e4n.", Options: []chat.Option{
			{ID: "leave_message", Label: "J\u00e4t\u00e4 viesti"}, {ID: "at.1772521200", Label: "Huomenna klo 9\u201310"}}}),
		"promised.form": event(chat.KindPromised, bySystem, chat.Detail{}, chat.Contents{Text: "Mihin numeroon soitamme?", Form: &chat.Form{ID: "call_back.1772521200", Fields: []chat.Field{
			{Name: "phone", Label: "Puhelin", Type: "phone", Required: true}}}}),
		"promised.cancelled": event(chat.KindPromised, bySystem, chat.Detail{Reason: "cancelled"}, chat.Contents{Text: "Soitto on peruttu."}),
		"note":               keyed(event(chat.KindNote, byAino, chat.Detail{}, chat.Contents{Text: "Soitettu varastolle.", Name: "Aino"})),
		"feeling":            event(chat.KindFeeling, bySystem, chat.Detail{Feeling: &chat.Feeling{Name: chat.Angry, Intensity: 0.8}, Of: 16}, chat.Contents{Quote: "ihan surkeeta"}),
		"nudged":             event(chat.KindNudged, bySystem, chat.Detail{Agent: aino}, chat.Contents{}),
		"nudged.supervisor":  event(chat.KindNudged, bySystem, chat.Detail{Agent: aino, Reason: "supervisor"}, chat.Contents{Name: "Aino"}),
		"offered":            event(chat.KindOffered, bySystem, chat.Detail{Agent: aino, Until: &until}, chat.Contents{}),
		"offered.passed":     event(chat.KindOffered, bySystem, chat.Detail{Agent: ville, Sender: aino, Until: &until, Load: 200, Weight: 50, Capacity: 400}, chat.Contents{Name: "Ville"}),
		"declined.words":     keyed(event(chat.KindDeclined, byAino, chat.Detail{Agent: aino}, chat.Contents{Name: "Aino", Note: "olen puhelimessa"})),
		"invited":            keyed(event(chat.KindInvited, byAino, chat.Detail{Agent: ville}, chat.Contents{Name: "Aino", Whom: "Ville", Note: "Katsotko laskua?"})),
		"left":               keyed(event(chat.KindLeft, chat.From{Role: chat.RoleAgent, ID: ville}, chat.Detail{Agent: ville}, chat.Contents{Name: "Ville"})),
		"raised":             event(chat.KindRaised, bySystem, chat.Detail{}, chat.Contents{}),
		"mailed":             event(chat.KindMailed, bySystem, chat.Detail{}, chat.Contents{}),
		"mailed.failed":      event(chat.KindMailed, bySystem, chat.Detail{Reason: "failed"}, chat.Contents{}),
		"declined":           keyed(event(chat.KindDeclined, byAino, chat.Detail{Agent: aino, Reason: "busy"}, chat.Contents{Name: "Aino"})),
	}
}

func waiting() View {
	place := 3
	return View{
		Conversation: chat.Conversation{
			ID: conv1, Site: "demo", Visitor: visitor1, Language: "fi", State: chat.Waiting, Pos: 20, AgentSeq: 17, VisitorSeq: 13,
			Team: "support", Skills: []string{"fi", "billing"}, OpenedAt: noon.Add(-10 * time.Minute), WaitingSince: noon.Add(-time.Minute),
			CustomerAt: noon.Add(-time.Minute), CustomerLast: true, Due: &chat.Due{At: noon.Add(2 * time.Minute), What: chat.DueWord},
			Reason: "feeling", Feeling: chat.Feeling{Name: chat.Angry, Intensity: 0.8}, Offer: &chat.Offer{Agent: aino, Until: noon.Add(30 * time.Second)},
			Lines: []chat.Line{{Seq: 15, At: noon.Add(-time.Minute), Role: chat.RoleVisitor, Text: "t\u00e4\u00e4 on jo kolmas kerta"}},
			Baton: baton(), About: "Tilaus 10234",
		},
		Place: &place, Wait: &chat.Wait{Low: 60, High: 180},
		ReadVisitor: chat.Numbers{Agent: 16, Visitor: 12}, ReadAgent: chat.Numbers{Agent: 15, Visitor: 11},
		VisitorName: "", FirstSeen: noon.Add(-240 * time.Hour),
	}
}

func withAino() View {
	v := waiting()
	c := &v.Conversation
	c.ID, c.State, c.Agent, c.Fence, c.Offer, c.Names = conv2, chat.WithAgent, aino, 16, nil, map[string]string{aino: "Aino"}
	v.Place, v.Wait = nil, nil
	return v
}

func promised() View {
	v := withAino()
	c := &v.Conversation
	c.State, c.Promise = chat.Snoozed, &chat.Promise{At: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour), Channel: "phone"}
	c.Contact = &chat.Contact{Phone: "+358401234567"}
	return v
}

// raised waits in the supervisors' lane, passed on by Aino to Ville, who both know it.
func raised() View {
	v := waiting()
	c := &v.Conversation
	c.Priority, c.Raised, c.Missed, c.Names = "high", true, 5, map[string]string{aino: "Aino", ville: "Ville"}
	c.Offer = &chat.Offer{Agent: ville, Until: noon.Add(30 * time.Second), From: aino}
	c.Contact = &chat.Contact{Email: "asiakas@example.fi"}
	head := 15 * time.Minute
	v.HeadStart = &head
	return v
}

func shared() View {
	v := withAino()
	c := &v.Conversation
	c.Invited, c.Names = []string{ville}, map[string]string{aino: "Aino", ville: "Ville"}
	return v
}

func closed() View {
	return View{Conversation: chat.Conversation{
		ID: conv2, Site: "demo", Visitor: visitor1, Language: "sv", State: chat.Closed, Pos: 9, AgentSeq: 9, VisitorSeq: 8,
		Agent: aino, Names: map[string]string{aino: "Aino"}, OpenedAt: noon.Add(-48 * time.Hour), ClosedAt: noon.Add(-47 * time.Hour),
		Rating: &chat.Rating{Survey: "csat", Score: 5}}}
}

func serverFrames() map[string][]byte {
	w, r, sh := waiting(), raised(), shared()
	greeted := Greeted{Visitor: visitor1, Site: "demo", Token: "tok-1"}
	m := map[string][]byte{
		"to_visitor.welcome":     AppendVisitorWelcome(nil, greeted, []View{waiting(), closed()}),
		"to_visitor.welcome.new": AppendVisitorWelcome(nil, greeted, nil),
		"to_agent.welcome": AppendAgentWelcome(nil, &AgentWelcome{Agent: Person{ID: aino, Name: "Aino", Role: "agent"}, Attendance: Attendance{Status: "offline"},
			Conversations: []View{withAino(), promised()}, Line: Line{Waiting: []View{w}, Total: 12, Version: 7}}),
		"to_agent.welcome.supervisor": AppendAgentWelcome(nil, &AgentWelcome{Agent: Person{ID: ville, Name: "Ville", Role: "supervisor"},
			Attendance: Attendance{Status: "online", RestUntil: noon.Add(5 * time.Minute)}, Conversations: []View{sh}, Line: Line{Waiting: []View{r}, Total: 1, Version: 1},
			Alerts: []Alert{{What: Silent, Conversation: conv2, Agent: &Person{ID: aino, Name: "Aino"}, At: noon}, {What: Raised, Conversation: conv1, At: noon}}}),
		"to_visitor.ack":          AppendAck(nil, key1, conv1, 13),
		"to_visitor.synced":       AppendSynced(nil, conv1, 13),
		"to_visitor.heartbeat":    AppendHeartbeat(nil, []Heads{{conv1, 13}, {conv2, 8}}, nil),
		"to_agent.heartbeat":      AppendHeartbeat(nil, []Heads{{conv2, 17}}, &Line{Total: 12, Version: 8}),
		"to_visitor.typing":       AppendTyping(nil, conv1, chat.RoleAgent, "Aino"),
		"to_agent.typing":         AppendTyping(nil, conv1, chat.RoleVisitor, ""),
		"to_visitor.line":         AppendPlace(nil, conv1, w.Place, w.Wait),
		"to_visitor.line.unknown": AppendPlace(nil, conv1, nil, nil),
		"to_agent.line":           AppendLineChange(nil, LineChange{Added: []View{w}, Removed: []string{conv2}, Total: 12, Version: 8}),
		"to_agent.line.order":     AppendLineChange(nil, LineChange{Added: []View{w}, Order: []string{conv1, conv2}, Total: 2, Version: 9}),
		"to_agent.line.reset":     AppendLineChange(nil, LineChange{Added: []View{w}, Reset: true, Total: 1, Version: 9}),
		"to_agent.offer":          AppendOffer(nil, &w),
		"to_agent.offer.passed":   AppendOffer(nil, &r),
		"to_agent.watched":        AppendShown(nil, &sh),
		"to_agent.invite":         AppendInvite(nil, &sh, Person{ID: aino, Name: "Aino"}, "Katsotko laskua?"),
		"to_agent.alert.silence":  AppendAlert(nil, &Alert{What: Silent, Conversation: conv2, Agent: &Person{ID: aino, Name: "Aino"}, At: noon}),
		"to_agent.alert.raised":   AppendAlert(nil, &Alert{What: Raised, Conversation: conv1, At: noon}),
		"to_agent.line.raised":    AppendLineChange(nil, LineChange{Added: []View{r}, Total: 1, Version: 10}),
		"to_visitor.read":         AppendRead(nil, conv1, chat.RoleAgent, 11),
		"to_agent.read":           AppendRead(nil, conv1, chat.RoleVisitor, 16),
		"to_agent.presence":       AppendPresence(nil, Person{ID: ville, Name: "Ville"}, Attendance{Status: "away"}),
		"to_agent.presence.why":   AppendPresence(nil, Person{ID: ville, Name: "Ville"}, Attendance{Status: "busy", Reason: "Kokous"}),
		"to_agent.presence.rest":  AppendPresence(nil, Person{ID: ville, Name: "Ville"}, Attendance{Status: "online", RestUntil: noon.Add(5 * time.Minute)}),
		"to_visitor.error":        AppendError(nil, &Error{Code: BadFrame, Key: key1, Conversation: conv1, Words: "never shown"}),
		"to_visitor.error.rate":   AppendError(nil, &Error{Code: RateLimited, Key: key1, RetryAfter: 2}),
	}
	for _, code := range []Code{TooLarge, Unsupported, Forbidden, NotFound, Conflict, IsClosed, HelloFirst, Unauthorized, Unavailable} {
		m["to_visitor.error."+string(code)] = AppendError(nil, &Error{Code: code})
	}
	for name, e := range events() {
		m["to_agent.event."+name] = AppendEvent(nil, ToAgent, conv1, e, botName)
		if e.VisitorSeq > 0 {
			m["to_visitor.event."+name] = AppendEvent(nil, ToVisitor, conv1, e, botName)
		}
	}
	return m
}
