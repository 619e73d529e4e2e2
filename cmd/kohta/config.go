package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// configError says what is wrong with the configuration file and what to do.
type configError struct{ words string }

func (e configError) Error() string { return e.words }

// readConfig reads the file of --config: YAML, its keys the names of the flags. A flag beats the environment, the
// environment beats the file.
func readConfig(env func(string) string) kong.ConfigurationLoader {
	return func(r io.Reader) (kong.Resolver, error) {
		text, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if err != nil {
			return nil, configError{fmt.Sprintf("The configuration file cannot be read: %v. Give --config a YAML file.", err)}
		}
		file, err := parser.ParseBytes(text, 0)
		if err != nil {
			return nil, configError{fmt.Sprintf("The configuration file is not YAML: %s. Look at the brackets, quotes and indentation there.", yaml.FormatError(err, false, false))}
		}
		c := config{env: env}
		for _, doc := range file.Docs {
			if err := c.read(doc.Body); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
}

type config struct {
	env     func(string) string
	entries []entry
}

type entry struct {
	key, value string
	line       int
}

func (c *config) read(body ast.Node) error {
	var values []*ast.MappingValueNode
	switch n := body.(type) {
	case nil, *ast.CommentGroupNode, *ast.NullNode:
		return nil
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return configError{fmt.Sprintf("Line %d of the configuration file is not a list of keys and values, such as `listen: 127.0.0.1:8080`.", body.GetToken().Position.Line)}
	}
	for _, v := range values {
		token := v.Value.GetToken()
		if _, nested := v.Value.(*ast.MappingNode); nested {
			return configError{fmt.Sprintf("Line %d of the configuration file: %s has more keys inside, and no setting has.", token.Position.Line, v.Key.String())}
		}
		c.entries = append(c.entries, entry{key: v.Key.String(), value: valueOf(v.Value), line: v.Key.GetToken().Position.Line})
	}
	return nil
}

// valueOf writes a value as its flag is written: the items of a list with commas between them.
func valueOf(n ast.Node) string {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return n.GetToken().Value
	}
	var items []string
	for _, item := range list.Values {
		items = append(items, item.GetToken().Value)
	}
	return strings.Join(items, ",")
}

// Validate refuses keys that are no flag of any command.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			known[f.Name] = true
		}
		return next(nil)
	})
	for _, e := range c.entries {
		if !known[e.key] || e.key == "config" || e.key == "help" {
			return configError{fmt.Sprintf("Line %d of the configuration file: there is no setting %q. `kohta serve --help` lists them.", e.line, e.key)}
		}
	}
	return nil
}

// allowed are the values that a flag may have; nil: any.
func allowed(flag *kong.Flag) []string {
	switch {
	case flag.IsBool():
		return []string{"true", "yes", "1", "false", "no", "0"} // as the flag itself takes them
	case flag.Enum != "":
		return strings.Split(flag.Enum, ",")
	}
	return nil
}

// Resolve gives a flag its value from the file, unless the environment has one. It refuses what the flag cannot be.
func (c config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if c.env(name) != "" {
			return nil, nil
		}
	}
	for _, e := range c.entries {
		if e.key != flag.Name {
			continue
		}
		value := strings.TrimSpace(e.value)
		if may := allowed(flag); may != nil && !slices.Contains(may, value) {
			return nil, configError{fmt.Sprintf("Line %d of the configuration file: %s is one of %s, not %q.", e.line, e.key, strings.Join(may, ", "), value)}
		}
		return value, nil
	}
	return nil, nil
}
