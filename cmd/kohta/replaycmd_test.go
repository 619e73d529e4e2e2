package main

import (
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/wire"
)

// TestReplayOfTheDemosPast seeds a database and, while it is open for writing, lets a bot folder go through it.
func TestReplayOfTheDemosPast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := sqlstore.Open(context.Background(), sqlstore.Options{Path: filepath.Join(dir, "kohta.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := seedHistory(context.Background(), s, time.Now()); err != nil {
		t.Fatal(err)
	}
	out, stderr, status := runKohta(t, "", "bot", "replay", "../../bot/demo", "--data", dir, "--most", "3")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	sum := -1
	for i, l := range lines {
		if strings.Contains(l, " conversations, ") {
			sum = i
		}
	}
	if status > 1 || stderr != "" || sum < 1 || len(lines) != sum+8 {
		t.Fatalf("status %d, %s\n%s", status, stderr, out)
	}
	if shown := strings.Count(out, "  fi  ") + strings.Count(out, "  sv  ") + strings.Count(out, "  en  "); shown > 3 {
		t.Errorf("%d conversations are shown:\n%s", shown, out)
	}
	again, _, _ := runKohta(t, "", "bot", "replay", "../../bot/demo", "--data", dir, "--most", "3")
	if again != out {
		t.Errorf("two runs differ:\n%s\n%s", out, again)
	}
	none, _, _ := runKohta(t, "", "bot", "replay", "../../bot/demo", "--data", dir, "--since", "0d")
	if !strings.HasPrefix(none, "0 conversations, 0 messages") {
		t.Errorf("since now: %s", none)
	}
	if _, stderr, status := runKohta(t, "", "bot", "candidates", "../../bot/demo", "--data", dir); status != 0 {
		t.Errorf("candidates: status %d, %s", status, stderr)
	}
}

func TestReplaySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		words string
	}{
		{[]string{"bot", "replay", "../../bot/demo", "--data", t.TempDir()}, "there is no database"},
		{[]string{"bot", "replay", "../../bot/demo", "--since", "yesterday"}, "--since yesterday is no time"},
		{[]string{"bot", "replay", t.TempDir() + "/none"}, "cannot be read"},
		{[]string{"bot", "candidates", "../../bot/testdata/nothing"}, "cannot be read"},
	} {
		if out, stderr, status := runKohta(t, "", c.args...); status != 1 || !strings.Contains(stderr, c.words) || out != "" {
			t.Errorf("%v: status %d, %q, %q", c.args, status, stderr, out)
		}
	}
}

func TestSince(t *testing.T) {
	now := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"": {}, "2026-03-01": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "30d": now.AddDate(0, 0, -30), "12h": now.Add(-12 * time.Hour),
	} {
		if at, err := (pastFlags{Since: text}).moment(now); err != nil || !at.Equal(want) {
			t.Errorf("%q: %v, %v, want %v", text, at, err, want)
		}
	}
	for _, bad := range []string{"-3d", "d", "2026-13-01", "3 weeks", "-1h"} {
		if _, err := (pastFlags{Since: bad}).moment(now); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// TestAnArticleAnswersWithALinkThatLeadsSomewhere asks the demo what no rule answers; the page that its answer links to
// is there. What was asked can be replayed while the desk runs.
func TestAnArticleAnswersWithALinkThatLeadsSomewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	g := p.guest(wire.Greeting{Language: "fi"})
	id := g.do(wire.Post, "", chat.Post{Text: "saako kahvilaan tuoda koiran"}).Conversation
	said := g.await("answer from an article", func(r wire.Received) bool {
		return strings.Contains(r.Text, "/demo/articles/fi/")
	})
	path := regexp.MustCompile(`/demo/articles/fi/[a-z-]+`).FindString(said.Text)
	if !strings.Contains(said.Text, p.base+path) || path != "/demo/articles/fi/kahvilassa" {
		t.Errorf("the answer is %s", said.Text)
	}
	if status, _ := p.call("GET", path, "", nil); status != http.StatusOK {
		t.Errorf("%s: status %d", path, status)
	}
	out, stderr, _ := runKohta(t, "", "bot", "replay", "../../docs/examples/pyorapaja", "--data", dir)
	if !strings.Contains(out, id) || !strings.Contains(out, "was: article kahvilassa") {
		t.Errorf("replay: %s\n%s", out, stderr)
	}
}
