package layers

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/kohta/kohta"

// The house as it stands.
func TestTheHouse(t *testing.T) {
	faults, err := Check(module, table(), os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

// The table itself: one line for a package, only downward, and nobody but cmd knows an implementation.
func TestTheTable(t *testing.T) {
	implementations := []string{"routing/memline", "routing/redisline", "store/memstore", "store/sqlstore", "bus/membus", "bus/redisbus"}
	apart := []string{"bot", "routing", "store", "bus", "wire", "insight", "outbound"}
	root := func(pkg string) string { first, _, _ := strings.Cut(pkg, "/"); return first }
	seen := map[string]bool{}
	for _, r := range table() {
		if seen[r.pkg] {
			t.Errorf("%s has two lines", r.pkg)
		}
		seen[r.pkg] = true
		for _, m := range r.may {
			if root(r.pkg) != "cmd" && root(r.pkg) != root(m) && slices.Contains(implementations, m) {
				t.Errorf("%s may import the implementation %s", r.pkg, m)
			}
			if slices.Contains(apart, root(r.pkg)) && slices.Contains(apart, root(m)) && root(r.pkg) != root(m) {
				t.Errorf("%s may import %s, which is of the same storey", r.pkg, m)
			}
			if storey(m) > storey(r.pkg) {
				t.Errorf("%s may import %s, which stands above it", r.pkg, m)
			}
			if (root(r.pkg) == "desk" && root(m) == "gateway") || (root(r.pkg) == "gateway" && root(m) == "desk") {
				t.Errorf("%s may import %s: the two do not know each other", r.pkg, m)
			}
		}
	}
	for _, pkg := range append(implementations, "chat", "staff", "bot", "desk", "desk/plan", "gateway", "wire/wireclient", "cmd/kohta", "cmd/kohta/bench") {
		if _, ok := find(table(), pkg); !ok {
			t.Errorf("%s has no line", pkg)
		}
	}
}

func storey(pkg string) int {
	first, _, _ := strings.Cut(pkg, "/")
	switch first {
	case "chat", "staff", "agent-ui", "widget":
		return 1
	case "desk", "gateway":
		return 3
	case "cmd", "e2e", "internal":
		return 4
	}
	return 2
}

// Each fault is found, and what is allowed is not taken for one.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             string // "" if nothing is wrong
	}{
		{"upward", "chat/a.go", `import _ "github.com/kohta/kohta/desk"`, "chat may not import desk"},
		{"sideways", "bot/a.go", `import _ "github.com/kohta/kohta/store"`, "bot may not import store"},
		{"desk to gateway", "desk/a.go", `import _ "github.com/kohta/kohta/gateway"`, "desk may not import gateway"},
		{"gateway to desk", "gateway/a.go", `import _ "github.com/kohta/kohta/desk"`, "gateway may not import desk"},
		{"an implementation", "desk/a.go", `import _ "github.com/kohta/kohta/routing/redisline"`, "desk may not import routing/redisline"},
		{"a suite", "gateway/a.go", `import _ "github.com/kohta/kohta/store/storetest"`, "gateway may not import store/storetest"},
		{"a library on the ground", "staff/a.go", `import _ "github.com/google/uuid"`, "standard library alone"},
		{"net where it is pure", "routing/a.go", `import _ "net/http"`, "routing is pure and may not import net/http"},
		{"os where it is pure", "desk/plan/a.go", `import _ "os"`, "desk/plan is pure and may not import os"},
		{"os/exec where it is pure", "bot/a.go", `import _ "os/exec"`, "bot is pure"},
		{"sql where it is pure", "store/a.go", `import _ "database/sql"`, "store is pure"},
		{"a driver where it is pure", "bus/a.go", `import _ "github.com/redis/go-redis/v9"`, "driver"},
		{"a new package", "helpers/a.go", ``, "helpers has no line"},
		{"a new folder of an old one", "chat/extra/a.go", ``, "chat/extra has no line"},
		{"a client", "gateway/a.go", "import \"net/http\"\nvar c http.Client", "http.Client"},
		{"a client under another name", "gateway/a.go", "import web \"net/http\"\nvar c = web.DefaultClient", "http.DefaultClient"},
		{"a client without a name", "gateway/a.go", "import . \"net/http\"\nvar c Client", "without its name"},
		{"a get", "cmd/kohta/a.go", "import \"net/http\"\nvar _, _ = http.Get(\"\")", "http.Get"},

		{"a driver in its place", "routing/redisline/a.go", `import _ "github.com/redis/go-redis/v9"`, ""},
		{"a server", "gateway/a.go", "import \"net/http\"\nvar s http.Server", ""},
		{"a URL where it is pure", "bot/a.go", `import _ "net/url"`, ""},
		{"the parent", "routing/memline/a.go", `import _ "github.com/kohta/kohta/routing"`, ""},
		{"downward", "desk/a.go", `import (_ "github.com/kohta/kohta/store"; _ "github.com/kohta/kohta/chat")`, ""},
		{"the one client", "outbound/a.go", "import \"net/http\"\nvar c http.Client", ""},
		{"the desk's own socket", "cmd/kohta/admin.go", "import \"net/http\"\nvar c http.Client", ""},
		{"a test", "chat/a_test.go", `import _ "github.com/kohta/kohta/desk"`, ""},
		{"test data", "chat/testdata/a.go", `import _ "github.com/kohta/kohta/desk"`, ""},
		{"modules of the front end", "node_modules/x/a.go", ``, ""},
		{"the wiring", "cmd/kohta/a.go", `import _ "github.com/kohta/kohta/store/sqlstore"`, ""},
		{"beneath an implementation", "store/sqlstore/migrations/a.go", ``, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{c.file: {Data: []byte("package x\n" + c.text)}}
			faults, err := Check(module, table(), tree)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" && len(faults) > 0 {
				t.Errorf("found %v", faults)
			}
			if c.want != "" && (len(faults) != 1 || faults[0].File != c.file || !strings.Contains(faults[0].String(), c.want)) {
				t.Errorf("found %v, want one fault that says %q", faults, c.want)
			}
		})
	}
}

func TestCheckRefusesWhatDoesNotParse(t *testing.T) {
	if _, err := Check(module, table(), fstest.MapFS{"chat/a.go": {Data: []byte("package")}}); err == nil {
		t.Error("a broken file passes")
	}
}
