package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// ruleFacts is what a rule's condition may ask for.
type ruleFacts struct {
	Text       string            `expr:"text"`
	Intent     string            `expr:"intent"`
	Confidence float64           `expr:"confidence"`
	Language   string            `expr:"language"`
	Page       string            `expr:"page"`
	Hour       int               `expr:"hour"`
	Weekday    int               `expr:"weekday"` // 1 Monday to 7 Sunday
	Visits     int               `expr:"visits"`
	Slots      map[string]string `expr:"slots"`
	Money      float64           `expr:"money"`
	Misses     int               `expr:"misses"`
	Feeling    string            `expr:"feeling"`
	Intensity  float64           `expr:"intensity"`
}

// resultFacts is what a case of an action's result may ask for.
type resultFacts struct {
	Status   int               `expr:"status"`
	Body     any               `expr:"body"`
	Slots    map[string]string `expr:"slots"`
	Language string            `expr:"language"` // that the answer is given in
}

type envKind uint8

const (
	ruleEnv     envKind = iota // a condition over ruleFacts
	resultEnv                  // a condition over resultFacts
	resultValue                // a value out of resultFacts
)

// condition is a compiled expression; nil holds always.
type condition struct {
	source  string
	program *vm.Program
}

const maxCondition = 1000

func (l *loader) condition(file string, n *node, key string, kind envKind) *condition {
	c := n.get(key)
	if c == nil || c.kind == nullNode {
		return nil
	}
	if c.kind != scalarNode {
		l.fault(file, c.line, "", "%s must be a condition, as a text", key)
		return nil
	}
	return l.compile(file, c.line, c.text, kind)
}

// compile checks names and types of an expression. What can be wrong with it is found here, not in a conversation.
func (l *loader) compile(file string, line int, source string, kind envKind) *condition {
	if len(source) > maxCondition {
		l.fault(file, line, "", "the condition is longer than %d bytes", maxCondition)
		return nil
	}
	options := []expr.Option{expr.Env(resultFacts{}), expr.AsBool()}
	switch kind {
	case ruleEnv:
		options[0] = expr.Env(ruleFacts{})
	case resultValue:
		options = []expr.Option{expr.Env(resultFacts{}), expr.AsAny()}
	}
	if fault := runsAway(source); fault != "" {
		l.fault(file, line, "docs/bot-authoring.md lists what a condition may use.", "the condition %q could take long: %s", source, fault)
		return nil
	}
	options = append(append(options, builtinOptions()...), expr.Patch(noNil{}))
	program, err := expr.Compile(source, options...)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		if strings.HasPrefix(first, `unexpected token Operator("=")`) {
			first = "one equal sign compares nothing: write two, =="
		}
		l.fault(file, line, "docs/bot-authoring.md lists what a condition may use.", "the condition %q is broken: %s", source, first)
		return nil
	}
	l.noteNames(file, line, source)
	return &condition{source, program}
}

// machines are what conditions run on. Each is used by one at a time.
var machines = sync.Pool{New: func() any { return new(vm.VM) }}

func (c *condition) run(facts any) (any, error) {
	m := machines.Get().(*vm.VM)
	out, err := m.Run(c.program, facts)
	if err == nil {
		clear(m.Variables) // what was asked for is not kept
		machines.Put(m)
	}
	return out, err
}

// holds tells whether the condition is met. What cannot be computed, such as a field that a body has not, is not met.
func (c *condition) holds(facts any) bool {
	if c == nil {
		return true
	}
	out, err := c.run(facts)
	met, ok := out.(bool)
	return err == nil && ok && met
}

// value computes a text, ok false when it cannot.
func (c *condition) value(facts any) (string, bool) {
	out, err := c.run(facts)
	if err != nil || out == nil {
		return "", false
	}
	switch v := out.(type) {
	case string:
		return v, v != ""
	case float64:
		if v == float64(int64(v)) {
			return fmt.Sprint(int64(v)), true
		}
		return fmt.Sprint(v), true
	case bool, int, int64, json.Number:
		return fmt.Sprint(v), true
	}
	return "", false
}
