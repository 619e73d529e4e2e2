package packaging

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// section is a part of HAProxy's configuration: its lines, as words.
type section [][]string

func readBalancer(t *testing.T) map[string]section {
	t.Helper()
	parts, name := map[string]section{}, ""
	for line := range strings.Lines(string(read(t, "deploy/haproxy.cfg"))) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case line[0] != ' ':
			name = strings.Join(words, " ")
			parts[name] = section{}
		default:
			parts[name] = append(parts[name], words)
		}
	}
	return parts
}

// all are the lines that begin with words, without them.
func (s section) all(words ...string) (rest [][]string) {
	for _, line := range s {
		if len(line) >= len(words) && slices.Equal(line[:len(words)], words) {
			rest = append(rest, line[len(words):])
		}
	}
	return rest
}

// one is the only line that begins with words, as text; empty if there is none or more.
func (s section) one(words ...string) string {
	if rest := s.all(words...); len(rest) == 1 {
		return strings.Join(rest[0], " ")
	}
	return ""
}

// The balancer knows the nodes that the compose file has, at the port that they listen on, by the health paths that
// they answer.
func TestBalancerKnowsTheNodes(t *testing.T) {
	parts, c := readBalancer(t), readCompose(t)
	want := [][]string{}
	for _, node := range []string{"desk", "desk-2", "desk-3"} {
		want = append(want, []string{node, node + ":" + portOf(c.Services[node].Environment["KOHTA_LISTEN"]), "check"})
	}
	routes := string(read(t, "gateway/routes.go"))
	for name, path := range map[string]string{"backend ready": "/readyz", "backend living": "/healthz"} {
		b := parts[name]
		if got := b.all("server"); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
		if b.one("http-check", "send") != "meth GET uri "+path || b.one("http-check", "expect") != "status 200" || len(b.all("option", "httpchk")) != 1 {
			t.Errorf("%s does not ask for %s: %v", name, path, b)
		}
		if !strings.Contains(routes, `"`+path+`"`) {
			t.Errorf("the desk has no %s", path)
		}
	}
	balancer, front := c.Services["balancer"], parts["frontend public"]
	bound := portOf(front.one("bind"))
	if len(balancer.Ports) != 1 || portOf(balancer.Ports[0]) != bound {
		t.Errorf("it listens on %s, and %v is published", bound, balancer.Ports)
	}
	if test := balancer.Healthcheck.Test; test[len(test)-1] != "http://127.0.0.1:"+bound+front.one("monitor-uri") {
		t.Errorf("its health is asked for at %v", test)
	}
	if !slices.Contains(balancer.Volumes, "./deploy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro") {
		t.Errorf("it does not read deploy/haproxy.cfg: %v", balancer.Volumes)
	}
	if d := parts["defaults"]; d.one("default-server") == "" || parts["resolvers "+wordAfter(d.one("default-server"), "resolvers")] == nil {
		t.Error("nodes that are made anew are not found again")
	}
}

// Nobody is tied to a node, a node that is away is not noticed, a socket is left alone, and nothing is sent twice that
// could be done twice.
func TestBalancerSuitsTheDesk(t *testing.T) {
	parts := readBalancer(t)
	d, front := parts["defaults"], parts["frontend public"]
	for name, s := range parts {
		for _, line := range s {
			if slices.Contains([]string{"cookie", "stick", "stick-table", "appsession"}, line[0]) ||
				line[0] == "balance" && !slices.Contains([]string{"leastconn", "roundrobin", "random"}, line[1]) {
				t.Errorf("%s ties people to a node: %v", name, line)
			}
			if line[0] == "server" && slices.Contains(line, "on-marked-down") {
				t.Errorf("%s cuts off the sockets of a node that drains: %v", name, line)
			}
		}
	}
	// The desk says something every 20 seconds; it gives up a request after 30.
	for timeout, least := range map[string]time.Duration{"tunnel": 60 * time.Second, "server": 31 * time.Second} {
		if got, err := time.ParseDuration(d.one("timeout", timeout)); err != nil || got < least {
			t.Errorf("timeout %s is %q, at least %v is needed", timeout, d.one("timeout", timeout), least)
		}
	}
	for _, timeout := range []string{"connect", "client", "http-request", "queue"} {
		if d.one("timeout", timeout) == "" {
			t.Errorf("no timeout %s", timeout)
		}
	}
	if d.one("retries") == "" || d.one("option", "redispatch") != "1" || !strings.Contains(d.one("retry-on"), "503") {
		t.Error("who is sent to a node that is away is not sent on to another")
	}
	if front.one("http-request", "disable-l7-retry") != "unless METH_GET" {
		t.Error("what may have been done is sent again")
	}
	if denied := front.one("http-request", "deny"); !strings.HasPrefix(denied, "deny_status 404 if { path,url_dec ") ||
		!slices.Contains(strings.Fields(denied), "/readyz") || !slices.Contains(strings.Fields(denied), "/metrics") {
		t.Errorf("what is wrong inside is told to everybody: %q", denied)
	}
	if user := parts["global"].one("user"); root(user) || user != readCompose(t).Services["balancer"].User || parts["global"].one("group") != user {
		t.Errorf("it goes on as %q", user)
	}
	if len(front.all("option", "forwardfor")) != 1 {
		t.Error("the desk does not learn who asks")
	}
}

func wordAfter(line, word string) string {
	words := strings.Fields(line)
	if i := slices.Index(words, word); i >= 0 && i+1 < len(words) {
		return words[i+1]
	}
	return ""
}
