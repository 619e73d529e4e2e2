// Package layers holds the house to its plan: four storeys, imports only downward. Its test reads the imports of every
// package of the module and fails on any that the table does not allow. A new package is one line in the table.
package layers

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// rule is what one package may import. A package may also import its parent, and what may be imported says nothing
// about tests, which may import anything.
type rule struct {
	pkg    string   // path below the module; "x/..." covers x and all below it that have no line of their own
	may    []string // packages of the module, in the same form
	pure   bool     // no net, os, database/sql, driver; a package that nothing outside can change
	strict bool     // the standard library alone, beside may
	client []string // files that may make HTTP clients of their own; "*" is all
}

// Fault is one import or use that the table does not allow.
type Fault struct {
	File  string
	Words string
}

func (f Fault) String() string { return f.File + ": " + f.Words }

// checker reads one module.
type checker struct {
	module string
	table  []rule
	tree   fs.FS
	faults []Fault
}

// Check returns what the table does not allow in the module whose folder is tree, in the order of files. Tests, testdata
// and folders that Go does not look into are left out.
func Check(module string, table []rule, tree fs.FS) ([]Fault, error) {
	c := &checker{module: module, table: table, tree: tree}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return c.file(name)
	})
	return c.faults, err
}

func skipped(dir string) bool {
	return dir == "testdata" || dir == "node_modules" || dir == "vendor" || dir == "kohta-data" ||
		len(dir) > 1 && (dir[0] == '.' || dir[0] == '_')
}

func (c *checker) file(name string) error {
	text, err := fs.ReadFile(c.tree, name)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	pkg := path.Dir(name)
	r, ok := find(c.table, pkg)
	if !ok {
		c.fault(name, "the package %s has no line in the table of internal/layers", pkg)
		return nil
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		c.imported(name, r, imported)
	}
	if !slices.Contains(r.client, "*") && !slices.Contains(r.client, path.Base(name)) {
		c.clients(name, f)
	}
	return nil
}

func (c *checker) fault(file, words string, args ...any) {
	c.faults = append(c.faults, Fault{file, fmt.Sprintf(words, args...)})
}

// imported checks one import of a file of r's.
func (c *checker) imported(name string, r rule, imported string) {
	inner, own := strings.CutPrefix(imported, c.module+"/")
	first, _, _ := strings.Cut(imported, "/")
	pkg := path.Dir(name)
	switch {
	case own:
		if inner != path.Dir(pkg) && !slices.ContainsFunc(r.may, func(m string) bool { return covers(m, inner) }) {
			c.fault(name, "%s may not import %s", pkg, inner)
		}
	case strings.Contains(first, "."):
		if r.strict {
			c.fault(name, "%s stands on the standard library alone and may not import %s", pkg, imported)
		}
		if r.pure && driver(imported) {
			c.fault(name, "%s is pure and may not import the driver %s", pkg, imported)
		}
	case r.pure && outside(imported):
		c.fault(name, "%s is pure and may not import %s", pkg, imported)
	}
}

// find returns the line for a package: its own, or the longest that covers it.
func find(table []rule, pkg string) (best rule, ok bool) {
	for _, r := range table {
		if covers(r.pkg, pkg) && (!ok || len(r.pkg) > len(best.pkg) || r.pkg == pkg) && best.pkg != pkg {
			best, ok = r, true
		}
	}
	return best, ok
}

// covers tells whether a pattern names a package.
func covers(pattern, pkg string) bool {
	if base, all := strings.CutSuffix(pattern, "/..."); all {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	return pattern == pkg
}

// outside are the packages of the standard library through which a program reaches the world. Addresses and URLs are
// words like any other.
func outside(std string) bool {
	switch std {
	case "net/url", "net/netip", "net/mail", "net/textproto":
		return false
	}
	for _, p := range []string{"net", "os", "database/sql", "syscall", "plugin", "unsafe", "io/ioutil"} {
		if covers(p+"/...", std) {
			return true
		}
	}
	return false
}

func driver(imported string) bool {
	for _, p := range []string{
		"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/redis/go-redis",
		"github.com/gorilla/websocket", "github.com/pressly/goose",
	} {
		if covers(p+"/...", imported) {
			return true
		}
	}
	return false
}

// clients finds what would send a request past outbound.
func (c *checker) clients(name string, f *ast.File) {
	as := ""
	for _, spec := range f.Imports {
		if spec.Path.Value == `"net/http"` {
			as = "http"
			if spec.Name != nil {
				as = spec.Name.Name
			}
		}
	}
	if as == "" {
		return
	}
	if as == "." {
		c.fault(name, "net/http is imported without its name, so that nobody sees who sends requests")
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == as && sends(s.Sel.Name) {
				c.fault(name, "http.%s: requests leave the house by the package outbound alone", s.Sel.Name)
			}
		}
		return true
	})
}

func sends(name string) bool {
	switch name {
	case "Client", "DefaultClient", "Transport", "DefaultTransport", "RoundTripper", "Get", "Head", "Post", "PostForm":
		return true
	}
	return false
}
