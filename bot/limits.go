package bot

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Bounds of what an author's expressions may cost: neither a pattern nor a condition can make an answer late.
const (
	maxPattern      = 500 // bytes
	maxPatternSteps = 300 // instructions of its program: x{1,500} has 1,000
	maxPatterns     = 100 // of a folder's entities
	maxNodes        = 200 // of a condition
	maxSpan         = 1000
)

// compilePattern compiles a regular expression; fault says why it is refused, "" if it is not.
func compilePattern(source string) (re *regexp.Regexp, fault string) {
	if len(source) > maxPattern {
		return nil, fmt.Sprintf("it is longer than %d bytes", maxPattern)
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err.Error()
	}
	if n := len(program.Inst); n > maxPatternSteps {
		return nil, fmt.Sprintf("it repeats too much (%d steps a letter, %d are allowed)", n, maxPatternSteps)
	}
	re, err = regexp.Compile(source)
	if err != nil {
		return nil, err.Error()
	}
	return re, ""
}

// builtins are the functions of conditions. None of them can make a text or a list longer than what it is given, so
// a condition's cost is bounded by its length and that of the message.
var builtins = []string{
	"len", "lower", "upper", "trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix", "indexOf", "abs", "ceil", "floor", "round", "int", "float", "string", "type",
	"all", "any", "one", "none", "filter", "find", "count", "first", "last", "min", "max", "sum", "get", "keys",
}

func builtinOptions() []expr.Option {
	out := []expr.Option{expr.DisableAllBuiltins(), expr.MaxNodes(maxNodes)}
	for _, name := range builtins {
		out = append(out, expr.EnableBuiltin(name))
	}
	return out
}

// runsAway says why a condition could take long, "" if it cannot: a list gone through for each element of another, a
// long span of numbers, a text that doubles itself, or a pattern made out of a message.
func runsAway(source string) string {
	tree, err := parser.Parse(source)
	if err != nil {
		return "" // which compiling tells better
	}
	w := &walker{}
	ast.Walk(&tree.Node, w)
	return w.fault
}

type walker struct{ fault string }

// Visit looks at one node.
func (w *walker) Visit(n *ast.Node) {
	if w.fault != "" {
		return
	}
	switch n := (*n).(type) {
	case *ast.PredicateNode:
		inner := &nested{}
		ast.Walk(&n.Node, inner)
		if inner.found {
			w.fault = "it goes through a list for each element of a list"
		}
	case *ast.BuiltinNode:
		if !slices.Contains(builtins, n.Name) {
			w.fault = n.Name + " is not used in a condition"
		}
	case *ast.VariableDeclaratorNode:
		w.fault = "let is not used in a condition"
	case *ast.BinaryNode:
		w.fault = binaryFault(n)
	}
}

func binaryFault(n *ast.BinaryNode) string {
	switch n.Operator {
	case "..":
		from, ok := n.Left.(*ast.IntegerNode)
		to, ok2 := n.Right.(*ast.IntegerNode)
		if !ok || !ok2 || to.Value-from.Value > maxSpan {
			return fmt.Sprintf("a span must have two figures, at most %d apart", maxSpan)
		}
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			return "the pattern after matches must be written out"
		}
		if _, fault := compilePattern(pattern.Value); fault != "" {
			return "its pattern is broken: " + fault
		}
	case "^", "**":
		return "powers are not used in a condition"
	}
	return ""
}

// nested finds a list gone through inside of another.
type nested struct{ found bool }

// Visit looks at one node.
func (w *nested) Visit(n *ast.Node) {
	switch n := (*n).(type) {
	case *ast.PredicateNode:
		w.found = true
	case *ast.BinaryNode:
		w.found = w.found || n.Operator == ".."
	}
}
