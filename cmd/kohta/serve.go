package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/kohta/kohta/agent-ui"
	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/bus/redisbus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta/demo"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/gateway/redislimit"
	"github.com/kohta/kohta/outbound"
	"github.com/kohta/kohta/outbound/mail"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/routing/redisline"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/widget"
)

// serveCmd runs the desk.
type serveCmd struct {
	dataFlags
	Listen        string        `default:"127.0.0.1:8080" env:"KOHTA_LISTEN" help:"Address to listen on; port 0 takes a free one."`
	MetricsListen string        `env:"KOHTA_METRICS_LISTEN" help:"Address of /metrics; off if empty." placeholder:"ADDRESS"`
	Redis         string        `env:"KOHTA_REDIS" help:"Redis that holds the line and who is present, and by which nodes hear of each other." placeholder:"URL"`
	Bot           string        `env:"KOHTA_BOT" help:"Bot folder; a built-in bot of a few sentences if empty." placeholder:"DIR"`
	Demo          bool          `env:"KOHTA_DEMO" help:"A shop page with the widget, its bot, a team and three agents."`
	DemoPublic    bool          `env:"KOHTA_DEMO_PUBLIC" help:"Let the demo listen on an address that is not loopback."`
	Limits        string        `enum:"on,off" default:"on" env:"KOHTA_LIMITS" help:"off lifts the limits of rate and of connections, for load tests on a loopback address."`
	Rates         gateway.Rates `embed:"" prefix:"limit-"`
	Mail          mailFlags     `embed:""`

	Proxies   []string `env:"KOHTA_PROXIES" help:"Addresses of proxies whose X-Forwarded-For is believed, separated by commas." placeholder:"PREFIX"`
	LogLevel  string   `enum:"debug,info,warn,error" default:"info" env:"KOHTA_LOG_LEVEL" help:"debug, info, warn or error."`
	NoMigrate bool     `env:"KOHTA_NO_MIGRATE" help:"Leave the database's version alone."`
}

// check refuses settings that contradict one another, before anything is touched.
func (c *serveCmd) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q is not an address with a port, such as 127.0.0.1:8080", c.Listen)
	}
	if err := c.Rates.Check(); err != nil {
		return err
	}
	if err := c.Mail.check(c.Listen); err != nil {
		return err
	}
	switch {
	case c.Demo && !loopback(host) && !c.DemoPublic:
		return fmt.Errorf("--demo has accounts with a known password, so it listens on a loopback address alone; give --demo-public too if everybody may come in")
	case c.Limits == "off" && !loopback(host):
		return fmt.Errorf("--limits off is for load tests on a loopback address; %s is none", c.Listen)
	}
	return nil
}

// Run serves until the context ends, then drains.
func (c *serveCmd) Run(ctx context.Context, p program) error {
	if err := c.check(); err != nil {
		return err
	}
	log, err := logger(c.LogLevel, p)
	if err != nil {
		return err
	}
	if p.env("GOGC") == "" {
		debug.SetGCPercent(garbageFor(0))
	}
	bindMemory("/proc/self/cgroup", "/sys/fs/cgroup")
	h := &house{serveCmd: c, program: p, log: log, reference: newReference(), front: newFront()}
	h.clock = h.reference.now
	defer h.close()
	if err := h.furnish(ctx); err != nil {
		return err
	}
	return h.run(ctx)
}

// logger writes to standard error, in JSON: standard output is for the address and the sign-ins alone.
func logger(level string, p program) (*zap.Logger, error) {
	l, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, err
	}
	encoder := zap.NewProductionEncoderConfig()
	encoder.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	core := zapcore.NewCore(zapcore.NewJSONEncoder(encoder), zapcore.Lock(zapcore.AddSync(p.stderr)), l)
	return zap.New(zapcore.NewSamplerWithOptions(core, time.Second, saidInFull, saidOneIn)), nil
}

// The same message is written 20 times a second at most, then one in a thousand: while the database is away every frame of
// everybody fails, and the log would fill the disk. How many there were is among the metrics.
const (
	saidInFull = 20
	saidOneIn  = 1000
)

// house is a desk with all that it stands on.
type house struct {
	*serveCmd
	program
	log *zap.Logger

	clock     func() time.Time // the reference clock's
	reference *reference
	listener  net.Listener
	watched   net.Listener // of the metrics; nil: they are off
	base      string       // the desk's own address
	unlock    func()
	store     store.Store
	redis     *redis.Client // nil without --redis
	line      routing.Line
	roster    routing.Roster
	bus       bus.Bus
	fleet     *redisbus.Bus // the same as bus; nil without --redis
	nodes     *nodes
	folder    *folder
	letters   *mail.Sender // nil without --smtp
	desk      *desk.Desk
	gateway   *gateway.Gateway
	metrics   *prometheus.Registry
	front     *front

	database, waiting *probe // of the store and of the line, for /readyz
}

// furnish opens what the desk stands on. Whatever is wrong is said in one sentence here, before anybody is let in.
func (h *house) furnish(ctx context.Context) (err error) {
	if err := h.openFolder(); err != nil {
		return err
	}
	if err := h.openMail(); err != nil {
		return err
	}
	if err := h.make(); err != nil {
		return err
	}
	if h.unlock, err = h.lock(); err != nil { // before the database is opened, and perhaps changed
		return err
	}
	h.store, err = h.open(ctx, !h.NoMigrate)
	if err != nil {
		return err
	}
	if c, ok := h.store.(sharedClock); ok {
		if _, err := h.reference.follow(ctx, c); err != nil && !errors.Is(err, errSlow) {
			return err
		}
	}
	if h.listener, err = h.listen(); err != nil {
		return err
	}
	if err := h.refuseDemo(ctx); err != nil {
		return err
	}
	h.base = "http://" + h.listener.Addr().String()
	return h.openLine(ctx)
}

// refuseDemo lets nobody in from outside while the demo's accounts are there with the password that everybody knows.
func (h *house) refuseDemo(ctx context.Context) error {
	if h.Demo {
		return nil
	}
	left, err := demoLeft(ctx, h.store)
	if err != nil || len(left) == 0 {
		return err
	}
	if host, _, _ := net.SplitHostPort(h.Listen); !loopback(host) {
		return fmt.Errorf("in %s are accounts of the demo with a password that everybody knows (%s); give --data another folder, or end them with kohta agent disable", h.Data, strings.Join(left, ", "))
	}
	h.log.Warn("accounts of the demo are here with a password that everybody knows; end them with kohta agent disable", zap.Strings("accounts", left))
	return nil
}

func (h *house) openFolder() (err error) {
	switch {
	case h.Bot != "":
		h.folder, err = openFolder(h.Bot, h.log)
	case h.Demo:
		h.folder = &folder{fsys: demoFolder(), log: h.log}
	default:
		h.folder = &folder{log: h.log}
	}
	return err
}

func listenError(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken by another program; stop that one, or give --listen another port (0 takes a free one)", address)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user may not listen on %s; give --listen a port above 1023", address)
	}
	return fmt.Errorf("cannot listen on %s: %w", address, err)
}

func (h *house) openLine(ctx context.Context) error {
	if h.Redis == "" {
		h.bus = membus.New()
		h.line, h.roster = memline.New(h.clock), memline.NewRoster(h.clock)
		return h.joinNodes(ctx)
	}
	options, err := redisline.Options(h.Redis)
	if err != nil { // which would tell the address, and with it the password
		return fmt.Errorf("--redis is not an address such as redis://127.0.0.1:6379/0")
	}
	redis.SetLogger(quiet{})
	h.redis = redis.NewClient(options)
	h.redis.AddHook(&redisline.Breaker{})
	h.line, err = redisline.Open(ctx, h.redis)
	if err != nil {
		if h.mayBeLate(ctx, err) {
			return h.openLater(options, err)
		}
		return redisError(err)
	}
	if h.roster, err = redisline.NewRoster(ctx, h.redis); err != nil {
		return err
	}
	if err := h.joinNodes(ctx); err != nil {
		return err
	}
	if h.fleet, err = redisbus.Open(ctx, options); err != nil {
		return fmt.Errorf("--redis: %w", err)
	}
	h.bus = h.fleet
	return nil
}

// redisError says what to change when the line cannot be opened.
func redisError(err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return fmt.Errorf("--redis: the certificate of that Redis cannot be verified; give the name that stands in it, and have this machine trust who signed it (SSL_CERT_FILE names a file of its own): %w", certificate.Err)
	case chat.KindOf(err) == chat.Unavailable:
		return fmt.Errorf("--redis: no Redis answers there; start it, correct the address (rediss:// where it has TLS, redis:// where it has none), or leave --redis out: %w", err)
	}
	return fmt.Errorf("--redis: %w", err)
}

// quiet keeps go-redis from writing to standard error by itself: what fails comes back as an error, and is logged once.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// build puts desk and gateway together; the bot has been loaded.
func (h *house) build() error {
	h.database, h.waiting = &probe{ask: h.store.Ping}, &probe{ask: h.line.Ping}
	own := h.listener.Addr().String()
	actions, err := outbound.New(outbound.Options{Allow: h.allowed(own)})
	if err != nil {
		return err
	}
	options := desk.Options{
		Store: h.store, Line: h.line, Roster: h.roster, Bus: h.bus, Bot: func() plan.Bot { return h.folder.bot.Load() }, Log: h.log,
		Actions: actions, Base: func() string { return h.base }, Public: func() string { return h.Mail.public(h.base) }, Now: h.clock, Turn: h.nodes.turn,
	}
	if h.letters != nil {
		options.Letters = h.letters
	}
	h.desk = desk.New(options)
	proxies, err := prefixes(h.Proxies)
	if err != nil {
		return err
	}
	h.metrics = registry(h.desk, h.log)
	watchNodes(h.metrics, h.fleet, h.nodes)
	watchParts(h.metrics, h.ready)
	var home http.Handler
	if h.Demo {
		home = demo.New(demo.Options{Now: time.Now})
	}
	var shared gateway.Shared
	if h.redis != nil {
		shared = redislimit.New(h.redis)
	}
	h.gateway = gateway.New(gateway.Options{
		Desk: h.erasing(), Store: h.store, Bus: h.bus, Log: h.log, Clock: h.clock, Limits: h.Limits == "on", Rates: h.Rates, Shared: shared,
		MaxConnections: maxConnections(), Proxies: proxies, Widget: widget.Dist(), Console: agentui.Dist(),
		Home: home, Ready: h.ready, Outcast: h.nodes.outcast.Load, Short: shortOfMemory, Metrics: h.metrics, Bot: func(language string) string { return h.folder.bot.Load().Name(language) },
	})
	return nil
}

// erasing is the desk as its doors see it.
func (h *house) erasing() erasing { return erasing{h.desk, h.store, erasuresIn(h.Data)} }

// allowed are the addresses inside the house that the bot's actions may go to: the demo's own, and none otherwise.
func (h *house) allowed(own string) []string {
	if h.Demo {
		return []string{own}
	}
	return nil
}

func prefixes(list []string) (out []netip.Prefix, err error) {
	for _, s := range list {
		if !strings.Contains(s, "/") {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("--proxies: %q is not an address", s)
			}
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--proxies: %q is not a range of addresses", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// keptFiles is how many open files the desk needs for itself, beside connections.
const keptFiles = 100

// maxConnections is how many connections the limit of open files allows.
func maxConnections() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 1000
	}
	return max(1, int(min(limit.Cur, 10_000_000))-keptFiles)
}

// run serves until ctx ends or a part fails.
func (h *house) run(ctx context.Context) error {
	fmt.Fprintf(h.stdout, "Kohta listens on %s\n", h.base)
	server := gateway.NewServer(h.front)
	failed := make(chan error, 1) // the first, which ends the run: what fails after it holds nobody up
	report := func(what string, err error) {
		if err == nil {
			return
		}
		select {
		case failed <- fmt.Errorf("%s: %w", what, err):
		default:
		}
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(h.listener); !errors.Is(err, http.ErrServerClosed) {
			report("serve", err)
		}
	})
	defer serving.Wait()
	defer server.Close()
	if err := h.prepare(ctx); err != nil {
		return err
	}
	parts, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for name, part := range map[string]func(context.Context) error{
		"bus": h.bus.Run, "clock": h.followClock, "nodes": h.nodes.run, "erasures": h.learnErasures, "desk": h.desk.Run, "gateway": h.gateway.Run, "bot folder": h.folder.watch,
		"admin": admin{h.erasing(), h.gateway.Revoke, h.log}.serveIn(h.Data), "metrics": h.serveMetrics, "memory": giveBack, "garbage": h.collectLess, "log": h.lengthenLog, "mail": h.lookAfterMail,
	} {
		running.Go(func() { report(name, part(parts)) })
	}
	h.welcome()
	h.front.open(h.gateway.Handler())

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	case err = <-h.store.Broken():
		// Nothing more may be acknowledged; the next start recovers what was.
		stopParts()
		return fmt.Errorf("the database can no longer be trusted: %w", err)
	}
	// The order of the end, each step because of the one after it:
	//  1. The gateway says so in /readyz, lets nobody in, and tells its clients to come back elsewhere, while
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	h.desk.HandOver()
	drained := h.gateway.Drain(drain)
	//  2. the listener still answers /readyz; then it stops, and requests that are under way end.
	stopped := server.Shutdown(drain)
	//  3. Now nobody asks the desk for anything. Its sweeps, the bus and the rest end.
	stopParts()
	running.Wait()
	//  4. The line and the store are closed last (house.close): until here somebody might have needed them.
	if late := errors.Join(drained, stopped); errors.Is(late, context.DeadlineExceeded) {
		h.log.Warn("who did not come to an end in time was cut off, and comes back elsewhere", zap.Error(late))
		return err
	}
	return errors.Join(err, drained, stopped)
}

// drainFor leaves room within the 30 s that a stop may take.
const drainFor = 20 * time.Second

// prepare loads the bot and makes what the first start makes, side by side, while the process answers already that it
// lives; then it puts the rest together.
func (h *house) prepare(ctx context.Context) error {
	loaded := make(chan error, 1)
	go func() { loaded <- h.folder.load() }()
	err := setUp(ctx, h.store, h.Demo)
	if err == nil {
		err = eraseAgain(ctx, h.store, erasuresIn(h.Data), h.log)
	}
	switch {
	case chat.KindOf(err) == chat.Unavailable:
		err = fmt.Errorf("what a first start makes cannot be stored in %s; see that its disk has room and that this user may write there, then start again: %w", h.Data, err)
	case err != nil:
		err = fmt.Errorf("set up: %w", err)
	}
	if err := errors.Join(<-loaded, err); err != nil {
		return err
	}
	if err := h.warn(ctx); err != nil {
		return err
	}
	if err := h.build(); err != nil {
		return err
	}
	if err := h.desk.Learn(ctx); err != nil {
		h.log.Warn("who works here is read a moment later", zap.Error(err))
	}
	if h.MetricsListen == "" {
		return nil
	}
	if h.watched, err = net.Listen("tcp", h.MetricsListen); err != nil {
		return listenError(h.MetricsListen, err)
	}
	return nil
}

func (a admin) serveIn(dir string) func(context.Context) error {
	return func(ctx context.Context) error { return a.serve(ctx, dir) }
}

func (h *house) serveMetrics(ctx context.Context) error {
	if h.watched == nil {
		<-ctx.Done()
		return nil
	}
	s := gateway.NewServer(h.gateway.MetricsHandler())
	context.AfterFunc(ctx, func() { s.Close() })
	if err := s.Serve(h.watched); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// welcome tells a person at the terminal where to go.
func (h *house) welcome() {
	fmt.Fprintf(h.stdout, "At most %d connections, by the limit of open files\n", maxConnections())
	if !h.Demo {
		fmt.Fprintf(h.stdout, "Console  %s/console/\n", h.base)
		return
	}
	fmt.Fprintf(h.stdout, "Shop     %s/\nConsole  %s/console/\n", h.base, h.base)
	for _, a := range demoAgents() {
		fmt.Fprintf(h.stdout, "Sign in  %s  %s  (%s)\n", a.Email, demoPassword, a.Role)
	}
}

// close frees what furnish opened, in the opposite order.
func (h *house) close() {
	if h.listener != nil {
		h.listener.Close()
	}
	for _, p := range []*probe{h.database, h.waiting} {
		if p != nil {
			p.under.Wait()
		}
	}
	if h.fleet != nil {
		if err := h.fleet.Close(); err != nil {
			h.log.Warn("close the connections to the other nodes", zap.Error(err))
		}
	}
	if h.redis != nil {
		if err := h.redis.Close(); err != nil {
			h.log.Warn("close the connections to Redis", zap.Error(err))
		}
	}
	if h.store != nil {
		if err := h.store.Close(); err != nil {
			h.log.Error("close the store", zap.Error(err))
		}
	}
	if h.unlock != nil {
		h.unlock()
	}
}
