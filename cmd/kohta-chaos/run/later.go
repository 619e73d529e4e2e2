package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// change is what a later version has otherwise in a file of the module.
type change struct{ file, was, is string }

// changes are what a next version may have, and this one must live beside: nodes that speak a step further, and an event that
// stands in the log alone, of a kind that this version does not know.
var changes = [...]change{
	{"cmd/kohta/nodes.go", "const speaks = 1\n", "const speaks = 2\n"},
	{"chat/apply.go", "\tcase KindOpened, KindActionStarted,", "\tcase kindLater, KindOpened, KindActionStarted,"},
	{"chat/apply.go", "\tcase KindOpened, KindBotState, KindNote,", "\tcase kindLater, KindOpened, KindBotState, KindNote,"},
	{"chat/decide.go", "\td.add(KindMessage, detail, contents)\n", "\td.add(KindMessage, detail, contents)\n\td.add(kindLater, Detail{}, Contents{})\n"},
}

const laterKind = `package chat

const kindLater Kind = "later"
`

// laterTables is the migration of the next version: it only adds, so this one goes on beside it.
const laterTables = `-- +goose Up
ALTER TABLE conversations ADD COLUMN later BIGINT NOT NULL DEFAULT 1;
CREATE TABLE later (name TEXT PRIMARY KEY);
CREATE INDEX conversations_later ON conversations (later);
`

// BuildLater builds kohta as its next version may be into a folder, and returns its path: with a migration, an event and a word
// between nodes that this version does not know.
func BuildLater(ctx context.Context, dir string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	texts := map[string]string{}
	for _, c := range changes {
		path := filepath.Join(root, filepath.FromSlash(c.file))
		if texts[path] == "" {
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			texts[path] = string(text)
		}
		if strings.Count(texts[path], c.was) != 1 {
			return "", fmt.Errorf("%s has no longer %q, or has it twice: see what a later version would have there", c.file, c.was)
		}
		texts[path] = strings.Replace(texts[path], c.was, c.is, 1)
	}
	texts[filepath.Join(root, "store", "sqlstore", "migrations", "90000_later.sql")] = laterTables
	texts[filepath.Join(root, "chat", "chaos_kind.go")] = laterKind
	list, err := overlay(dir, "later", texts)
	if err != nil {
		return "", err
	}
	return build(ctx, filepath.Join(dir, "kohta-later"), list)
}
