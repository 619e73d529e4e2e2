package packaging

import (
	"slices"
	"strings"
	"testing"
)

// unit are the settings of a unit of systemd.
func unit(t *testing.T, name string) map[string][]string {
	t.Helper()
	settings := map[string][]string{}
	for line := range strings.Lines(string(read(t, name))) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(name, "#") {
			settings[name] = append(settings[name], value)
		}
	}
	return settings
}

// The service of systemd may do as little as the container, has time to end, and starts what docs/operating.md installs.
func TestUnit(t *testing.T) {
	settings := unit(t, "deploy/kohta.service")
	for name, want := range map[string]string{
		"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
		"CapabilityBoundingSet": "", "StateDirectory": "kohta", "StateDirectoryMode": "0700", "TimeoutStopSec": "35", "UMask": "0077",
		"Restart": "on-failure", "LimitNOFILE": "65536", "ExecStart": "/usr/local/bin/kohta serve --config /etc/kohta.yml",
	} {
		if got := settings[name]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if hidden := settings["ProcSubset"]; len(hidden) > 0 {
		t.Errorf("ProcSubset=%s hides how many may wait in a socket, so that it is 128", hidden)
	}
	if user := strings.Join(settings["User"], ""); root(user) {
		t.Errorf("it runs as %q", user)
	}
	manual := string(read(t, "docs/operating.md"))
	for _, said := range []string{"deploy/kohta.service", "deploy/kohta.socket", "/usr/local/bin/kohta", "/etc/kohta.yml", "/var/lib/kohta"} {
		if !strings.Contains(manual, said) {
			t.Errorf("docs/operating.md does not speak of %s", said)
		}
	}
}

// The socket that is held between two desks is the one that the manual has the desk listen on.
func TestSocketUnit(t *testing.T) {
	held := unit(t, "deploy/kohta.socket")["ListenStream"]
	if len(held) != 1 || !strings.Contains(string(read(t, "docs/operating.md")), "\nlisten: "+held[0]+"\n") {
		t.Errorf("%v is held, and the desk of docs/operating.md listens elsewhere", held)
	}
}
