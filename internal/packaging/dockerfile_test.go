package packaging

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

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
	if root(last["USER"]) {
		t.Errorf("it runs as %q", last["USER"])
	}
	if port := portOf(env["KOHTA_LISTEN"]); last["EXPOSE"] != port {
		t.Errorf("it listens on %s and exposes %s", port, last["EXPOSE"])
	}
	if last["VOLUME"] != env["KOHTA_DATA"] {
		t.Errorf("its data are in %s, and the volume is %s", env["KOHTA_DATA"], last["VOLUME"])
	}
	if !strings.Contains(text, "CGO_ENABLED=0") || len(stages) < 2 || !strings.HasPrefix(last["FROM"], "scratch") {
		t.Error("it is not a static binary on an empty image")
	}
	if !strings.HasSuffix(last["HEALTHCHECK"], `CMD ["/usr/bin/kohta", "ready"]`) {
		t.Errorf("an empty image has nothing but the binary to ask with: %s", last["HEALTHCHECK"])
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
