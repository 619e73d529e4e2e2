package bot

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// TestReport is what came of a folder's own tests.
type TestReport struct {
	Tests  int
	Steps  int
	Failed []TestFailure
}

// TestFailure is one expectation that was not met.
type TestFailure struct {
	File string
	Line int
	Test string
	Want string
	Got  string
}

// String is the failure as one line.
func (f TestFailure) String() string {
	return fmt.Sprintf("%s:%d: %s: want %s, got %s", f.File, f.Line, f.Test, f.Want, f.Got)
}

// conversationTest is a conversation with what must be answered.
type conversationTest struct {
	file     string
	line     int
	name     string
	language string
	visits   int
	page     string
	now      time.Time
	steps    []testStep
}

// testStep is one thing the customer does, and what is expected of the bot. An empty expectation is not looked at.
type testStep struct {
	line   int
	user   string
	submit map[string]string
	choose string
	asks   bool
	result *chat.ActionResult

	form, action, escalate, intent, language, feeling, contains, article string
	say, options                                                         []string
	silent                                                               bool
}

// checkTests reads the tests so that a broken one is found at load; they run in Test.
func (l *loader) checkTests() {
	for _, t := range l.readTests() {
		for _, s := range t.steps {
			for _, key := range s.say {
				l.use(t.file, s.line, "answer", key)
			}
		}
	}
}

func (l *loader) readTests() []conversationTest {
	var out []conversationTest
	for _, file := range l.under("tests") {
		root := l.parse(file)
		if root == nil {
			continue
		}
		l.only(file, root, "tests")
		for _, n := range l.maps(file, root, "tests") {
			out = append(out, l.readTest(file, n))
		}
	}
	return out
}

func (l *loader) readTest(file string, n *node) conversationTest {
	l.only(file, n, "name", "language", "visits", "page", "now", "steps")
	t := conversationTest{file: file, line: n.line, name: l.str(file, n, "name"), language: l.str(file, n, "language"), page: l.str(file, n, "page")}
	if t.name == "" {
		l.fault(file, n.line, "Say in a few words what it shows.", "a test needs a name")
	}
	t.now = time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	if s := l.str(file, n, "now"); s != "" {
		at, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			l.fault(file, lineAt(n, "now"), "Write like 2026-03-17 14:30.", "%q is no time", s)
		}
		t.now = at
	}
	if s := l.str(file, n, "visits"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 {
			l.fault(file, lineAt(n, "visits"), "", "visits must be a number")
		}
		t.visits = v
	}
	steps := l.maps(file, n, "steps")
	if len(steps) == 0 {
		l.fault(file, n.line, "Add steps with user: and what is expected.", "the test %q has no steps", t.name)
	}
	for _, s := range steps {
		t.steps = append(t.steps, l.readStep(file, s))
	}
	return t
}

func (l *loader) readStep(file string, n *node) testStep {
	l.only(file, n, "user", "submit", "choose", "asks", "result", "say", "contains", "form", "action", "escalate", "intent", "language", "feeling", "options", "article", "silent")
	s := testStep{
		line: n.line, user: l.str(file, n, "user"), choose: l.str(file, n, "choose"), say: l.strs(file, n, "say"), contains: l.str(file, n, "contains"),
		form: l.str(file, n, "form"), action: l.str(file, n, "action"), escalate: l.str(file, n, "escalate"), intent: l.str(file, n, "intent"),
		language: l.str(file, n, "language"), feeling: l.str(file, n, "feeling"), options: l.strs(file, n, "options"), article: l.str(file, n, "article"),
		asks: l.boolean(file, n, "asks", false), silent: l.boolean(file, n, "silent", false),
	}
	if sub := n.get("submit"); sub != nil && sub.kind == mapNode {
		s.submit = map[string]string{}
		for _, k := range sub.keys {
			s.submit[k.key] = k.value.text
		}
	}
	if s.escalate != "" && s.escalate != "no" {
		l.checkReason(file, lineAt(n, "escalate"), s.escalate)
	}
	if r := n.get("result"); r != nil {
		s.result = l.readResult(file, r)
	}
	if s.user == "" && s.submit == nil && s.choose == "" && !s.asks && s.result == nil {
		l.fault(file, n.line, "Add user, submit, choose, asks or result.", "nothing happens in this step")
	}
	return s
}

func (l *loader) readResult(file string, n *node) *chat.ActionResult {
	l.only(file, n, "status", "body", "error")
	r := &chat.ActionResult{Error: l.str(file, n, "error")}
	if s := l.str(file, n, "status"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil {
			l.fault(file, lineAt(n, "status"), "", "status must be a number")
		}
		r.Status = v
	}
	if b := n.get("body"); b != nil && b.kind != nullNode {
		if b.kind == scalarNode && b.quoted {
			r.Body = b.text
		} else if raw, err := json.Marshal(b.plain()); err == nil {
			r.Body = string(raw)
		}
	}
	return r
}

// plain is the node as JSON would have it.
func (n *node) plain() any {
	switch n.kind {
	case mapNode:
		m := map[string]any{}
		for _, k := range n.keys {
			m[k.key] = k.value.plain()
		}
		return m
	case listNode:
		list := []any{}
		for _, c := range n.list {
			list = append(list, c.plain())
		}
		return list
	case nullNode:
		return nil
	}
	if !n.quoted {
		if n.text == "true" || n.text == "false" {
			return n.text == "true"
		}
		if v, err := strconv.ParseFloat(n.text, 64); err == nil {
			return v
		}
	}
	return n.text
}

// Test runs the conversations in the folder's tests against b. The error says that they could not be read.
func Test(b *Bot, fsys fs.FS) (TestReport, error) {
	l := newLoader(fsys)
	l.bot.languages = b.languages
	if !l.readFiles() {
		return TestReport{}, fmt.Errorf("read tests: %s", l.faults[0])
	}
	tests := l.readTests()
	if hasError(l.faults) {
		sortFaults(l.faults)
		return TestReport{}, fmt.Errorf("read tests: %s", l.faults[0])
	}
	var report TestReport
	for i := range tests {
		report.Tests++
		report.Steps += len(tests[i].steps)
		r := runner{bot: b, test: &tests[i], language: tests[i].language}
		r.run()
		report.Failed = append(report.Failed, r.failed...)
	}
	return report, nil
}

// runner plays one test as the desk would.
type runner struct {
	bot      *Bot
	test     *conversationTest
	language string
	memory   chat.Memory
	lines    []chat.Line
	feelings []chat.FeelingMark
	seq      int64
	failed   []TestFailure
}

func (r *runner) run() {
	for i := range r.test.steps {
		s := &r.test.steps[i]
		var out Output
		if s.user != "" || s.submit != nil || s.choose != "" || s.asks {
			out = r.step(Input{Text: s.user, Fields: s.submit, Option: s.choose, Asked: s.asks, First: i == 0})
			if s.result != nil && out.Action != nil {
				r.expect(s.line, "action", s.action, out.Action.ID)
			}
		}
		if s.result != nil {
			id := ""
			if out.Action != nil {
				id = out.Action.ID
			}
			res := *s.result
			res.ID = id
			out = r.step(Input{Result: &res})
			out.Action = &chat.Action{ID: id}
		}
		r.check(s, out)
	}
}

func (r *runner) step(in Input) Output {
	in.Conversation, in.Language, in.Memory = r.test.name, r.language, r.memory
	in.Page, in.Visits, in.Now, in.Lines, in.Feelings = r.test.page, r.test.visits, r.test.now, r.lines, r.feelings
	if in.Option != "" && in.Text == "" {
		in.Text = r.label(in.Option)
	}
	r.seq++
	in.Pos = r.seq
	if in.Text != "" {
		r.lines = append(r.lines, chat.Line{Seq: r.seq, At: r.test.now, Role: chat.RoleVisitor, Text: in.Text})
		in.Lines = r.lines
	}
	out := r.bot.Reply(in)
	r.memory, r.language = out.Memory, out.Language
	if out.Feeling != nil {
		r.feelings = append(r.feelings, chat.FeelingMark{Feeling: *out.Feeling, Seq: r.seq})
	}
	for _, s := range out.Say {
		r.seq++
		r.lines = append(r.lines, chat.Line{Seq: r.seq, At: r.test.now, Role: chat.RoleBot, Text: s.Text, Intent: out.Intent})
	}
	return out
}

func (r *runner) label(option string) string {
	if o := r.bot.options[option]; o != nil {
		t := &turn{bot: r.bot, language: r.bot.speak(r.language), mem: recall(r.memory)}
		return t.words(o.label)
	}
	return option
}

func (r *runner) expect(line int, what, want, got string) {
	if want != "" && want != got {
		r.failed = append(r.failed, TestFailure{r.test.file, line, r.test.name, what + " " + strconv.Quote(want), strconv.Quote(got)})
	}
}

// check compares what the bot did with what the step expects. A handover that is not expected is a failure too.
func (r *runner) check(s *testStep, out Output) {
	for _, key := range s.say {
		if !r.saysKey(key, out) {
			r.failed = append(r.failed, TestFailure{r.test.file, s.line, r.test.name, "the answer " + key, strconv.Quote(allSaid(out))})
		}
	}
	if s.contains != "" && !strings.Contains(strings.ToLower(allSaid(out)), strings.ToLower(s.contains)) {
		r.failed = append(r.failed, TestFailure{r.test.file, s.line, r.test.name, "words " + strconv.Quote(s.contains), strconv.Quote(allSaid(out))})
	}
	reason := "no"
	if out.Escalate != nil {
		reason = out.Escalate.Reason
	}
	want := s.escalate
	if want == "" {
		want = "no"
	}
	r.expect(s.line, "escalate", want, reason)
	actionID, formID := "", ""
	if out.Action != nil {
		actionID = out.Action.ID
	}
	var options []string
	for _, say := range out.Say {
		if say.Form != nil {
			formID = say.Form.ID
		}
		for _, o := range say.Options {
			options = append(options, o.ID)
		}
	}
	r.expect(s.line, "action", s.action, actionID)
	r.expect(s.line, "article", s.article, articleIn(out))
	r.expect(s.line, "form", s.form, formID)
	r.expect(s.line, "intent", s.intent, out.Intent)
	r.expect(s.line, "language", s.language, out.Language)
	if s.feeling != "" {
		feeling := chat.Calm
		if out.Feeling != nil {
			feeling = out.Feeling.Name
		}
		r.expect(s.line, "feeling", s.feeling, feeling)
	}
	for _, o := range s.options {
		if !slices.Contains(options, o) {
			r.expect(s.line, "option", o, strings.Join(options, " "))
		}
	}
	if s.silent && len(out.Say) > 0 {
		r.expect(s.line, "words", "none", allSaid(out))
	}
}

// articleIn is the name of the article that was read out, "" where none was.
func articleIn(out Output) string {
	for _, s := range out.Say {
		for _, b := range s.Because {
			if name, ok := strings.CutPrefix(b.Rule, "article "); ok {
				return name
			}
		}
	}
	return ""
}

// saysKey tells whether one of the things said is a variant of an answer.
func (r *runner) saysKey(key string, out Output) bool {
	values := r.bot.spoken(out.Language, out.Fields)
	for _, t := range r.bot.answers[out.Language][key] {
		text, ok := t.render(values, nil)
		if !ok {
			continue
		}
		for _, s := range out.Say {
			if strings.Contains(s.Text, text) {
				return true
			}
		}
	}
	return false
}

func allSaid(out Output) string {
	var texts []string
	for _, s := range out.Say {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, " / ")
}
