package bot

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	mapNode
)

// node is a piece of YAML with its place: what a bot folder may use of the language. Anchors, aliases, tags and merge
// keys are refused, so a small file cannot unfold into a large one.
type node struct {
	kind   nodeKind
	line   int
	text   string // of a scalar
	quoted bool   // the scalar was written in quotes or as a block
	block  bool   // the scalar was written as a block: its text begins on the next line
	list   []*node
	keys   []keyed
}

type keyed struct {
	key   string
	line  int
	value *node
}

// get returns the value of a key, nil where there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.keys {
		if n.keys[i].key == key {
			return n.keys[i].value
		}
	}
	return nil
}

const maxDepth = 24

type yamlError struct {
	line    int
	message string
}

// parseYAML reads one document. An empty file is a null node.
func parseYAML(data []byte) (n *node, err *yamlError) {
	defer func() {
		if p := recover(); p != nil {
			n, err = nil, &yamlError{0, "this is no YAML"}
		}
	}()
	f, perr := parser.ParseBytes(data, 0)
	if perr != nil {
		return nil, yamlFault(perr)
	}
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			return nil, &yamlError{lineOf(d.Body), "there is more than one document in the file"}
		}
		body = d.Body
	}
	if body == nil {
		return &node{line: 1}, nil
	}
	return convert(body, 0)
}

func yamlFault(err error) *yamlError {
	type positioned interface{ GetToken() *token.Token }
	line := 0
	if p, ok := err.(positioned); ok && p.GetToken() != nil {
		line = p.GetToken().Position.Line
	}
	type worded interface{ GetMessage() string }
	message := "the YAML is broken"
	if w, ok := err.(worded); ok {
		message += ": " + plainYAML(w.GetMessage())
	}
	return &yamlError{line, message}
}

// plainYAML says in an author's words what the parser says in its own.
func plainYAML(message string) string {
	for _, w := range [][2]string{
		{"map key-value is pre-defined", "a key stands where its line should go on; its indentation is wrong, or a text with \": \" in it wants quotes"},
		{"value is not allowed in this context", "a text stands where a key should; its indentation is wrong, or a colon is missing"},
		{"non-map value is specified", "a text stands where a key should; its indentation is wrong, or a colon is missing"},
		{"could not find end character of double-quoted text", "a double quote is not closed"},
		{"could not find end character of single-quoted text", "a single quote is not closed"},
		{"sequence end token ']' not found", "a [ is not closed"},
		{"',' or ']' must be specified", "a [ is not closed, or a comma is missing"},
		{"could not find flow mapping end token '}'", "a { is not closed"},
		{"',' or '}' must be specified", "a { is not closed, or a comma is missing"},
		{"tab character", "a tab stands where spaces should"},
		{"character '\t'", "a tab stands where spaces should"},
		{"block sequence entries are not allowed", "a list begins where none may; its indentation is wrong"},
		{"mapping value is not allowed", "a second colon stands in the line; put the text in quotes"},
	} {
		if strings.Contains(message, w[0]) {
			return w[1]
		}
	}
	return message
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func convert(n ast.Node, depth int) (*node, *yamlError) {
	line := lineOf(n)
	if depth > maxDepth {
		return nil, &yamlError{line, "this is nested too deeply"}
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return &node{line: line}, nil
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		return &node{kind: scalarNode, line: line, text: n.Value, quoted: quoted}, nil
	case *ast.LiteralNode:
		return &node{kind: scalarNode, line: n.Start.Position.Line, text: n.Value.Value, quoted: true, block: true}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &node{kind: scalarNode, line: line, text: strings.TrimSpace(n.GetToken().Value)}, nil
	case *ast.SequenceNode:
		return convertList(n, line, depth)
	case *ast.MappingNode:
		return convertMap(n.Values, line, depth)
	case *ast.MappingValueNode:
		return convertMap([]*ast.MappingValueNode{n}, line, depth)
	case *ast.CommentGroupNode:
		return &node{line: line}, nil
	}
	return nil, &yamlError{line, "anchors, aliases, tags and merge keys are not used in a bot folder"}
}

func convertList(n *ast.SequenceNode, line, depth int) (*node, *yamlError) {
	out := &node{kind: listNode, line: line}
	for _, v := range n.Values {
		child, err := convert(v, depth+1)
		if err != nil {
			return nil, err
		}
		out.list = append(out.list, child)
	}
	return out, nil
}

func convertMap(values []*ast.MappingValueNode, line, depth int) (*node, *yamlError) {
	out := &node{kind: mapNode, line: line}
	if len(values) > 0 {
		out.line = lineOf(values[0].Key)
	}
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		key, err := convert(v.Key, depth+1)
		if err != nil || key.kind != scalarNode && key.kind != nullNode {
			return nil, &yamlError{lineOf(v.Key), "a key must be a plain word"}
		}
		if key.kind == nullNode {
			key.text = v.Key.GetToken().Value
		}
		if seen[key.text] {
			return nil, &yamlError{key.line, fmt.Sprintf("the key %q stands twice", key.text)}
		}
		seen[key.text] = true
		value, err := convert(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		out.keys = append(out.keys, keyed{key.text, key.line, value})
	}
	return out, nil
}
