package bot

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// memory is what the bot remembers between two messages.
type memory struct {
	Version string            `json:"v,omitempty"` // of the folder that the form below was begun with
	Form    *running          `json:"form,omitempty"`
	Last    *running          `json:"last,omitempty"` // the last form that was filled or left
	Slots   map[string]string `json:"slots,omitempty"`
	Misses  int               `json:"misses,omitempty"`
	Refused bool              `json:"refused,omitempty"` // a person is not wanted
	Said    []string          `json:"said,omitempty"`    // the rules used last, latest last
	Choices map[string]string `json:"choices,omitempty"` // what the buttons of a clarifying question mean
	Action  string            `json:"action,omitempty"`  // under way
	Intent  string            `json:"intent,omitempty"`  // understood last
	Hello   bool              `json:"hello,omitempty"`   // it has still to be said that this is a bot
	Course  understand.Course `json:"course,omitzero"`   // for the moment to hand over
}

// running is a form in progress with its definition, which holds even when the folder has changed meanwhile.
type running struct {
	ID        string            `json:"id"`
	Say       string            `json:"say,omitempty"`
	Fields    []runningField    `json:"fields"`
	Values    map[string]string `json:"values,omitempty"`
	Done      runningDone       `json:"done"`
	Cancelled string            `json:"cancelled,omitempty"` // words
	Tries     int               `json:"tries,omitempty"`     // times that nothing useful came
	Rule      string            `json:"rule,omitempty"`      // that began it
	Took      string            `json:"took,omitempty"`      // the field that took free words last
	Check     bool              `json:"check,omitempty"`     // it was asked whether all is right as it stands
}

type runningField struct {
	Name     string `json:"n"`
	Label    string `json:"l"` // words
	Kind     string `json:"k"`
	Pattern  string `json:"p,omitempty"`
	Wrong    string `json:"w,omitempty"` // words
	Required bool   `json:"r,omitempty"`
}

type runningDone struct {
	Say     []string `json:"say,omitempty"`
	Options []string `json:"options,omitempty"`
	Form    string   `json:"form,omitempty"`
	Action  string   `json:"action,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Team    string   `json:"team,omitempty"`

	Skills   []string `json:"skills,omitempty"`
	Priority string   `json:"priority,omitempty"`
}

func (d runningDone) outcome() outcome {
	o := outcome{say: d.Say, options: d.Options, form: d.Form, action: d.Action}
	if d.Reason != "" {
		o.escalate = &handover{d.Reason, d.Team, d.Skills, d.Priority}
	}
	return o
}

// Bounds of what is remembered.
const (
	maxSlots = 24
	maxValue = 200 // characters
	maxSaid  = 3
)

// recall reads a memory. What cannot be read is forgotten: the bot then begins anew rather than fail.
func recall(raw chat.Memory) memory {
	m, plain := recallPlain(raw)
	if !plain {
		if m = (memory{}); len(raw) > 0 && json.Unmarshal(raw, &m) != nil {
			m = memory{}
		}
	}
	if m.Slots == nil {
		m.Slots = map[string]string{}
	}
	for _, f := range []*running{m.Form, m.Last} {
		if f != nil && f.Values == nil {
			f.Values = map[string]string{}
		}
	}
	return m
}

// keep writes the memory within MaxMemory: what matters least goes first.
func (m memory) keep() chat.Memory {
	for step := 0; ; step++ {
		if raw, ok := keepPlain(&m); ok && len(raw) <= MaxMemory {
			return raw
		}
		raw, err := json.Marshal(m)
		if err == nil && len(raw) <= MaxMemory {
			return raw
		}
		switch step {
		case 0:
			m.Last = nil
		case 1:
			m.Choices, m.Said = nil, nil
		case 2:
			m.Slots = nil
		case 3:
			m.shortenForm()
		case 4:
			m.Form = nil
		default:
			return chat.Memory("{}")
		}
	}
}

func (m *memory) shortenForm() {
	if m.Form == nil {
		return
	}
	f := *m.Form
	f.Say, f.Cancelled = "", ""
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Wrong = ""
	}
	m.Form = &f
}

// learn remembers a value.
func (m *memory) learn(name, value string) {
	if _, known := m.Slots[name]; (known || len(m.Slots) < maxSlots) && value != "" {
		m.Slots[name] = cutWords(value, maxValue)
	}
}

func (m *memory) usedRule(id string) {
	m.Said = append(m.Said, id)
	if len(m.Said) > maxSaid {
		m.Said = m.Said[len(m.Said)-maxSaid:]
	}
}

// fields are all values known so far.
func (m *memory) fields() map[string]string {
	if len(m.Slots) == 0 && m.Last == nil && m.Form == nil {
		return nil
	}
	out := maps.Clone(m.Slots)
	for _, f := range []*running{m.Last, m.Form} {
		if f != nil {
			maps.Copy(out, f.Values)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// cutWords returns the first n characters of s.
func cutWords(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
