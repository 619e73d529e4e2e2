package bot

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/kohta/kohta/chat"
)

// feelingNames are what a condition's feeling can be.
var feelingNames = []string{chat.Calm, chat.Pleased, chat.Frustrated, chat.Angry, chat.Distressed, chat.Urgent, "crisis"}

// noNil lets a condition say of a value that it is nil. A value that is not known is an empty text.
type noNil struct{}

// Visit looks at one node.
func (noNil) Visit(n *ast.Node) {
	b, ok := (*n).(*ast.BinaryNode)
	if !ok || b.Operator != "==" && b.Operator != "!=" {
		return
	}
	for _, sides := range [...][2]*ast.Node{{&b.Left, &b.Right}, {&b.Right, &b.Left}} {
		_, isNil := (*sides[1]).(*ast.NilNode)
		if _, ok := slotName(*sides[0]); ok && isNil {
			ast.Patch(sides[1], &ast.StringNode{})
		}
	}
}

// slotName is the name of slots.name and slots["name"].
func slotName(n ast.Node) (string, bool) {
	if c, ok := n.(*ast.ChainNode); ok { // slots?.name
		n = c.Node
	}
	m, ok := n.(*ast.MemberNode)
	if !ok || !isName(m.Node, "slots") {
		return "", false
	}
	name, ok := m.Property.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return name.Value, true
}

func isName(n ast.Node, name string) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && id.Value == name
}

// noteNames remembers what a condition names, for checkUses: values, intents and feelings.
func (l *loader) noteNames(file string, line int, source string) {
	tree, err := parser.Parse(source)
	if err != nil {
		return
	}
	w := &namer{}
	ast.Walk(&tree.Node, w)
	for _, u := range w.uses {
		l.uses = append(l.uses, use{place{file, line}, u.what, u.name})
	}
}

type namer struct{ uses []use }

func (w *namer) add(what, name string) {
	if u := (use{what: what, name: name}); !slices.Contains(w.uses, u) {
		w.uses = append(w.uses, u)
	}
}

// Visit looks at one node.
func (w *namer) Visit(n *ast.Node) {
	if name, ok := slotName(*n); ok {
		w.add("value", name)
	}
	b, ok := (*n).(*ast.BinaryNode)
	if !ok || b.Operator != "==" && b.Operator != "!=" && b.Operator != "in" {
		return
	}
	for _, sides := range [...][2]ast.Node{{b.Left, b.Right}, {b.Right, b.Left}} {
		for _, text := range texts(sides[1]) {
			switch {
			case b.Operator == "in" && isName(sides[0], "slots"):
				w.add("value", text)
			case isName(sides[0], "intent"):
				w.add("named intent", text)
			case isName(sides[0], "feeling"):
				w.add("feeling", text)
			}
		}
	}
}

// texts are the texts written out in a text or a list.
func texts(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.StringNode:
		return []string{n.Value}
	case *ast.ArrayNode:
		var out []string
		for _, x := range n.Nodes {
			out = append(out, texts(x)...)
		}
		return out
	}
	return nil
}

// checkNamed warns of a name in a condition that can never be met.
func (l *loader) checkNamed(u use) {
	switch {
	case u.what == "value" && !l.variables[u.name]:
		l.warn(u.file, u.line, didYouMean(u.name, sortedNames(l.variables))+"Name a field of a form, an entity, or a name that a look-up sets.", "nothing gives the value %q of this condition", u.name)
	case u.what == "named intent" && !l.intents[u.name] && u.name != "":
		l.warn(u.file, u.line, didYouMean(u.name, sortedNames(l.intents))+"Check the spelling, or add it.", "there is no intent %q, which this condition names", u.name)
	case u.what == "feeling" && !slices.Contains(feelingNames, u.name):
		l.warn(u.file, u.line, "A feeling is one of "+strings.Join(feelingNames, ", ")+".", "there is no feeling %q, which this condition names", u.name)
	}
}
