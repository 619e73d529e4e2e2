package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/wire"
)

// pair are two nodes on one Postgres and one Redis.
type pair struct {
	t        *testing.T
	redis    *servers.Redis
	postgres *servers.Postgres
	database string // address
	one, two *process
}

// startPair starts the servers and both nodes, one after the other.
func startPair(t *testing.T) *pair {
	t.Helper()
	p := startServers(t)
	p.one, p.two = p.node("127.0.0.1:0"), p.node("127.0.0.1:0")
	return p
}

// startServers starts what the nodes stand on.
func startServers(t *testing.T) *pair {
	t.Helper()
	p := &pair{t: t}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var err error
	if p.postgres, err = servers.StartPostgres(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.postgres.Close)
	name, err := p.postgres.NewDatabase(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	p.database = p.postgres.URL(name)
	if p.redis, err = servers.StartRedis(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.redis.Close)
	return p
}

// node starts one more.
func (p *pair) node(listen string, flags ...string) *process {
	p.t.Helper()
	return startDesk(p.t, p.t.TempDir(), listen, append([]string{"--demo", "--database", p.database, "--redis", p.redis.URL()}, flags...)...)
}

// down is what a node says is down, and the status that it says it with.
func (p *process) down() (status int, parts []gateway.Down) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), "GET", p.base+"/readyz", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.Unmarshal(text, &parts)
	}
	if err != nil {
		p.t.Fatalf("%v: %s", err, text)
	}
	return answer.StatusCode, parts
}

func event(kind chat.Kind, text string) func(wire.Received) bool {
	return func(r wire.Received) bool {
		return r.Type == "event" && r.Kind == string(kind) && (text == "" || r.Text == text)
	}
}

// hears posts on one side until the other has it on the screen.
func hears(from, to *guest, conversation, text string) {
	from.t.Helper()
	from.do(wire.Post, conversation, chat.Post{Text: text})
	to.await(text, event(chat.KindMessage, text))
}

// TestTwoNodes has a customer on one node and agents on both. What one side says is on the other's screen; a conversation
// goes from an agent on one node to one on the other; an agent who is disabled is out on every node; and all of it goes on
// without Redis, which the nodes say, and is as before when it is back.
func TestTwoNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := startPair(t)
	customer, aino := p.one.guest(wire.Greeting{Language: "fi"}), p.two.colleague(t, "aino@demo.example")
	customer.welcome()
	aino.welcome()
	online(t, aino)
	id := customer.do(wire.AskHuman, "", chat.AskHuman{}).Conversation
	aino.await("who waits", func(r wire.Received) bool {
		return r.Type == "signal" && r.Kind == "line" && len(r.Added) == 1 && r.Added[0].Conversation == id
	})
	aino.do(wire.Take, id, chat.Take{})
	customer.await("the agent", event(chat.KindAssigned, ""))
	hears(customer, aino, id, "Moi, missä tilaukseni on?")
	hears(aino, customer, id, "Hei, katson heti.")
	if err := customer.Send(&wire.Frame{Type: wire.Typing, Conversation: id}); err != nil {
		t.Fatal(err)
	}
	aino.await("that the customer types", func(r wire.Received) bool { return r.Type == "signal" && r.Kind == "typing" })

	ville := p.one.colleague(t, "ville@demo.example")
	ville.welcome()
	online(t, ville)
	ville.do(wire.Take, id, chat.Take{})
	lost := aino.await("that it was taken over", event(chat.KindUnassigned, ""))
	if lost.Reason != "taken_over" {
		t.Errorf("it was taken for %q", lost.Reason)
	}
	hears(ville, customer, id, "Ville tässä.")

	if _, stderr, status := runKohta(t, "", "agent", "disable", "ville@demo.example", "--data", t.TempDir(), "--database", p.database); status != 0 {
		t.Fatal(stderr)
	}
	select {
	case <-ville.Ended():
		if code := ville.CloseCode(); code != wire.CloseRevoked {
			t.Errorf("the disabled agent's socket is closed with %d", code)
		}
	case <-time.After(patience):
		t.Error("the disabled agent's socket is open")
	}
	aino.do(wire.Take, id, chat.Take{})

	p.redis.Kill()
	for _, node := range []*process{p.one, p.two} {
		until(t, patience, "it says that it is cut off", func() bool {
			status, down := node.down()
			parts := ""
			for _, d := range down {
				parts += d.Part + " "
			}
			return status == http.StatusOK && strings.Contains(parts, "bus") && strings.Contains(parts, "line")
		})
	}
	hears(customer, aino, id, "Oletko vielä siellä?")
	hears(aino, customer, id, "Olen.")
	again := p.one.colleague(t, "aino@demo.example") // who comes while Redis is away goes on with what is hers
	again.welcome()
	hears(again, customer, id, "Ja täällä.")
	other := p.one.guest(wire.Greeting{Language: "fi"})
	other.welcome()
	waits := other.do(wire.AskHuman, "", chat.AskHuman{}).Conversation
	if err := p.redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, node := range []*process{p.one, p.two} {
		until(t, patience, "it is whole again", func() bool {
			_, down := node.down()
			return len(down) == 0
		})
	}
	until(t, patience, "who came meanwhile stands in the line", func() bool {
		return len(aino.seen(func(r wire.Received) bool {
			for _, a := range r.Added {
				if r.Type == "signal" && r.Kind == "line" && a.Conversation == waits {
					return true
				}
			}
			return false
		})) > 0
	})
	hears(customer, aino, id, "Kiitos.")
	for _, node := range []*process{p.one, p.two} {
		if status := node.stop(); status != 0 {
			t.Errorf("status %d after SIGTERM:\n%s", status, node.stderr)
		}
	}
	if stdout, _, status := runKohta(t, "", "doctor", "--data", t.TempDir(), "--database", p.database); status != 0 {
		t.Errorf("the doctor finds:\n%s", stdout)
	}
}

// TestANodeThatAloneIsCutOff takes Redis away from one of two nodes. It says so, to its balancer and to its agents, who go
// on with their conversations on the other; its customers stay.
func TestANodeThatAloneIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := startServers(t)
	way := balance(t, p.redis.Address())
	one, two := p.node("127.0.0.1:0", "--redis", "redis://"+way.address()), p.node("127.0.0.1:0")
	customer, aino := one.guest(wire.Greeting{Language: "fi"}), one.colleague(t, "aino@demo.example")
	customer.welcome()
	aino.welcome()
	online(t, aino)
	id := customer.do(wire.AskHuman, "", chat.AskHuman{}).Conversation
	aino.do(wire.Take, id, chat.Take{})

	way.cut()
	until(t, patience, "it takes no traffic", func() bool { status, _ := one.down(); return status == http.StatusServiceUnavailable })
	select {
	case <-aino.Ended():
		if code := aino.CloseCode(); code != wire.CloseDraining {
			t.Errorf("the agent is sent elsewhere with %d", code)
		}
	case <-time.After(patience):
		t.Fatal("the agent stays")
	}
	if status, down := two.down(); status != http.StatusOK || len(down) > 0 {
		t.Errorf("the other says %d %v", status, down)
	}
	there := two.colleague(t, "aino@demo.example")
	there.welcome()
	online(t, there)
	hears(customer, there, id, "Oletko vielä siellä?")
	hears(there, customer, id, "Olen.")
}

// TestMetricsWithoutPostgres takes the database away from a node while a customer waits. Its metrics say which part is
// down, and that the customer waits still: no alert about them ends with the database.
func TestMetricsWithoutPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p, metrics := startServers(t), freeAddress(t)
	node := p.node("127.0.0.1:0", "--metrics-listen", metrics)
	customer := node.guest(wire.Greeting{Language: "fi"})
	customer.welcome()
	customer.do(wire.AskHuman, "", chat.AskHuman{})
	page := func() string { return read(t, "http://"+metrics+"/metrics") }
	told := regexp.MustCompile(`(?m)^kohta_longest_silence_seconds [1-9]`)
	until(t, patience, "nobody is told that the customer waits", func() bool { return told.MatchString(page()) })

	p.postgres.Stop(true)
	until(t, patience, "the metrics do not say that the database is down", func() bool {
		return strings.Contains(page(), "\n"+`kohta_down{harmless="false",part="database"} 1`+"\n")
	})
	if status, _ := node.down(); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz says %d", status)
	}
	if now := page(); !told.MatchString(now) {
		t.Errorf("the customer is forgotten:\n%s", now)
	}
}

// Where Redis comes and goes for everybody nobody is an outcast: another node's word counts that came between two tries in a
// row, and no longer than until the next one is due.
func TestWhoIsAnOutcast(t *testing.T) {
	ctx := t.Context()
	began := time.UnixMilli(1e12)
	now, words := began, memstore.New()
	n := &nodes{client: redis.NewClient(&redis.Options{}), store: words, clock: func() time.Time { return now }, log: zap.NewNop()}
	defer n.client.Close()
	self := "this"
	n.self.Store(&self)
	at := func(seconds float64) time.Time { return began.Add(time.Duration(seconds * float64(time.Second))) }
	speaks := func(node string, seconds float64) {
		text, err := json.Marshal(said{Node: node, At: at(seconds).UnixMilli()})
		if err == nil {
			err = words.PutSetting(ctx, withRedis, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	fails := func(seconds float64, outcast bool) {
		t.Helper()
		now = at(seconds)
		if err := n.compare(ctx, now); err != nil || n.outcast.Load() != outcast {
			t.Errorf("after %v seconds: an outcast %v, want %v (%v)", seconds, n.outcast.Load(), outcast, err)
		}
	}
	speaks("other", -1)
	fails(0, false)
	speaks("other", 0.2) // was on its way
	fails(1, false)
	fails(2, false)
	speaks("other", 2.8) // Redis was there for a moment, and this node had no turn to say so
	fails(4, true)
	fails(9.5, true) // it is due to speak again
	fails(10, false) // and does not: it is no better off
	speaks("other", 10.2)
	fails(10.5, true)
	speaks(self, 10.7)
	fails(11, false)
	n.mute, n.tried = time.Time{}, time.Time{} // it spoke
	speaks("other", 12)
	fails(13, false) // it is not known to have failed before
}

// A Redis that serves one database is not let in by a desk with another.
func TestServeRefusesAnothersRedis(t *testing.T) {
	t.Parallel()
	url, _, _ := startRedis(t)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--redis", url)
	if status := p.stop(); status != 0 {
		t.Fatal(p.stderr)
	}
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--redis", url)
	if status != 1 || !strings.Contains(stderr, "another database") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

// Nodes of one database have their line in one place.
func TestServeRefusesTwoLines(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := startServers(t)
	other, client, _ := startRedis(t)
	run := func(words string, flags ...string) {
		t.Helper()
		args := append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--database", p.database}, flags...)
		if _, stderr, status := runKohta(t, "", args...); status != 1 || !strings.Contains(stderr, words) {
			t.Errorf("%v: status %d:\n%s", flags, status, stderr)
		}
	}
	dir := t.TempDir()
	single := startDesk(t, dir, "127.0.0.1:0", "--database", p.database)
	run("without --redis")
	run("without --redis", "--redis", p.redis.URL())
	single.kill()
	single = startDesk(t, dir, "127.0.0.1:0", "--database", p.database) // the same may come back at once
	if status := single.stop(); status != 0 {
		t.Fatal(single.stderr)
	}
	node := p.node("127.0.0.1:0")
	run("give this one the same --redis")
	run("another Redis", "--redis", other)
	if n, err := client.Exists(t.Context(), houseKey, placeKey).Result(); n > 0 || err != nil {
		t.Errorf("a Redis that was turned down belongs to the desk from then on (%d, %v)", n, err)
	}

	p.redis.Kill() // and what it was called is gone with it
	node.kill()
	if err := p.redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.node("127.0.0.1:0")
}

// A copy of the database does not come between the nodes of the desk and their line. What an earlier version wrote on Redis
// knows nothing of copies, and passes.
func TestServeRefusesACopyOfTheDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	ctx := t.Context()
	p := startServers(t)
	dir := t.TempDir()
	start := func() *process {
		return startDesk(t, dir, "127.0.0.1:0", "--database", p.database, "--redis", p.redis.URL())
	}
	if status := start().stop(); status != 0 {
		t.Fatal("it does not end")
	}
	o, err := redis.ParseURL(p.redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	defer client.Close()
	if n, err := client.Del(ctx, placeKey).Result(); n != 1 || err != nil { // as of a version before this one
		t.Fatalf("where the database is does not stand on Redis (%d, %v)", n, err)
	}
	config, err := pgx.ParseConfig(p.database)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := p.postgres.NewDatabase(ctx, config.Database)
	if err != nil {
		t.Fatal(err)
	}
	desk := start()
	refused := func() {
		t.Helper()
		_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--database", p.postgres.URL(copied), "--redis", p.redis.URL())
		if status != 1 || !strings.Contains(stderr, "a copy of") {
			t.Errorf("status %d:\n%s", status, stderr)
		}
	}
	refused()
	if err := client.FlushDB(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	until(t, patience, "it says again whose Redis it is", func() bool { return client.Exists(ctx, placeKey).Val() == 1 })
	refused()
	if status := desk.stop(); status != 0 {
		t.Errorf("status %d:\n%s", status, desk.stderr)
	}
	if err := client.FlushDB(ctx).Err(); err != nil { // as the manual says for what was restored
		t.Fatal(err)
	}
	startDesk(t, t.TempDir(), "127.0.0.1:0", "--database", p.postgres.URL(copied), "--redis", p.redis.URL())
}

// Who copies a data folder, with a machine's image or a volume, has two nodes of one name: the first that notices takes
// another, and keeps it. Who is only started again keeps theirs.
func TestACopiedFolderGetsANameOfItsOwn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url, _, _ := startRedis(t)
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	t.Cleanup(func() { client.Close() })
	node := func(dir string) *nodes {
		n := &nodes{client: client, clock: time.Now, log: zap.NewNop(), dir: dir, process: uuid.NewString()}
		name, err := nodeIn(dir)
		if err != nil {
			t.Fatal(err)
		}
		n.self.Store(&name)
		return n
	}
	say := func(n *nodes) {
		t.Helper()
		if err := n.say(ctx); err != nil {
			t.Fatal(err)
		}
	}
	dir, copied := t.TempDir(), t.TempDir()
	one := node(dir)
	name := one.name()
	say(one)
	again := node(dir)
	say(again)
	say(again)
	if again.name() != name {
		t.Error("who was started again has another name")
	}
	if err := os.WriteFile(filepath.Join(copied, "node"), []byte(name), 0o600); err != nil {
		t.Fatal(err)
	}
	two := node(copied)
	for range 3 {
		say(two)
		say(again)
	}
	if again.name() == two.name() {
		t.Error("both still have one name")
	}
	for n, dir := range map[*nodes]string{again: dir, two: copied} {
		if kept, err := nodeIn(dir); err != nil || kept != n.name() {
			t.Errorf("%s is kept where the name is %s (%v)", kept, n.name(), err)
		}
		if others, err := n.others(ctx); err != nil || len(others) == 0 || others[0].Process == n.process {
			t.Errorf("the others of %s are %+v (%v)", n.name(), others, err)
		}
	}
}
