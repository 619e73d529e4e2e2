package sqlstore

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var sqlWords = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|VALUES|ORDER BY|PRAGMA)\b`)

// TestSQLIsConstant reads the package: text with SQL in it is put together of constants alone, and is never a format.
func TestSQLIsConstant(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // no build tags here
	if err != nil {
		t.Fatal(err)
	}
	files := packages["sqlstore"].Files
	constants, texts := map[string]bool{}, 0
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						constants[name.Name] = true
					}
				}
			}
			return true
		})
	}
	for name, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op != token.ADD || !hasSQL(n) {
					return true
				}
				texts++
				for _, leaf := range leaves(n) {
					if id, ok := leaf.(*ast.Ident); ok && constants[id.Name] {
						continue
					}
					if _, ok := leaf.(*ast.BasicLit); !ok {
						t.Errorf("%s: SQL is put together with something that is no constant: %T", name, leaf)
					}
				}
				return false
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && strings.Contains(f.Sel.Name, "rintf") && len(n.Args) > 0 && hasSQL(n.Args[0]) {
					t.Errorf("%s: SQL by %s", name, f.Sel.Name)
				}
			case *ast.BasicLit:
				if hasSQL(n) {
					texts++
				}
			}
			return true
		})
	}
	if texts < 40 {
		t.Errorf("only %d texts with SQL were found: this test does not look at the right thing", texts)
	}
}

func hasSQL(n ast.Expr) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		found = found || ok && lit.Kind == token.STRING && sqlWords.MatchString(lit.Value)
		return true
	})
	return found
}

func leaves(n ast.Expr) []ast.Expr {
	if b, ok := n.(*ast.BinaryExpr); ok {
		return append(leaves(b.X), leaves(b.Y)...)
	}
	return []ast.Expr{n}
}
