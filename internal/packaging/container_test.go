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

// pinned is an image with a version in its tag.
var pinned = regexp.MustCompile(`^[a-z0-9./-]+:[0-9]+(\.[0-9]+)*(-[a-z0-9.]+)?$`)

type compose struct {
	Services map[string]struct {
		Build       any               `yaml:"build"`
		Image       string            `yaml:"image"`
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		Volumes     []string          `yaml:"volumes"`
		Profiles    []string          `yaml:"profiles"`
		Healthcheck *struct {
			Test []string `yaml:"test"`
		} `yaml:"healthcheck"`
		DependsOn map[string]struct {
			Condition string `yaml:"condition"`
		} `yaml:"depends_on"`
	} `yaml:"services"`
	Volumes map[string]any `yaml:"volumes"`
}

func TestCompose(t *testing.T) {
	var file compose
	if err := yaml.Unmarshal(read(t, "docker-compose.yml"), &file); err != nil {
		t.Fatal(err)
	}
	for name, service := range file.Services {
		if service.Build == nil && !pinned.MatchString(service.Image) {
			t.Errorf("%s: the image %q has no version", name, service.Image)
		}
		if service.Healthcheck == nil {
			t.Errorf("%s: has no health check", name)
		}
		for other, need := range service.DependsOn {
			needed, there := file.Services[other]
			if !there || need.Condition != "service_healthy" || needed.Healthcheck == nil || len(needed.Profiles) > 0 {
				t.Errorf("%s: waits for %s, which cannot become healthy", name, other)
			}
		}
		for _, volume := range service.Volumes {
			if source, _, _ := strings.Cut(volume, ":"); !declared(file.Volumes, source) {
				t.Errorf("%s: the volume %s is not declared", name, source)
			}
		}
	}

	desk, redis := file.Services["desk"], file.Services["redis"]
	unknown(t, "docker-compose.yml", desk.Environment)
	if len(desk.Profiles) > 0 || len(redis.Profiles) > 0 || !slices.Equal(file.Services["postgres"].Profiles, []string{"postgres"}) {
		t.Error("by default there are the desk and Redis, and Postgres has a profile of its own")
	}
	if got := desk.Environment["KOHTA_REDIS"]; got != "redis://redis:6379/0" {
		t.Errorf("the desk looks for Redis at %q", got)
	}
	port := portOf(desk.Environment["KOHTA_LISTEN"])
	if len(desk.Ports) != 1 || !strings.HasSuffix(desk.Ports[0], ":"+port) {
		t.Errorf("the desk listens on %s, and %v is published", port, desk.Ports)
	}
	if command := strings.Join(redis.Command, " "); !strings.Contains(command, "--maxmemory-policy noeviction") || !strings.Contains(command, "--appendonly yes") {
		t.Errorf("Redis may lose the line: %s", command)
	}
}

func TestDockerfile(t *testing.T) {
	var stages []string
	last := map[string]string{}
	env := map[string]string{}
	text := strings.ReplaceAll(string(read(t, "Dockerfile")), "\\\n", " ")
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		last[word] = rest
		switch word {
		case "FROM":
			image, stage, _ := strings.Cut(rest, " AS ")
			if image != "scratch" && !pinned.MatchString(image) {
				t.Errorf("the image %q has no version", image)
			}
			stages = append(stages, stage)
			env = map[string]string{}
			if version, is := strings.CutPrefix(image, "golang:"); is && !strings.HasPrefix(version, goVersion(t)) {
				t.Errorf("it builds with Go %s, go.mod says %s", version, goVersion(t))
			}
		case "ENV":
			for pair := range strings.FieldsSeq(rest) {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
		case "COPY":
			if from, is := strings.CutPrefix(rest, "--from="); is && !slices.Contains(stages, strings.Fields(from)[0]) {
				t.Errorf("no stage before it for COPY %s", rest)
			}
		}
	}
	unknown(t, "Dockerfile", env)
	if user, _, _ := strings.Cut(last["USER"], ":"); user == "" || user == "0" || user == "root" {
		t.Errorf("it runs as %q", user)
	}
	if port := portOf(env["KOHTA_LISTEN"]); last["EXPOSE"] != port {
		t.Errorf("it listens on %s and exposes %s", port, last["EXPOSE"])
	}
	if last["VOLUME"] != env["KOHTA_DATA"] {
		t.Errorf("its data are in %s, and the volume is %s", env["KOHTA_DATA"], last["VOLUME"])
	}
	if last["ENTRYPOINT"] != `["/usr/bin/kohta"]` || last["CMD"] != `["serve"]` || !strings.Contains(text, "-o /out/usr/bin/kohta ") {
		t.Errorf("it does not start what it built: %s %s", last["ENTRYPOINT"], last["CMD"])
	}
}

// The container is built from a copy without what .dockerignore names; nothing that is embedded may be among it.
func TestDockerignoreLeavesWhatIsEmbedded(t *testing.T) {
	var ignored []string
	for line := range strings.Lines(string(read(t, ".dockerignore"))) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "**/") {
			ignored = append(ignored, line)
		}
	}
	embeds := regexp.MustCompile(`(?m)^//go:embed (.*)$`)
	err := filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return or(err, filepath.SkipDir)
		}
		rel, _ := filepath.Rel("../..", path)
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		needed := []string{rel}
		for _, match := range embeds.FindAllStringSubmatch(string(source), -1) {
			for pattern := range strings.FieldsSeq(match[1]) {
				needed = append(needed, filepath.Join(filepath.Dir(rel), strings.Trim(strings.TrimPrefix(pattern, "all:"), `"`)))
			}
		}
		for _, file := range needed {
			for _, folder := range ignored {
				if file == folder || strings.HasPrefix(file, folder+"/") {
					t.Errorf("%s needs %s, which .dockerignore leaves out (%s)", rel, file, folder)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func declared(volumes map[string]any, name string) bool {
	_, there := volumes[name]
	return there
}

// unknown reports variables that no flag of the program reads.
func unknown(t *testing.T, file string, env map[string]string) {
	t.Helper()
	sources, err := filepath.Glob("../../cmd/kohta/*.go")
	if err != nil || len(sources) == 0 {
		t.Fatal("no sources of cmd/kohta:", err)
	}
	var text strings.Builder
	for _, source := range sources {
		rel, _ := filepath.Rel("../..", source)
		text.Write(read(t, rel))
	}
	for name := range env {
		if strings.HasPrefix(name, "KOHTA_") && !strings.Contains(text.String(), `env:"`+name+`"`) {
			t.Errorf("%s: the desk knows no %s", file, name)
		}
	}
}

func portOf(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

func goVersion(t *testing.T) string {
	match := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(read(t, "go.mod"))
	if match == nil {
		t.Fatal("go.mod names no version")
	}
	return string(match[1])
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
