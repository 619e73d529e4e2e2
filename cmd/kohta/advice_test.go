package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kohta/kohta/staff"
)

func TestMissingSkills(t *testing.T) {
	h := staff.House{
		Sites:  []staff.Site{{Slug: "shop", Team: "support"}, {Slug: "outlet", Team: "support"}},
		Agents: []staff.Agent{{Name: "Aino", Teams: []string{"support"}, Skills: []string{"billing"}}},
	}
	got := missingSkills(h, map[string][]string{"": {"billing", "refunds"}, "support": {"bikes", "refunds"}, "sales": {"billing"}})
	want := []string{
		"the bot asks for a skill: nobody in team sales has the skill billing; skills there are: none",
		"the bot asks for a skill: nobody in team support has the skill bikes, refunds; skills there are: billing (Aino)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := missingSkills(h, nil); got != nil {
		t.Errorf("nothing is asked for, and %q", got)
	}
}

// TestServeWarns starts a desk without agents on a bot that asks for what nobody has.
func TestServeWarns(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bot.yml": "languages: [en]\n", "answers/en.yml": "pay: By card.\n",
		"nlu/en/all.yml": "nlu:\n  - intent: pay\n    examples: |\n      - how can I pay\n      - do you take cards\n",
		"rules/all.yml":  "rules:\n  - {intent: pay, escalate: {reason: rule, skills: [billing]}}\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), text)
	}
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--bot", folder)
	p.stop()
	for _, words := range []string{
		`"level":"warn"`, "team support has no agents: who comes to it waits until a supervisor takes the conversation",
		"the bot asks for a skill: nobody in team support has the skill billing; skills there are: none",
	} {
		if !strings.Contains(p.stderr.String(), words) {
			t.Errorf("does not say %q:\n%s", words, p.stderr.String())
		}
	}
}
