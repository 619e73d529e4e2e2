package packaging

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

type alerts struct {
	Groups []struct {
		Name  string `yaml:"name"`
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Expr        string            `yaml:"expr"`
			For         string            `yaml:"for"`
			Labels      map[string]string `yaml:"labels"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

// Whoever is woken finds under the alert's name what it means and what to do; and nothing is explained that cannot come.
func TestAlertsAreExplained(t *testing.T) {
	var file alerts
	readYAML(t, "deploy/prometheus/alerts.yml", &file, yaml.Strict())
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^### (Kohta[A-Za-z]+)$`).FindAllStringSubmatch(string(read(t, "docs/operating.md")), -1) {
		explained[m[1]] = true
	}
	have := map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if have[r.Alert] || r.Expr == "" || r.Annotations["summary"] == "" || !slices.Contains([]string{"page", "ticket"}, r.Labels["severity"]) {
				t.Errorf("%s: twice, or without expression, words or severity", r.Alert)
			}
			have[r.Alert] = true
		}
	}
	if a, e := sorted(have), sorted(explained); !slices.Equal(a, e) {
		t.Errorf("there are the alerts\n%v\ndocs/operating.md explains\n%v", a, e)
	}
	for _, about := range []string{"LongestSilence", "Waiting", "Unacknowledged", "Repairs", "Errors"} {
		if !have["Kohta"+about] {
			t.Errorf("nobody is told of %s", about)
		}
	}
}

// Whoever is to be woken at night is: the rules' own tests, which promtool runs where it is, try each alert that tells that
// the desk or its database is away, and both that are about people who wait for an answer. They name no alert that is not.
func TestAlertsAreTried(t *testing.T) {
	var rules alerts
	readYAML(t, "deploy/prometheus/alerts.yml", &rules, yaml.Strict())
	severity := map[string]string{}
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			severity[r.Alert] = r.Labels["severity"]
		}
	}
	var file struct {
		Rules    []string `yaml:"rule_files"`
		Interval string   `yaml:"evaluation_interval"`
		Tests    []struct {
			Name     string              `yaml:"name"`
			Interval string              `yaml:"interval"`
			Series   []map[string]string `yaml:"input_series"`
			Alerts   []struct {
				Alert    string `yaml:"alertname"`
				At       string `yaml:"eval_time"`
				Expected []struct {
					Labels map[string]string `yaml:"exp_labels"`
					Words  map[string]string `yaml:"exp_annotations"`
				} `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		} `yaml:"tests"`
	}
	readYAML(t, "deploy/prometheus/alerts.test.yml", &file, yaml.Strict())
	tried := map[string]bool{}
	for _, test := range file.Tests {
		for _, a := range test.Alerts {
			if severity[a.Alert] == "" {
				t.Errorf("%s: there is no alert %s", test.Name, a.Alert)
			}
			for _, e := range a.Expected {
				tried[a.Alert] = true
				if e.Labels["severity"] != severity[a.Alert] {
					t.Errorf("%s: %s is a %s", test.Name, a.Alert, severity[a.Alert])
				}
			}
		}
	}
	for _, about := range []string{"NotReady", "NoNode", "NodeDown", "Crisis", "LongestSilence"} {
		if !tried["Kohta"+about] || severity["Kohta"+about] != "page" {
			t.Errorf("nobody is woken by Kohta%s, or it is not tried", about)
		}
	}
}

// Prometheus asks the nodes where they tell, and reads the rules that are there; Grafana asks Prometheus.
func TestPrometheusAndGrafanaFindTheirWay(t *testing.T) {
	c := readCompose(t)
	var prometheus struct {
		Rules  []string `yaml:"rule_files"`
		Scrape []struct {
			Job string `yaml:"job_name"`
			DNS []struct {
				Names []string `yaml:"names"`
				Port  int      `yaml:"port"`
			} `yaml:"dns_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, "deploy/prometheus/prometheus.yml", &prometheus)
	for _, r := range prometheus.Rules {
		read(t, filepath.Join("deploy/prometheus", r))
	}
	if len(prometheus.Rules) != 1 || len(prometheus.Scrape) != 1 || prometheus.Scrape[0].Job != "kohta" {
		t.Fatalf("%+v", prometheus)
	}
	asked := prometheus.Scrape[0].DNS[0]
	if !slices.Equal(asked.Names, []string{"desk", "desk-2", "desk-3"}) || fmt.Sprint(asked.Port) != portOf(c.Services["desk"].Environment["KOHTA_METRICS_LISTEN"]) {
		t.Errorf("it asks %+v", asked)
	}
	if slices.ContainsFunc(c.Services["desk"].Ports, func(p string) bool { return portOf(p) == fmt.Sprint(asked.Port) }) {
		t.Error("the figures are open to the world")
	}
	var sources struct {
		Datasources []struct{ UID, URL string }
	}
	readYAML(t, "deploy/grafana/provisioning/datasources/prometheus.yml", &sources)
	if len(sources.Datasources) != 1 || sources.Datasources[0].UID != "prometheus" || sources.Datasources[0].URL != "http://prometheus:9090" {
		t.Errorf("Grafana asks %+v", sources)
	}
	var boards struct {
		Providers []struct {
			Options struct{ Path string }
		}
	}
	readYAML(t, "deploy/grafana/provisioning/dashboards/kohta.yml", &boards)
	for _, v := range c.Services["grafana"].Volumes {
		if source, target, _ := strings.Cut(v, ":"); target == boards.Providers[0].Options.Path+":ro" {
			home := c.Services["grafana"].Environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
			if _, err := os.Stat(filepath.Join("..", "..", source, filepath.Base(home))); err != nil || filepath.Dir(home) != boards.Providers[0].Options.Path {
				t.Errorf("the dashboard %s: %v", home, err)
			}
			return
		}
	}
	t.Errorf("Grafana looks for dashboards in %s", boards.Providers[0].Options.Path)
}

// The dashboard shows what an operator wants to see first, each panel with a query to the one source, none over another.
func TestDashboard(t *testing.T) {
	var board struct {
		UID    string
		Panels []struct {
			ID         int
			Title      string
			Datasource struct{ UID string }
			GridPos    struct{ X, Y, W, H int }
			Targets    []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(read(t, "deploy/grafana/dashboards/kohta.json"), &board); err != nil {
		t.Fatal(err)
	}
	taken, ids, shown := map[[2]int]string{}, map[int]bool{}, ""
	for _, p := range board.Panels {
		if ids[p.ID] || p.Title == "" || p.Datasource.UID != "prometheus" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d (%s): %+v", p.ID, p.Title, p)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		for _, q := range p.Targets {
			shown += q.Expr + "\n"
		}
	}
	for _, metric := range []string{
		"kohta_longest_silence_seconds", "kohta_waiting", "kohta_unacknowledged", "kohta_line_repairs_total", "kohta_errors_total",
		"kohta_ack_seconds_bucket", "kohta_sockets{", `up{job="kohta"}`, "kohta_down{",
	} {
		if !strings.Contains(shown, metric) {
			t.Errorf("it does not show %s", metric)
		}
	}
}

// What can stand in /readyz is explained.
func TestReadyzIsExplained(t *testing.T) {
	manual, found := string(read(t, "docs/operating.md")), 0
	for _, folder := range []string{"cmd/kohta", "gateway"} {
		sources, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			for _, m := range regexp.MustCompile(`(?:Part: |"part":)"([a-z]+)",\s*(?:Words:|"words")`).FindAllStringSubmatch(string(read(t, filepath.Join(folder, filepath.Base(source)))), -1) {
				if strings.HasSuffix(source, "_test.go") {
					continue
				}
				if found++; !strings.Contains(manual, "\n| `"+m[1]+"`") {
					t.Errorf("docs/operating.md does not explain %q, which %s says", m[1], source)
				}
			}
		}
	}
	if found < 7 {
		t.Errorf("only %d parts were found", found)
	}
}
