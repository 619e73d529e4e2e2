package packaging

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// pinned is an image with a version in its tag, from where images come from by themselves.
var pinned = regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+)?:v?[0-9]+\.[0-9]+(\.[0-9]+)*(-[a-z0-9.]+)?$`)

// root tells whether a user of a container is root.
func root(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "0" || name == "root"
}

// readYAML decodes a file of the repository. A key that the type does not know is an error if strict.
func readYAML(t *testing.T, name string, into any, options ...yaml.DecodeOption) {
	t.Helper()
	if err := yaml.UnmarshalWithOptions(read(t, name), into, options...); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

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
