package packaging

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commands are the blocks of commands of docs/operating.md.
func commands(t *testing.T) (blocks []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(string(read(t, "docs/operating.md")), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// Copies of what customers wrote lie outside of the checkout, for nobody else to read; what lies there all the same, of
// those who copied it there before, goes neither into an image nor into a commit.
func TestCopiesStayOutOfTheCheckout(t *testing.T) {
	found := 0
	for _, block := range commands(t) {
		for line := range strings.Lines(block) {
			if strings.Contains(line, "$PWD") {
				t.Errorf("it lies in the checkout: %s", line)
			}
			for _, name := range regexp.MustCompile(`\S+\.dump\b|\S*kohta-\$\(date [^)]*\)\S*`).FindAllString(line, -1) {
				if found++; !strings.HasPrefix(name, "/var/backups/kohta/") && !strings.HasPrefix(name, "/backups/") {
					t.Errorf("%s lies where somebody happens to stand: %s", name, line)
				}
			}
			if strings.Contains(line, "pg_dump") && !strings.Contains(line, "umask 077") {
				t.Errorf("everybody may read it: %s", line)
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d copies were found", found)
	}
	for file, want := range map[string][]string{".gitignore": {"/backups/", "*.dump"}, ".dockerignore": {"backups", "**/*.dump"}} {
		lines := strings.Split(string(read(t, file)), "\n")
		for _, line := range want {
			if !slices.Contains(lines, line) {
				t.Errorf("%s does not leave %s out", file, line)
			}
		}
	}
}
