package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// What an agent is told under the bot's words has names and evidence of our own, which the console has words for in its
// languages. All of them stand in testdata/because.golden, a rule and its evidence a line, %s where there is a name or
// the customer's words; the console's tests read it. KOHTA_UPDATE=1 writes it anew.
func TestEveryGroundHasWordsInTheConsole(t *testing.T) {
	g := &grounds{told: map[string]bool{}}
	for _, glob := range []string{"*.go", "../desk/plan/*.go"} {
		for _, f := range sources(t, glob) {
			g.ofBot(f)
		}
	}
	g.ofMoment(source(t, "understand/moment.go"))
	g.ofActions(source(t, "../outbound/client.go"))
	for _, near := range notEarlier() {
		g.told["not earlier\t"+near] = true
	}
	for _, words := range g.lacked {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(g.told)), func(line string) bool { return strings.Contains(line, words) }) {
			t.Errorf("%q, of why a person was not called earlier, is not tried here", words)
		}
	}
	got := strings.Join(slices.Sorted(maps.Keys(g.told)), "\n") + "\n"
	const golden = "testdata/because.golden"
	if os.Getenv("KOHTA_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("write %s anew, and give the console words for what is new (agent-ui/src/texts/grounds.ts):\n%s", golden, d)
	}
}

// grounds are pairs of a rule and its evidence, as they stand in the source.
type grounds struct {
	told   map[string]bool
	lacked []string // what a message is said to have lacked, in parts
}

func (g *grounds) add(rules, evidence []string) {
	for _, r := range rules {
		for _, e := range evidence {
			g.told[r+"\t"+e] = true
		}
	}
}

// ofBot finds what is given to because and why, and what is written as a ground at once.
func (g *grounds) ofBot(f *ast.File) {
	for _, d := range f.Decls {
		local := assigned(d)
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if name := called(n); (name == "because" || name == "why") && len(n.Args) == 2 {
					g.add(texts(n.Args[0], local), texts(n.Args[1], local))
				}
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "failure" {
					return false
				}
			case *ast.CompositeLit:
				if r, e := field(n, "Rule"), field(n, "Evidence"); r != nil && e != nil {
					g.add(texts(r, local), texts(e, local))
				}
			case *ast.ReturnStmt:
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "failure" {
					g.add([]string{"action %s"}, texts(n.Results[0], local))
				}
			}
			return true
		})
	}
}

// ofMoment finds what names the moment to bring a person in.
func (g *grounds) ofMoment(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "lacked" {
				ast.Inspect(n, g.ofLacked)
			}
			return n.Name.Name == "Now" || n.Name.Name == "stuck"
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if s, ok := l.(*ast.SelectorExpr); ok && s.Sel.Name == "Rule" && len(n.Rhs) == len(n.Lhs) {
					g.literal("%s", n.Rhs[i], "\t%s")
				}
			}
		case *ast.ReturnStmt:
			g.literal("%s", n.Results[0], "\t%s")
		}
		return true
	})
}

func (g *grounds) ofLacked(n ast.Node) bool {
	if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		g.lacked = append(g.lacked, texts(lit, nil)[0])
	}
	return true
}

// ofActions finds how a look-up fails.
func (g *grounds) ofActions(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Err") && len(v.Values) == 1 {
			g.literal("action %s\t%s", v.Values[0], "")
		}
		return true
	})
}

// literal adds a text that stands in the source, if it is one, in the last place of form and before tail.
func (g *grounds) literal(form string, e ast.Expr, tail string) {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING && lit.Value != `""` {
		g.told[strings.TrimSuffix(form, "%s")+texts(lit, nil)[0]+tail] = true
	}
}

// notEarlier is all that is said of a message that brought no person.
func notEarlier() []string {
	var all []string
	say := func(c understand.Course, r understand.Result) { all = append(all, c.Heard(r).Near) }
	for _, name := range []string{chat.Calm, chat.Pleased, chat.Frustrated, chat.Angry, chat.Distressed, chat.Urgent, chat.InCrisis} {
		say(understand.Course{Turns: 1}, understand.Result{Feeling: name, Intensity: 0.55})
		say(understand.Course{Misses: 2}, understand.Result{Feeling: name, Intensity: 0.55})
		say(understand.Course{}, understand.Result{Feeling: name, Intensity: 0.55, Aside: true})
	}
	say(understand.Course{Misses: 1}, understand.Result{Feeling: "calm", Sarcastic: true})
	say(understand.Course{Refused: true}, understand.Result{Feeling: "calm"})
	return all
}

// texts are what an expression can say: %s for what is not written in the source.
func texts(e ast.Expr, local map[string][]string) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return []string{s}
		}
	case *ast.BinaryExpr:
		var all []string
		for _, l := range texts(e.X, local) {
			for _, r := range texts(e.Y, local) {
				all = append(all, l+r)
			}
		}
		return all
	case *ast.Ident:
		if own, ok := named[e.Name]; ok {
			return []string{own}
		}
		return append([]string{"%s"}, local[e.Name]...)
	}
	return []string{"%s"}
}

// named are the constants that name rules.
var named = map[string]string{"RuleWhich": bot.RuleWhich, "RuleMiss": bot.RuleMiss, "RuleMissAgain": bot.RuleMissAgain, "RuleNone": bot.RuleNone}

// assigned are the texts that the variables of a declaration take.
func assigned(d ast.Decl) map[string][]string {
	local := map[string][]string{}
	ast.Inspect(d, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, l := range a.Lhs {
			id, isName := l.(*ast.Ident)
			lit, isText := a.Rhs[i].(*ast.BasicLit)
			if isName && isText && lit.Kind == token.STRING && !slices.Contains(local[id.Name], texts(lit, nil)[0]) {
				local[id.Name] = append(local[id.Name], texts(lit, nil)[0])
			}
		}
		return true
	})
	return local
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func field(c *ast.CompositeLit, name string) ast.Expr {
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

func sources(t *testing.T, glob string) []*ast.File {
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no sources, %v", glob, err)
	}
	var all []*ast.File
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			all = append(all, source(t, name))
		}
	}
	return all
}

func source(t *testing.T, name string) *ast.File {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
