package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
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

// stand puts a program in the place of one that the manual calls.
func stand(t *testing.T, folder, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// The loops of the manual that upgrade three nodes, carried out where each step can fail: whatever fails, the next node is
// not touched, and it is said where it stopped. Between two nodes there is time for the balancer.
func TestUpgradeStopsWhereItFails(t *testing.T) {
	machines := []string{"n1 install", "n1 systemctl", "n1 kohta", "n1 waited", "n2 install", "n2 systemctl", "n2 kohta", "n2 waited", "n3 install", "n3 systemctl", "n3 kohta", "n3 waited"}
	containers := []string{"desk up", "desk-3 waited"}
	for _, c := range []struct {
		loop, fails, said string
		last              string // step that is carried out
	}{
		{"scp", "", "", machines[len(machines)-1]},
		{"scp", "n2 install", "stopped at n2", "n2 install"},
		{"scp", "n2 systemctl", "stopped at n2", "n2 systemctl"},
		{"scp", "n1 kohta", "stopped at n1", "n1 kohta"},
		{"docker compose up", "", "", containers[1]},
		{"docker compose up", "desk-2 up", "stopped at desk-2", "desk-2 up"},
	} {
		folder := t.TempDir()
		step := `echo "$NODE $1" >>"$LOG"; [ "$NODE $1" != "$FAILS" ]` + "\n"
		stand(t, folder, "scp", "")
		stand(t, folder, "ssh", `NODE=$1 exec sh -c "$2"`)
		stand(t, folder, "sudo", step)
		stand(t, folder, "kohta", "set -- kohta\n"+step)
		stand(t, folder, "docker", "for NODE; do :; done\nset -- up\n"+step)
		stand(t, folder, "sleep", `[ "$1" = 1 ] || { set -- waited; NODE=$(tail -n 1 "$LOG" | cut -d " " -f 1); `+step+"}\n")
		all := commands(t)
		i := slices.IndexFunc(all, func(block string) bool {
			return strings.Contains(block, "for node in") && strings.Contains(block, c.loop)
		})
		if i < 0 {
			t.Fatalf("there is no loop with %s", c.loop)
		}
		loop := all[i][strings.Index(all[i], "for node in"):]
		run := exec.CommandContext(t.Context(), "sh", "-c", loop)
		log := filepath.Join(folder, "log")
		run.Env = []string{"PATH=" + folder + ":" + os.Getenv("PATH"), "LOG=" + log, "FAILS=" + c.fails}
		said, err := run.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", c.loop, err, said)
		}
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		steps := slices.Compact(strings.Split(strings.TrimSpace(string(text)), "\n")) // it is asked many times whether it is ready
		if steps[len(steps)-1] != c.last || strings.TrimSpace(string(said)) != c.said {
			t.Errorf("%s, where %q fails: %v, and says %q", c.loop, c.fails, steps, said)
		}
		if c.fails == "" && c.loop == "scp" && !slices.Equal(steps, machines) {
			t.Errorf("%v, want %v", steps, machines)
		}
	}
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

// Only root reads /etc/kohta.env: who uses one of its variables has read it as root.
func TestVariablesAreReadWhereTheyAreUsed(t *testing.T) {
	for _, block := range commands(t) {
		for line := range strings.Lines(block) {
			if regexp.MustCompile(`"\$KOHTA_`).MatchString(line) && !strings.Contains(line, "sudo sh -c '. /etc/kohta.env; ") {
				t.Errorf("nobody has set it: %s", line)
			}
		}
	}
}
