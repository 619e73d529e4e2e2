package packaging

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

type compose struct {
	Services map[string]service        `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
	Networks map[string]map[string]any `yaml:"networks"`
}

type service struct {
	Build       any               `yaml:"build"`
	Image       string            `yaml:"image"`
	User        string            `yaml:"user"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	Networks    []string          `yaml:"networks"`
	Profiles    []string          `yaml:"profiles"`
	Restart     string            `yaml:"restart"`
	Grace       string            `yaml:"stop_grace_period"`
	ReadOnly    bool              `yaml:"read_only"`
	Drop        []string          `yaml:"cap_drop"`
	Add         []string          `yaml:"cap_add"`
	Privileged  bool              `yaml:"privileged"`
	Security    []string          `yaml:"security_opt"`
	Healthcheck struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
	DependsOn map[string]struct {
		Condition string `yaml:"condition"`
		Required  *bool  `yaml:"required"`
	} `yaml:"depends_on"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	readYAML(t, "docker-compose.yml", &c, yaml.AllowDuplicateMapKey()) // what is merged in and said anew
	return c
}

// with are the services that run with profiles.
func (c compose) with(profiles ...string) map[string]service {
	run := map[string]service{}
	for name, s := range c.Services {
		if len(s.Profiles) == 0 || slices.ContainsFunc(s.Profiles, func(p string) bool { return slices.Contains(profiles, p) }) {
			run[name] = s
		}
	}
	return run
}

func shapes() map[string][]string {
	return map[string][]string{
		"":              {"desk"},
		"scale":         {"balancer", "desk", "desk-2", "desk-3", "postgres", "redis"},
		"observability": {"desk", "grafana", "prometheus"},
	}
}

// What runs with which profile, and that whoever waits for another waits for one that is there and can become healthy.
func TestComposeProfiles(t *testing.T) {
	c := readCompose(t)
	for profile, want := range shapes() {
		run := c.with(profile)
		if got := sorted(run); !slices.Equal(got, want) {
			t.Errorf("with %q there are %v, want %v", profile, got, want)
		}
		for name, s := range run {
			for other, need := range s.DependsOn {
				needed, there := run[other]
				if !there && (need.Required == nil || *need.Required) {
					t.Errorf("with %q, %s waits for %s, which is not there", profile, name, other)
				}
				if there && (need.Condition != "service_healthy" || len(needed.Healthcheck.Test) == 0) {
					t.Errorf("%s waits for %s, which cannot become healthy", name, other)
				}
			}
		}
	}
}

// Each container can do as little as it needs, is looked after, and is what it was yesterday.
func TestComposeServices(t *testing.T) {
	c := readCompose(t)
	for name, s := range c.Services {
		if s.Image != "kohta:local" && !pinned.MatchString(s.Image) {
			t.Errorf("%s: the image %q has no version, or a host", name, s.Image)
		}
		if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Test[0] != "CMD" {
			t.Errorf("%s: the health check %v", name, s.Healthcheck.Test)
		}
		if root(s.User) || !s.ReadOnly || s.Privileged || len(s.Add) > 0 || !slices.Equal(s.Drop, []string{"ALL"}) ||
			!slices.Equal(s.Security, []string{"no-new-privileges:true"}) {
			t.Errorf("%s may do more than it needs: %+v", name, s)
		}
		if s.Restart != "unless-stopped" {
			t.Errorf("%s is not started again", name)
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s is open to the world at %s", name, p)
			}
		}
		for _, n := range s.Networks {
			if _, there := c.Networks[n]; !there {
				t.Errorf("%s: no network %s", name, n)
			}
		}
		c.checkVolumes(t, name, s)
	}
}

func (c compose) checkVolumes(t *testing.T, name string, s service) {
	t.Helper()
	for _, v := range s.Volumes {
		source, target, _ := strings.Cut(interpolated.ReplaceAllString(v, "$3"), ":")
		if !strings.HasPrefix(source, ".") {
			if _, there := c.Volumes[source]; !there {
				t.Errorf("%s: the volume %s is not declared", name, source)
			}
			continue
		}
		if _, err := os.Stat(filepath.Join("..", "..", source)); err != nil || !strings.HasSuffix(target, ":ro") {
			t.Errorf("%s: %s has to be in the repository, and only to be read: %v", name, v, err)
		}
	}
}

// The three nodes are told the same, but for a guard in those that must not begin a desk of their own; each has a folder
// of its own, for two cannot serve one.
func TestComposeNodesAreEqual(t *testing.T) {
	c := readCompose(t)
	one, folders := c.Services["desk"], map[string]bool{}
	for _, name := range []string{"desk", "desk-2", "desk-3"} {
		node := c.Services[name]
		if node.Image != one.Image || !slices.Equal(node.Healthcheck.Test, []string{"CMD", "/usr/bin/kohta", "ready"}) || node.Grace != "35s" {
			t.Errorf("%s is not like the first", name)
		}
		for variable, value := range node.Environment {
			guarded := strings.HasPrefix(value, "${"+variable+":-missing") && one.Environment[variable] == "${"+variable+":-}"
			if name == "desk" && guarded || name != "desk" && guarded != (variable == "KOHTA_DATABASE" || variable == "KOHTA_REDIS") ||
				!guarded && value != one.Environment[variable] {
				t.Errorf("%s: %s is %q, in the first node %q", name, variable, value, one.Environment[variable])
			}
		}
		if len(node.Environment) != len(one.Environment) || len(node.Volumes) != 2 || folders[node.Volumes[0]] {
			t.Errorf("%s: %v, %v", name, node.Environment, node.Volumes)
			continue
		}
		folders[node.Volumes[0]] = true
		if _, target, _ := strings.Cut(node.Volumes[0], ":"); target != node.Environment["KOHTA_DATA"] {
			t.Errorf("%s keeps its data in %s, and its volume is %s", name, node.Environment["KOHTA_DATA"], target)
		}
		if node.Volumes[1] != "${KOHTA_BOT:-bot}:/bot:ro" || node.Environment["KOHTA_BOT"] != "${KOHTA_BOT:+/bot}" {
			t.Errorf("%s looks for its bot in %s, and %s is there", name, node.Environment["KOHTA_BOT"], node.Volumes[1])
		}
	}
	if port := portOf(one.Environment["KOHTA_LISTEN"]); len(one.Ports) != 1 || portOf(one.Ports[0]) != port {
		t.Errorf("the desk listens on %s, and %v is published", port, one.Ports)
	}
}

// What must not be lost is not: the line has no second copy, and Postgres is the truth.
func TestComposeEngines(t *testing.T) {
	c := readCompose(t)
	redis, postgres := c.Services["redis"], c.Services["postgres"]
	if command := strings.Join(redis.Command, " "); !strings.Contains(command, "--maxmemory-policy noeviction") || !strings.Contains(command, "--appendonly yes") {
		t.Errorf("Redis may lose the line: %s", command)
	}
	if command := strings.Join(postgres.Command, " "); !strings.Contains(command, "synchronous_commit=on") || !strings.Contains(command, "fsync=on") {
		t.Errorf("Postgres may lose what was acknowledged: %s", command)
	}
	if !strings.Contains(strings.Join(postgres.Healthcheck.Test, " "), "pg_isready --host 127.0.0.1 ") {
		t.Errorf("Postgres is healthy while it makes its database: %v", postgres.Healthcheck.Test)
	}
	if !strings.HasPrefix(postgres.Image, "postgres:17.") || !strings.HasPrefix(redis.Image, "redis:7.") {
		t.Errorf("other versions than were tried: %s, %s", postgres.Image, redis.Image)
	}
	for _, image := range regexp.MustCompile(`\bredis:[0-9][\w.-]+`).FindAllString(string(read(t, "docs/operating.md")), -1) {
		if image != redis.Image {
			t.Errorf("docs/operating.md takes %s, and %s is there", image, redis.Image)
		}
	}
	for name, s := range map[string]service{"redis": redis, "postgres": postgres} {
		if len(s.Ports) > 0 || !slices.Equal(s.Networks, []string{"back"}) || c.Networks["back"]["internal"] != true {
			t.Errorf("%s can be reached by more than the nodes", name)
		}
	}
}

var interpolated = regexp.MustCompile(`\$\{([A-Z_]+)(:-([^}]*))?\}`)

// What an operator has to fill in stands in deploy/example.env, and nothing else does; no secret has a value here, and
// nothing has to be filled in for one node.
func TestComposeVariables(t *testing.T) {
	asked := map[string]bool{}
	for _, m := range interpolated.FindAllStringSubmatch(string(read(t, "docker-compose.yml")), -1) {
		asked[m[1]] = true
		if m[2] == "" {
			t.Errorf("%s has no default: one node must start without any", m[1])
		}
		if strings.Contains(m[1], "PASSWORD") && m[3] != "" {
			t.Errorf("%s has a value that everybody can read", m[1])
		}
	}
	offered := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#?([A-Z_]+)=(.*)$`).FindAllStringSubmatch(string(read(t, "deploy/example.env")), -1) {
		offered[m[1]] = true
		if strings.Contains(m[1], "PASSWORD") && m[2] != "" {
			t.Errorf("deploy/example.env has a %s", m[1])
		}
	}
	delete(offered, "COMPOSE_PROFILES") // is read by docker compose itself
	delete(asked, "KOHTA_VERSION")      // is for whoever builds
	if a, o := sorted(asked), sorted(offered); !slices.Equal(a, o) {
		t.Errorf("docker-compose.yml asks for\n%v\ndeploy/example.env has\n%v", a, o)
	}
	for _, own := range []string{"KOHTA_BOT", "KOHTA_SMTP", "KOHTA_SMTP_TLS", "KOHTA_MAIL_FROM", "KOHTA_PUBLIC_URL"} {
		if value := readCompose(t).Services["desk"].Environment[own]; !offered[own] || !strings.HasPrefix(value, "${"+own+":") {
			t.Errorf("%s in .env comes to nothing: the desk is given %q", own, value)
		}
	}
	for name, s := range readCompose(t).Services {
		for variable, value := range s.Environment {
			if regexp.MustCompile(`PASSWORD|SECRET|TOKEN`).MatchString(variable) && !regexp.MustCompile(`^\$\{[A-Z_]+:-\}$`).MatchString(value) {
				t.Errorf("%s: %s is %q", name, variable, value)
			}
		}
	}
	for file, line := range map[string]string{".gitignore": "/.env", ".dockerignore": ".env"} {
		if !slices.Contains(strings.Split(string(read(t, file)), "\n"), line) {
			t.Errorf("%s does not leave .env out", file)
		}
	}
}
