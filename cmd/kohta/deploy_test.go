package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/bus/redisbus"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/wire"
)

// What the files beside the program say of it is held against the program itself: its flags and its metrics.

func repository(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// serveVariables are the variables that `kohta serve` reads.
func serveVariables(t *testing.T) map[string]bool {
	t.Helper()
	parser, err := program{env: os.Getenv}.parser(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range parser.Model.Children {
		if c.Name != "serve" {
			continue
		}
		for _, group := range c.AllFlags(true) {
			for _, f := range group {
				for _, name := range f.Envs {
					known[name] = true
				}
			}
		}
	}
	return known
}

var variable = regexp.MustCompile(`\bKOHTA_[A-Z_]+\b`)

// Every variable that a container or the service is started with is one that serve knows; so is every one that the
// manual speaks of, unless it is one of docker-compose.yml's own.
func TestVariablesAreKnown(t *testing.T) {
	known := serveVariables(t)
	var compose struct {
		Settings map[string]string `yaml:"x-settings"`
		Services map[string]struct {
			Environment map[string]string `yaml:"environment"`
		} `yaml:"services"`
	}
	text := repository(t, "docker-compose.yml")
	if err := yaml.UnmarshalWithOptions([]byte(text), &compose, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	given := map[string][]string{"x-settings": keys(compose.Settings)}
	for name, s := range compose.Services {
		given[name] = keys(s.Environment)
	}
	for _, file := range []string{"Dockerfile", "deploy/kohta.service"} {
		given[file] = variable.FindAllString(repository(t, file), -1)
	}
	if len(given["x-settings"]) < 5 || len(given["Dockerfile"]) < 2 || len(known) < 10 {
		t.Fatalf("there is nothing to compare: %v, %v", given, known)
	}
	for where, names := range given {
		for _, name := range names {
			if strings.HasPrefix(name, "KOHTA_") && !known[name] {
				t.Errorf("%s: serve knows no %s", where, name)
			}
		}
	}
	for _, m := range regexp.MustCompile(`\$\{(KOHTA_[A-Z_]+)`).FindAllStringSubmatch(text, -1) {
		known[m[1]] = true
	}
	for _, file := range []string{"docs/operating.md", "docs/running.md", "README.md", "deploy/example.env"} {
		for _, name := range variable.FindAllString(repository(t, file), -1) {
			if !known[name] {
				t.Errorf("%s: nothing reads %s", file, name)
			}
		}
	}
}

func keys(m map[string]string) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// described are the metrics that a desk with all its parts exports: the labels of each.
func described(t *testing.T) map[string][]string {
	t.Helper()
	d := desk.New(desk.Options{
		Store: memstore.New(), Line: memline.New(newReference().now), Roster: memline.NewRoster(newReference().now), Bus: membus.New(), Log: zap.NewNop(),
	})
	r := registry(d, zap.NewNop())
	watchNodes(r, &redisbus.Bus{}, &nodes{})
	watchParts(r, nil)
	gateway.New(gateway.Options{Desk: erasing{Desk: d}, Store: memstore.New(), Bus: membus.New(), Log: zap.NewNop(), Metrics: r, Widget: os.DirFS("testdata/none"), Console: os.DirFS("testdata/none")})
	out := make(chan *prometheus.Desc)
	go func() {
		defer close(out)
		r.Describe(out)
	}()
	form := regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: \{([^}]*)\}`)
	metrics := map[string][]string{"up": nil}
	for desc := range out {
		m := form.FindStringSubmatch(desc.String())
		if m == nil {
			t.Fatalf("a metric in another form: %s", desc)
		}
		metrics[m[1]] = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	return metrics
}

// Every metric that an alert or a panel names is one that the desk exports, with the labels that are asked
// for; and every code that is asked for is one that there is.
func TestMetricsAreExported(t *testing.T) {
	metrics := described(t)
	named := regexp.MustCompile(`\b((?:kohta|process|go)_[a-z_]*[a-z]|up\b)(\{[^}]*\})?`)
	label := regexp.MustCompile(`([a-z_]+)\s*(=~|!~|!=|=)\s*\\?"([^"\\]*)`)
	found := 0
	for _, file := range []string{"deploy/prometheus/alerts.yml", "deploy/grafana/dashboards/kohta.json"} {
		for _, expr := range expressions(repository(t, file)) {
			for _, m := range named.FindAllStringSubmatch(expr, -1) {
				labels, known := metrics[m[1]]
				for _, part := range []string{"_bucket", "_count", "_sum"} {
					if !known {
						labels, known = metrics[strings.TrimSuffix(m[1], part)]
					}
				}
				if !known {
					t.Errorf("%s: nobody exports %s", file, m[1])
					continue
				}
				found++
				for _, l := range label.FindAllStringSubmatch(m[2], -1) {
					if !slices.Contains(append([]string{"job", "instance"}, labels...), l[1]) {
						t.Errorf("%s: %s has no label %s", file, m[1], l[1])
					}
					if l[1] == "code" && m[1] == "kohta_errors_total" {
						for code := range strings.SplitSeq(l[3], "|") {
							if !slices.Contains(errorCodes(), wire.Code(code)) {
								t.Errorf("%s: no error has the code %s", file, code)
							}
						}
					}
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d uses of metrics were found", found)
	}
}

// expressions are the queries of a file.
func expressions(text string) (list []string) {
	for _, m := range regexp.MustCompile(`(?m)^\s*"?expr"?: (.*)$`).FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

func errorCodes() []wire.Code {
	return []wire.Code{
		wire.BadFrame, wire.TooLarge, wire.Unsupported, wire.Forbidden, wire.NotFound, wire.Conflict, wire.IsClosed, wire.HelloFirst,
		wire.Unauthorized, wire.RateLimited, wire.Unavailable,
	}
}
