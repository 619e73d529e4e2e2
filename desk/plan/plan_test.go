package plan_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
)

// script is a bot whose answers a test writes.
type script struct {
	reply func(bot.Input) bot.Output
	feel  func(string) *chat.Feeling
}

func (s script) Reply(in bot.Input) bot.Output { return s.reply(in) }

func (s script) Feel(text, _ string) *chat.Feeling {
	if s.feel == nil {
		return nil
	}
	return s.feel(text)
}

func (s script) Crisis(string) string { return "Soita 112." }

func says(text string) script {
	return script{reply: func(bot.Input) bot.Output { return bot.Output{Say: []bot.Say{{Text: text}}} }}
}

var begin = chat.Open{Site: "demo", Visitor: "marja", Language: "fi", Team: "support"}

func by(role chat.Role, id string) chat.Envelope {
	at := time.Date(2026, 3, 17, 14, 20, 0, 0, time.UTC)
	return chat.Envelope{At: at, By: chat.From{Role: role, ID: id}, Key: "k", Patience: chat.Usual}
}

func marja() chat.Envelope { return by(chat.RoleVisitor, "marja") }

// run plans commands of one customer, one after the other, and returns the last result.
func run(t *testing.T, b plan.Bot, commands ...chat.Command) plan.Result {
	t.Helper()
	r := plan.Result{Conversation: chat.Conversation{ID: "c1"}}
	for _, cmd := range commands {
		r = step(t, r.Conversation, b, marja(), cmd)
	}
	return r
}

func step(t *testing.T, c chat.Conversation, b plan.Bot, env chat.Envelope, cmd chat.Command) plan.Result {
	t.Helper()
	r, err := plan.Plan(plan.Input{Conversation: c, Begin: begin, By: env, Command: cmd, Bot: b})
	if err != nil {
		t.Fatalf("%T: %v", cmd, err)
	}
	return r
}

func kinds(r plan.Result) string {
	var all []string
	for _, e := range r.Events {
		who := ""
		if e.Kind == chat.KindMessage {
			who = ":" + string(e.From.Role)
		}
		all = append(all, string(e.Kind)+who)
	}
	return strings.Join(all, " ")
}

func TestWordsAnswerAndHandoverAreOneStep(t *testing.T) {
	b := script{reply: func(in bot.Input) bot.Output {
		if !in.First || in.Text != "ihan surkeeta" {
			t.Errorf("the bot was given %+v", in)
		}
		return bot.Output{
			Say:      []bot.Say{{Text: "Haen ihmisen, koska tästä on ollut sinulle harmia."}},
			Feeling:  &chat.Feeling{Name: chat.Frustrated, Intensity: .8, Quote: "ihan surkeeta"},
			Escalate: &bot.Escalation{Reason: chat.ReasonFeeling, Quote: "ihan surkeeta"},
			Memory:   chat.Memory(`{"v":1}`),
			Fields:   map[string]string{"order_number": "10234"},
		}
	}}
	r := run(t, b, chat.Post{Text: "ihan surkeeta"})
	if got, want := kinds(r), "opened message:visitor feeling message:bot escalated"; got != want {
		t.Fatalf("events %q, want %q", got, want)
	}
	c := r.Conversation
	if c.State != chat.Waiting || c.Team != "support" || c.Baton == nil || c.Due == nil || !c.CustomerLast {
		t.Errorf("waiting %v in team %q, baton %v, due %v", c.State, c.Team, c.Baton, c.Due)
	}
	if string(c.Memory) != `{"v":1}` || c.Fields["order_number"] != "10234" {
		t.Errorf("memory %s, fields %v", c.Memory, c.Fields)
	}
	if r.Events[1].Key != "k" || r.Events[3].Key != "" {
		t.Error("the key belongs to the customer's message alone")
	}
	if c.Feelings[0].Seq != r.Events[1].AgentSeq {
		t.Error("the feeling is not marked at the message")
	}
}

func TestTheBotIsSilentOnceAPersonIsBroughtIn(t *testing.T) {
	waiting := run(t, script{reply: func(bot.Input) bot.Output {
		return bot.Output{Escalate: &bot.Escalation{Reason: chat.ReasonAsked}}
	}}, chat.AskHuman{})
	silent := script{reply: func(bot.Input) bot.Output { t.Error("the bot was asked"); return bot.Output{} }}
	r := step(t, waiting.Conversation, silent, marja(), chat.Post{Text: "Onko siellä joku?"})
	if got := kinds(r); got != "message:visitor" {
		t.Errorf("events %q", got)
	}
}

func TestACrisisWhileWaitingGoesToTheFront(t *testing.T) {
	waiting := run(t, script{reply: func(bot.Input) bot.Output {
		return bot.Output{Escalate: &bot.Escalation{Reason: chat.ReasonAsked}}
	}}, chat.AskHuman{})
	since := waiting.Conversation.WaitingSince
	b := script{feel: func(text string) *chat.Feeling { return &chat.Feeling{Name: chat.InCrisis, Intensity: 1, Quote: text} }}
	r := step(t, waiting.Conversation, b, marja(), chat.Post{Text: "en jaksa enää elää"})
	if got := kinds(r); got != "message:visitor feeling message:bot escalated" {
		t.Fatalf("events %q", got)
	}
	if c := r.Conversation; c.Reason != chat.ReasonCrisis || !c.WaitingSince.Equal(since) || c.Feeling.Name != chat.InCrisis {
		t.Errorf("reason %q, since %v, feeling %q", c.Reason, c.WaitingSince, c.Feeling.Name)
	}
}

// A rule that leads to another team leads to its patience, too.
func TestARuleLeadsToAnotherTeamsPatience(t *testing.T) {
	patience := func(team string) chat.Patience {
		p := chat.Usual
		if team == "sales" {
			p.Word = 40 * time.Second
		}
		return p
	}
	for team, want := range map[string]time.Duration{"": chat.Usual.Word, "support": chat.Usual.Word, "sales": 40 * time.Second, "nobody's": chat.Usual.Word} {
		b := script{reply: func(bot.Input) bot.Output {
			return bot.Output{Escalate: &bot.Escalation{Reason: chat.ReasonRule, Team: team}}
		}}
		env := marja()
		r, err := plan.Plan(plan.Input{Conversation: chat.Conversation{ID: "c1"}, Begin: begin, By: env, Command: chat.Post{Text: "hei"}, Bot: b,
			Knows: func(team string) bool { return team != "nobody's" }, Patience: patience})
		if due := r.Conversation.Due; err != nil || due == nil || due.At.Sub(env.At) != want {
			t.Errorf("led to %q: due %+v, %v; want after %s", team, due, err, want)
		}
	}
}

func TestAskingForAPersonCarriesTheKeyAndSender(t *testing.T) {
	r := run(t, script{reply: func(in bot.Input) bot.Output {
		if !in.Asked {
			t.Error("the bot does not know that a person was asked for")
		}
		return bot.Output{Say: []bot.Say{{Text: "Haen ihmisen, koska pyysit."}}, Escalate: &bot.Escalation{Reason: chat.ReasonAsked}}
	}}, chat.AskHuman{})
	last := r.Events[len(r.Events)-1]
	if last.Kind != chat.KindEscalated || last.From.Role != chat.RoleVisitor || last.Key != "k" {
		t.Errorf("the last event is %s by %s with key %q", last.Kind, last.From.Role, last.Key)
	}
}

func TestABotThatPanicsHandsOver(t *testing.T) {
	r := run(t, script{reply: func(bot.Input) bot.Output { panic("index out of range") }}, chat.Post{Text: "Moi"})
	if r.Conversation.State != chat.Waiting || r.Conversation.Reason != chat.ReasonBotFailed || r.BotFailure == nil {
		t.Errorf("state %s, reason %q, failure %v", r.Conversation.State, r.Conversation.Reason, r.BotFailure)
	}
	r = step(t, r.Conversation, script{feel: func(string) *chat.Feeling { panic("again") }}, marja(), chat.Post{Text: "Moi?"})
	if got := kinds(r); got != "message:visitor" {
		t.Errorf("a panic over a feeling makes events %q", got)
	}
}

func TestAnActionGoesOutAndItsResultComesBack(t *testing.T) {
	b := script{reply: func(in bot.Input) bot.Output {
		if in.Result == nil {
			return bot.Output{Say: []bot.Say{{Text: "Katson heti."}}, Action: &chat.Action{ID: "order_status", URL: "http://x/", Timeout: time.Second}}
		}
		if in.Result.ID != "order_status" {
			t.Errorf("the bot is given the result of %q", in.Result.ID)
		}
		if in.Result.Error != "" {
			return bot.Output{Escalate: &bot.Escalation{Reason: chat.ReasonBotFailed}}
		}
		return bot.Output{Say: []bot.Say{{Text: "Tilaus lähti."}}}
	}}
	asked := run(t, b, chat.Post{Text: "Missä tilaus?"})
	if asked.Action == nil || asked.Conversation.Due == nil || asked.Conversation.Due.What != chat.DueAction {
		t.Fatalf("action %v, due %v", asked.Action, asked.Conversation.Due)
	}
	id := asked.Conversation.Action.ID

	answered := step(t, asked.Conversation, b, by(chat.RoleSystem, ""), chat.Finish{Result: chat.ActionResult{ID: id, Status: 200}})
	if got := kinds(answered); got != "action_ended message:bot" {
		t.Errorf("a result makes %q", got)
	}
	late := step(t, answered.Conversation, b, by(chat.RoleSystem, ""), chat.Finish{Result: chat.ActionResult{ID: id, Status: 200}})
	if len(late.Events) != 0 {
		t.Errorf("a second result makes %q", kinds(late))
	}
	env := by(chat.RoleSystem, "")
	env.At = asked.Conversation.Due.At
	hung := step(t, asked.Conversation, b, env, chat.Overdue{})
	if got := kinds(hung); got != "action_ended escalated" || hung.Conversation.State != chat.Waiting {
		t.Errorf("an action that hangs makes %q, state %s", got, hung.Conversation.State)
	}
}

func TestASecondActionReplacesTheFirst(t *testing.T) {
	b := script{reply: func(in bot.Input) bot.Output {
		return bot.Output{Say: []bot.Say{{Text: "Katson."}}, Action: &chat.Action{ID: "order_status", URL: "http://x/" + in.Text, Timeout: time.Second}}
	}}
	r := run(t, b, chat.Post{Text: "1"}, chat.Post{Text: "2"})
	if got := kinds(r); got != "message:visitor message:bot action_ended action_started" {
		t.Fatalf("events %q", got)
	}
	if r.Conversation.Action == nil || !strings.HasSuffix(r.Conversation.Action.URL, "2") {
		t.Errorf("under way is %+v", r.Conversation.Action)
	}
}

func TestWhatMustNotBeStoredIsMasked(t *testing.T) {
	seen := ""
	b := script{reply: func(in bot.Input) bot.Output { seen = in.Text; return bot.Output{Say: []bot.Say{{Text: "Kiitos"}}} }}
	r := run(t, b, chat.Post{Text: "korttini on 4111 1111 1111 1111"})
	stored := r.Events[1].Contents.Text
	if strings.Contains(stored, "4111 1111 1111") || strings.Contains(seen, "4111 1111 1111") {
		t.Errorf("stored %q, the bot read %q", stored, seen)
	}
}

// Every text of a command that people write is masked. What is not stands here by name: it is an id, and Decide refuses one
// that there is not.
func TestEveryTextOfACommandIsMasked(t *testing.T) {
	ids := []string{"Choose.Option", "Rate.Survey", "Invite.Agent", "Transfer.Team", "Transfer.Agent", "Snooze.Promise.Channel"}
	const secret = "4111 1111 1111 1111"
	promise := chat.Promise{}
	for _, cmd := range []chat.Command{
		chat.Post{Page: &chat.Page{}}, chat.Choose{}, chat.Submit{Fields: map[string]string{"x": ""}}, chat.AskHuman{}, chat.Rate{}, chat.End{},
		chat.Take{}, chat.Accept{}, chat.Decline{}, chat.Note{}, chat.Invite{}, chat.Leave{}, chat.Transfer{}, chat.Release{}, chat.ToBot{},
		chat.Resolve{}, chat.Snooze{Promise: &promise},
	} {
		v := reflect.New(reflect.TypeOf(cmd)).Elem()
		v.Set(reflect.ValueOf(cmd))
		eachText(v, v.Type().Name(), func(_ string, text reflect.Value) string { return secret })
		got := reflect.New(v.Type()).Elem()
		got.Set(reflect.ValueOf(plan.Masked(v.Interface().(chat.Command))))
		eachText(got, v.Type().Name(), func(name string, text reflect.Value) string {
			if masked := text.String() != secret; masked == slices.Contains(ids, name) {
				t.Errorf("%s is masked: %t", name, masked)
			}
			return text.String()
		})
	}
}

// eachText sets every text within a value, by its name, to what change makes of it.
func eachText(v reflect.Value, name string, change func(name string, text reflect.Value) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(change(name, v))
	case reflect.Pointer:
		eachText(v.Elem(), name, change)
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.ValueOf(change(name+"."+k.String(), v.MapIndex(k))))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachText(v.Field(i), name+"."+v.Type().Field(i).Name, change)
		}
	}
}

func TestMemoryWithoutWordsIsAnEventOfItsOwn(t *testing.T) {
	b := script{reply: func(bot.Input) bot.Output { return bot.Output{Memory: chat.Memory(`{"n":1}`)} }}
	r := run(t, b, chat.Post{Text: "…"})
	if got := kinds(r); got != "opened message:visitor bot_state" {
		t.Errorf("events %q", got)
	}
	again := step(t, r.Conversation, b, marja(), chat.Post{Text: "…"})
	if got := kinds(again); got != "message:visitor" {
		t.Errorf("the same memory again makes %q", got)
	}
}

func TestNothingBeginsAConversationButWords(t *testing.T) {
	_, err := plan.Plan(plan.Input{Conversation: chat.Conversation{ID: "c1"}, Begin: begin, By: marja(), Command: chat.Rate{Survey: "csat", Score: 5}, Bot: says("")})
	if chat.KindOf(err) != chat.NotFound {
		t.Errorf("rating nothing gives %v", err)
	}
}

func TestGivenBackToTheBotItSaysSo(t *testing.T) {
	waiting := run(t, script{reply: func(bot.Input) bot.Output {
		return bot.Output{Escalate: &bot.Escalation{Reason: chat.ReasonAsked}}
	}}, chat.AskHuman{})
	taken := step(t, waiting.Conversation, says(""), by(chat.RoleAgent, "aino"), chat.Take{})
	back := step(t, taken.Conversation, says(""), by(chat.RoleAgent, "aino"), chat.ToBot{})
	if got := kinds(back); got != "returned message:bot" || !strings.Contains(back.Events[1].Contents.Text, "botti") {
		t.Errorf("events %q", got)
	}
}

func TestWhoWaitsIsNeverToldAnEmptyRange(t *testing.T) {
	for _, c := range []struct {
		language string
		wait     *chat.Wait
		want     string
	}{
		{"fi", nil, "Emme osaa vielä arvioida"},
		{"fi", &chat.Wait{Low: 60, High: 180}, "noin 1–3 minuutin"},
		{"sv", &chat.Wait{Low: 120, High: 120}, "cirka 2–3 minuter"},
		{"en", &chat.Wait{Low: 10, High: 40}, "about a minute"},
	} {
		n := newNight(t)
		n.at = n.at.Add(9 * time.Hour) // noon
		n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
		n.c.Language, n.around.Wait = c.language, c.wait
		n.overdue().expect(c.want)
	}
}

// A new conversation begins with whom the customer knows: who had the latest of their visits that a person had, also when
// the bot alone had those since.
func TestItBeginsWithWhomTheyKnow(t *testing.T) {
	day := func(n int) time.Time { return marja().At.AddDate(0, 0, n-10) }
	for _, c := range []struct {
		name   string
		visits []chat.Visit
		known  string
	}{
		{"nobody", nil, ""},
		{"the bot alone", []chat.Visit{{At: day(1)}}, ""},
		{"the latest", []chat.Visit{{At: day(4)}, {At: day(3), Agent: "ville"}, {At: day(2), Agent: "aino"}}, "ville"},
		{"in whatever order", []chat.Visit{{At: day(2), Agent: "aino"}, {At: day(3), Agent: "ville"}}, "ville"},
	} {
		r, err := plan.Plan(plan.Input{Conversation: chat.Conversation{ID: "c2"}, Begin: begin, By: marja(), Command: chat.AskHuman{}, Bot: says("Hei"), Visits: c.visits})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Conversation.Known; got != c.known {
			t.Errorf("%s: they know %q, not %q", c.name, got, c.known)
		}
		if got := plan.Visit(r.Conversation).Agent; got != c.known {
			t.Errorf("%s: and at their next visit %q", c.name, got)
		}
		taken := step(t, r.Conversation, says(""), by(chat.RoleAgent, "sari"), chat.Take{}).Conversation
		if taken.Known != "" || plan.Visit(taken).Agent != "sari" {
			t.Errorf("%s: they know %q beside who has them now", c.name, taken.Known)
		}
	}
}

func TestVisitSaysHowItEnded(t *testing.T) {
	resolved := run(t, script{reply: func(bot.Input) bot.Output {
		return bot.Output{Feeling: &chat.Feeling{Name: chat.Angry, Intensity: .9}, Escalate: &bot.Escalation{Reason: chat.ReasonFeeling}}
	}}, chat.Post{Text: "Laskutitte kahdesti"})
	resolved = step(t, resolved.Conversation, says(""), by(chat.RoleAgent, "aino"), chat.Take{})
	resolved = step(t, resolved.Conversation, says(""), by(chat.RoleAgent, "aino"), chat.Resolve{})
	want := chat.Visit{Conversation: "c1", At: resolved.Conversation.OpenedAt, About: "Laskutitte kahdesti", Agent: "aino", Outcome: "resolved", Feeling: chat.Angry}
	if diff := cmp.Diff(want, plan.Visit(resolved.Conversation)); diff != "" {
		t.Error(diff)
	}
	left := run(t, says("Hei"), chat.Post{Text: "Moi"}, chat.End{})
	if got := plan.Visit(left.Conversation).Outcome; got != "bot" {
		t.Errorf("what the bot handled to the end is %q", got)
	}
}

func TestWhatIsSecretInAPageIsMasked(t *testing.T) {
	secret := "4111 1111 1111 1111"
	page := chat.Page{URL: "https://shop.example/pay/4111111111111111", Title: "Kortti " + secret, Referrer: "https://shop.example/?" + secret}
	given := page
	r := run(t, says("Hei"), chat.Post{Text: "Moi", Page: &page})
	if page != given {
		t.Errorf("the page that was given is now %+v", page)
	}
	for _, e := range r.Events {
		if e.Kind != chat.KindMessage || e.Contents.Page == nil {
			continue
		}
		stored := *e.Contents.Page
		if text := stored.URL + stored.Title + stored.Referrer; strings.Contains(text, "4111 1111 1111") || strings.Contains(text, "411111111111") || !strings.Contains(stored.URL, "shop.example") {
			t.Errorf("stored %+v", stored)
		}
		return
	}
	t.Error("no page was stored")
}
