package bot

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// implies tells whether condition a can only hold where b holds: each of b's parts, joined by &&, is a part of a or
// follows from one, as money > 50 does from money > 100. In doubt it does not.
func implies(a, b string) bool {
	of, wanted := conjuncts(a), conjuncts(b)
	for _, p := range wanted {
		if !slices.ContainsFunc(of, func(q ast.Node) bool { return q.String() == p.String() || follows(p, q) }) {
			return false
		}
	}
	return len(wanted) > 0
}

// parts are the parts of a condition that && joins.
func parts(condition string) []string {
	var out []string
	for _, n := range conjuncts(condition) {
		out = append(out, n.String())
	}
	return out
}

func conjuncts(condition string) []ast.Node {
	tree, err := parser.Parse(condition)
	if err != nil {
		return nil
	}
	return joined(tree.Node)
}

func joined(n ast.Node) []ast.Node {
	if b, ok := n.(*ast.BinaryNode); ok && (b.Operator == "&&" || b.Operator == "and") {
		return append(joined(b.Left), joined(b.Right)...)
	}
	return []ast.Node{n}
}

// bound is a comparison of something with a figure: what op value.
type bound struct {
	what, op string
	value    float64
}

var turned = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}

func boundOf(n ast.Node) (bound, bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok || turned[b.Operator] == "" {
		return bound{}, false
	}
	if v, ok := figureOf(b.Right); ok {
		return bound{b.Left.String(), b.Operator, v}, true
	}
	if v, ok := figureOf(b.Left); ok {
		return bound{b.Right.String(), turned[b.Operator], v}, true
	}
	return bound{}, false
}

func figureOf(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	}
	return 0, false
}

// follows tells whether p holds wherever q does, of two comparisons of the same thing.
func follows(p, q ast.Node) bool {
	if one, ok := equals(q); ok {
		if list, of := oneOf(p); of == one.what && slices.Contains(list, one.text) {
			return true
		}
	}
	want, ok := boundOf(p)
	have, ok2 := boundOf(q)
	if !ok || !ok2 || want.what != have.what {
		return false
	}
	switch want.op {
	case ">":
		return (have.op == ">" && have.value >= want.value) || (have.op == ">=" || have.op == "==") && have.value > want.value
	case ">=":
		return (have.op == ">" || have.op == ">=" || have.op == "==") && have.value >= want.value
	case "<":
		return (have.op == "<" && have.value <= want.value) || (have.op == "<=" || have.op == "==") && have.value < want.value
	case "<=":
		return (have.op == "<" || have.op == "<=" || have.op == "==") && have.value <= want.value
	}
	return false
}

type equal struct{ what, text string }

// equals is a comparison with a text: intent == "pay".
func equals(n ast.Node) (equal, bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok || b.Operator != "==" {
		return equal{}, false
	}
	if s, ok := b.Right.(*ast.StringNode); ok {
		return equal{b.Left.String(), s.Value}, true
	}
	if s, ok := b.Left.(*ast.StringNode); ok {
		return equal{b.Right.String(), s.Value}, true
	}
	return equal{}, false
}

// oneOf is what stands in a list of texts: intent in ["pay", "refund"].
func oneOf(n ast.Node) (list []string, of string) {
	if b, ok := n.(*ast.BinaryNode); ok && b.Operator == "in" {
		return texts(b.Right), b.Left.String()
	}
	return nil, ""
}

// ranges are what figures of a condition can be, the ends among them.
var ranges = map[string][2]float64{"hour": {0, 23}, "weekday": {1, 7}, "confidence": {0, 1}, "intensity": {0, 1}}

// alwaysFalse tells whether a condition never holds: it says so, asks for an hour that no day has, or for what two of its
// parts deny each other. In doubt it may hold.
func alwaysFalse(condition string) bool {
	low, high := map[string]float64{}, map[string]float64{}
	said := map[string]string{}
	for name, r := range ranges {
		low[name], high[name] = r[0], r[1]
	}
	for _, n := range conjuncts(condition) {
		if no, ok := n.(*ast.BoolNode); ok && !no.Value {
			return true
		}
		if e, ok := equals(n); ok {
			if before, there := said[e.what]; there && before != e.text {
				return true
			}
			said[e.what] = e.text
		}
		if b, ok := boundOf(n); ok && !narrow(low, high, b) {
			return true
		}
	}
	return false
}

// narrow takes a comparison into the lowest and the highest that something can be; false when nothing is left.
func narrow(low, high map[string]float64, b bound) bool {
	l, hasLow := low[b.what]
	h, hasHigh := high[b.what]
	switch b.op {
	case ">", ">=", "==":
		if hasHigh && (b.value > h || b.op == ">" && b.value == h) {
			return false
		}
		if !hasLow || b.value > l {
			low[b.what] = b.value
		}
	}
	switch b.op {
	case "<", "<=", "==":
		if hasLow && (b.value < l || b.op == "<" && b.value == l) {
			return false
		}
		if !hasHigh || b.value < h {
			high[b.what] = b.value
		}
	}
	return true
}
