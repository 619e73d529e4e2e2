package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/kohta/kohta/cmd/kohta/demo"
)

// TestServeRefuses starts the desk in every way that cannot work: it says in one sentence what is wrong and what to do,
// and ends with status 1.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "not a folder")
	bad := t.TempDir()
	write(t, filepath.Join(bad, "bot.yml"), "name: [unfinished\n")
	config := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, config, "listen: 127.0.0.1:0\nlisten_to: me\n")
	broken := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, broken, "listen: [\n")
	wrong := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, wrong, "demo: true\nlimits: perhaps\n")

	for _, c := range []struct {
		name  string
		flags []string
		says  []string
	}{
		{"a missing bot folder", []string{"--bot", filepath.Join(t.TempDir(), "no")}, []string{"bot folder", "--bot"}},
		{"a bot folder that is a file", []string{"--bot", file}, []string{"not a folder", "--bot"}},
		{"a bot folder with a fault", []string{"--bot", bad}, []string{"bot.yml:1"}},
		{"a taken port", []string{"--listen", taken.Addr().String()}, []string{"is taken", "--listen"}},
		{"an address without a port", []string{"--listen", "127.0.0.1"}, []string{"--listen", "127.0.0.1:8080"}},
		{"an unreadable configuration", []string{"--config", broken}, []string{"configuration", "[1:9]", "brackets"}},
		{"a configuration that is not there", []string{"--config", broken + ".no"}, []string{"configuration", broken + ".no", "--config"}},
		{"a configuration that is a folder", []string{"--config", bad}, []string{"configuration", "--config"}},
		{"a value that cannot be", []string{"--config", wrong}, []string{"Line 2", "limits", "on, off", "perhaps"}},
		{"an unknown key", []string{"--config", config}, []string{"Line 2", "listen_to"}},
		{"a data folder that is a file", []string{"--data", file}, []string{"data folder", "--data"}},
		{"another database", []string{"--database", "mysql://user:secret@localhost/kohta"}, []string{"Postgres", "--database"}},
		{"no Postgres there", []string{"--database", "postgres://user:secret@127.0.0.1:1/kohta?sslmode=disable"}, []string{"cannot be reached", "127.0.0.1:1"}},
		{"no address", []string{"--database", "postgres://user:secret@127.0.0.1:port/kohta"}, []string{"postgres://kohta@"}},
		{"the demo for everybody", []string{"--demo", "--listen", "0.0.0.0:0"}, []string{"--demo-public"}},
		{"no limits for everybody", []string{"--limits", "off", "--listen", "0.0.0.0:0"}, []string{"loopback"}},
		{"a mail server of another kind", []string{"--smtp", "http://desk:secret@mail.example", "--mail-from", "a@b.example"}, []string{"--smtp", "smtp://"}},
		{"a mail server that is none", []string{"--smtp", "smtp://desk:secret#@mail.example", "--mail-from", "a@b.example"}, []string{"--smtp", "%23"}},
		{"mail from nobody", []string{"--smtp", "smtp://desk:secret@mail.example"}, []string{"--mail-from"}},
		{"mail from what is no address", []string{"--smtp", "smtp://desk:secret@mail.example", "--mail-from", "support"}, []string{"--mail-from", "support@shop.example"}},
		{"a password file that is not there", []string{"--smtp", "smtp://desk@mail.example", "--mail-from", "a@b.example", "--smtp-password-file", broken + ".no"}, []string{"--smtp-password-file", broken + ".no"}},
		{"a password file that holds more", []string{"--smtp", "smtp://desk@mail.example", "--mail-from", "a@b.example", "--smtp-password-file", config}, []string{"--smtp-password-file", "one password"}},
		{"a password for nothing", []string{"--smtp-password-file", config}, []string{"--smtp-password-file", "--smtp"}},
		{"TLS and no TLS", []string{"--smtp", "smtps://desk:secret@mail.example", "--mail-from", "a@b.example", "--smtp-tls", "off"}, []string{"--smtp-tls", "smtps://"}},
		{"links that lead nowhere", []string{"--listen", "0.0.0.0:0", "--smtp", "smtp://mail.example", "--mail-from", "a@b.example"}, []string{"--public-url", "0.0.0.0:0"}},
		{"a public address with a path", []string{"--public-url", "https://desk.example/chat/"}, []string{"--public-url", "https://desk.example"}},
		{"a public address that is none", []string{"--public-url", "desk.example"}, []string{"--public-url", "https://desk.example"}},
		{"a Redis that is not there", []string{"--redis", "redis://127.0.0.1:1"}, []string{"Redis", "--redis"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			flags := append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, c.flags...)
			_, stderr, status := runKohta(t, "", flags...)
			if status != 1 {
				t.Errorf("status %d, want 1", status)
			}
			for _, words := range c.says {
				if !strings.Contains(stderr, words) {
					t.Errorf("does not say %q:\n%s", words, stderr)
				}
			}
			if n := strings.Count(strings.TrimSpace(stderr), "\n"); n > 0 {
				t.Errorf("says it in %d lines:\n%s", n+1, stderr)
			}
			if strings.Contains(stderr, "secret") {
				t.Errorf("tells a secret:\n%s", stderr)
			}
		})
	}
}

func TestServeRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startDesk(t, dir, "127.0.0.1:0").stop()
	db, err := sql.Open("sqlite", filepath.Join(dir, "kohta.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1); UPDATE compatibility SET oldest = 9999`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if status != 1 || !strings.Contains(stderr, "newer") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

// TestServeRefusesAFullDisk starts on disks that have no room for what SQLite keeps beside its file, for the tables, and for
// what the first start puts into them: one sentence each.
func TestServeRefusesAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("mounts a small disk: part of the full run")
	}
	t.Parallel()
	for _, size := range []string{"20k", "48k", "100k", "300k", "400k"} {
		dir := t.TempDir()
		disk := append(smallDisk(t, size, dir), builtBinary(t), "serve", "--demo", "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "data"))
		_, stderr, status := runProgram(t, "", disk[0], disk[1:]...)
		if status != 1 || !strings.Contains(stderr, "full") || !strings.Contains(stderr, "room") || strings.Contains(stderr, "SQL logic") || strings.Contains(stderr, "goose") {
			t.Errorf("status %d on a disk of %s:\n%s", status, size, stderr)
		}
	}
}

// smallDisk is the beginning of a command that has a disk of that size at dir, which only the command sees: as root may
// mount one, or as anybody may in a user namespace of their own.
func smallDisk(t *testing.T, size, dir string) []string {
	t.Helper()
	var why string
	for _, space := range []string{"-m", "-rm"} {
		disk := []string{"unshare", space, "sh", "-c", `mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@"`, "sh", size, dir}
		_, words, status := runProgram(t, "", disk[0], append(disk[1:], "true")...)
		if status == 0 {
			return disk
		}
		why += words
	}
	t.Fatalf("a small disk cannot be mounted, neither as root nor in a user namespace:\n%s", why)
	return nil
}

func TestOneDeskAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startDesk(t, dir, "127.0.0.1:0")
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if status != 1 || !strings.Contains(stderr, "another desk") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

// TestStopEndsWithStatus0 holds the promise of SIGTERM, and that seeding twice changes nothing.
func TestStopEndsWithStatus0(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		p := startDesk(t, dir, "127.0.0.1:0", "--demo")
		answer, err := http.Get(p.base + "/")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("the shop answers %s", answer.Status)
		}
		if status := p.stop(); status != 0 {
			t.Errorf("status %d after SIGTERM:\n%s", status, p.stderr)
		}
	}
	out, _, status := runKohta(t, "", "agent", "list", "--data", dir)
	if n := strings.Count(out, "@demo.example"); status != 0 || n != 3 {
		t.Errorf("%d demo agents, status %d:\n%s", n, status, out)
	}
	past, err := demo.History()
	if err != nil {
		t.Fatal(err)
	}
	out, _, status = runKohta(t, "", "doctor", "--data", dir)
	if want := fmt.Sprintf("%d conversations, 0 breaches", len(past)); status != 0 || !strings.Contains(out, want) {
		t.Errorf("status %d, the doctor does not find %s:\n%s", status, want, out)
	}
}

func TestAgentsFromTheShell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	add := func(password string, args ...string) (string, int) {
		out, errs, status := runKohta(t, password+"\n", append([]string{"agent", "add", "--data", dir}, args...)...)
		return out + errs, status
	}
	if out, status := add("short", "eka@kohta.example", "--name", "Eka"); status != 1 || !strings.Contains(out, "10 characters") {
		t.Errorf("a short password: status %d, %s", status, out)
	}
	if out, status := add("Salasana2026!", "eka@kohta.example", "--name", "Eka"); status != 1 || !strings.Contains(out, "tried first") {
		t.Errorf("a common password: status %d, %s", status, out)
	}
	if out, status := add("kolme vihreää sohvaa", "eka@kohta.example", "--name", "Eka", "--role", "administrator"); status != 0 {
		t.Errorf("status %d, %s", status, out)
	}
	out, _, _ := runKohta(t, "", "agent", "list", "--data", dir)
	if !strings.Contains(out, "eka@kohta.example\tEka\tadministrator") {
		t.Errorf("listed:\n%s", out)
	}
	if out, errs, status := runKohta(t, "", "agent", "disable", "eka@kohta.example", "--data", dir); status != 0 {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	out, _, _ = runKohta(t, "", "agent", "list", "--data", dir)
	if !strings.Contains(out, "disabled since") {
		t.Errorf("listed:\n%s", out)
	}
}

func TestTheEnvironmentBeatsTheFileAndAFlagBeatsBoth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, file, "# the desk\nlisten: 127.0.0.1:1\nlog-level: error\nproxies: [10.0.0.0/8, 192.168.1.1]\n")
	for _, c := range []struct {
		env  string
		args []string
		want string
	}{
		{"", nil, "127.0.0.1:1"},
		{"127.0.0.1:2", nil, "127.0.0.1:2"},
		{"127.0.0.1:2", []string{"--listen", "127.0.0.1:3"}, "127.0.0.1:3"},
	} {
		t.Setenv("KOHTA_LISTEN", c.env)
		if c.env == "" {
			os.Unsetenv("KOHTA_LISTEN")
		}
		got := parsed(t, append([]string{"serve", "--config", file}, c.args...))
		if got.Serve.Listen != c.want || got.Serve.LogLevel != "error" || len(got.Serve.Proxies) != 2 {
			t.Errorf("env %q, flags %v: listen %s, log level %s, proxies %q", c.env, c.args, got.Serve.Listen, got.Serve.LogLevel, got.Serve.Proxies)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func parsed(t *testing.T, args []string) commands {
	t.Helper()
	var c commands
	parser, err := program{os.Stdin, io.Discard, io.Discard, os.Getenv}.parser(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return c
}

// The demo's accounts are for the demo: whoever goes on in its folder, for everybody to reach, is told first.
func TestTheDemosAccountsDoNotOutliveIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if status := startDesk(t, dir, "127.0.0.1:0", "--demo").stop(); status != 0 {
		t.Fatal(status)
	}
	_, stderr, status := runKohta(t, "", "serve", "--listen", "0.0.0.0:0", "--data", dir)
	if status != 1 || !strings.Contains(stderr, "sari@demo.example") || !strings.Contains(stderr, "kohta agent disable") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

// A folder that another desk serves is left as it is: nothing is opened there, and nothing made or migrated.
func TestServeLeavesAFolderInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unlock, err := dataFlags{Data: dir}.lock()
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if status != 1 || !strings.Contains(stderr, "another desk is serving") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
	if err := there(filepath.Join(dir, "kohta.db")); err == nil {
		t.Error("it has made a database there")
	}
}
