package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// words takes a command of a manual apart as a shell does, as far as manuals go: spaces and double quotes.
func words(command string) (all []string) {
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		all = append(all, m[1]+m[2])
	}
	return all
}

// TestTheManualsCommands runs the commands of docs/hours.md in their order, and holds the list at its end to what is said
// there.
func TestTheManualsCommands(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/hours.md")
	if err != nil {
		t.Fatal(err)
	}
	s := shell{t, t.TempDir()}
	s.good("team", "set", "support")
	if _, stderr, status := s.runWith("kesä on lyhyt 7\n", "agent", "add", "aino@shop.example", "--name", "Aino"); status != 0 {
		t.Fatal(stderr)
	}
	ran := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "kohta ")
			if !ok {
				t.Errorf("%q is no command of ours", line)
				continue
			}
			s.good(words(command)...)
			ran++
		}
	}
	if ran < 12 {
		t.Errorf("%d commands ran", ran)
	}
	list, _ := s.good("team", "list")
	list = regexp.MustCompile(`(?m)^  now .*\n`).ReplaceAllString(list, "")
	shown := regexp.MustCompile("(?s)```text\n(.*?)```").FindSubmatch(page)
	if shown == nil || !strings.Contains(list, string(shown[1])) {
		t.Errorf("the manual shows\n%s\nand the list is\n%s", shown[1], list)
	}
}

// TestTheManualsHeadStarts holds the table of usual head starts to the line.
func TestTheManualsHeadStarts(t *testing.T) {
	page, err := os.ReadFile("../../docs/hours.md")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	said := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`(?:feeling|reason|priority):.*`) \\| (.*) \\|$").FindAllStringSubmatch(string(page), -1) {
		for _, key := range strings.Split(row[1], ", ") {
			said[strings.Trim(key, "`")] = row[2]
		}
	}
	if len(said) != 8 {
		t.Errorf("the manual says %v", said)
	}
	keys := []string{
		"feeling:calm", "feeling:pleased", "feeling:frustrated", "feeling:angry", "feeling:distressed", "feeling:urgent",
		"reason:asked", "reason:feeling", "reason:complex", "reason:stuck", "reason:rule", "reason:bot_failed", "priority:high", "priority:low",
	}
	for _, key := range keys {
		c := chat.Conversation{ID: "c", Team: "support", State: chat.Waiting, WaitingSince: now}
		switch kind, name, _ := strings.Cut(key, ":"); kind {
		case "feeling":
			c.Feeling.Name = name
		case "reason":
			c.Reason = name
		case "priority":
			c.Priority = name
		}
		want := "0s"
		if minutes, ok := strings.CutSuffix(said[key], " min"); ok {
			want = minutes + "m"
		}
		if got := staff.Brief(routing.Of(c, staff.NewTeam("support", "Support"), now).HeadStart); got != want {
			t.Errorf("%s: %s, and the manual says %s", key, got, want)
		}
	}
}
