package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing/redisline"
	"github.com/kohta/kohta/store"
)

// Nodes that share a database share one Redis, and a Redis serves one database: what stands in its line belongs to
// conversations that the others must find. Each node says in Redis that it is there and what it speaks, and in the database
// on which Redis it stands, or that it does without.
const (
	houseKey = "kohta:house" // in Redis: the database that it serves, by a name that its copies have as well
	placeKey = "kohta:place" // in Redis: where that database is, which tells it from its copies
	selfKey  = "kohta:redis" // in Redis: its own name, new after a flush
	nodesKey = "kohta:nodes" // in Redis: a hash, a node each, with what it says of itself

	houseSetting = "house"               // in the database: its name; there once it has had a Redis
	withRedis    = "nodes/with-redis"    // in the database: the last word of a node that reaches its Redis
	withoutRedis = "nodes/without-redis" // in the database: the last word of a node that has none
)

// speaks is what a node understands of the others: channel and frames of the bus, keys of the line and of the roster. It
// goes up by one with a release that changes one of them, and that release still understands the one before.
const speaks = 1

// Times of the nodes' words.
const (
	sayEvery = 5 * time.Second
	tryEvery = time.Second  // while it cannot be said in Redis
	nodeGone = 4 * sayEvery // without a word
)

// said is what a node says of itself.
type said struct {
	Node    string `json:"node"`
	Process string `json:"process,omitempty"` // another one each time that it starts
	Version string `json:"version"`
	Speaks  int    `json:"speaks"`
	Redis   string `json:"redis,omitempty"`
	At      int64  `json:"at"` // milliseconds; by Redis' clock there, by the reference clock in the database
}

func (s said) fresh(now time.Time) bool { return now.UnixMilli()-s.At <= nodeGone.Milliseconds() }

// nodes is what a node knows of the others, and tells them.
type nodes struct {
	client *redis.Client // nil without --redis
	store  store.Store   // nil if no other node can reach the database
	clock  func() time.Time
	log    *zap.Logger
	dir    string                 // the data folder, which holds the name
	self   atomic.Pointer[string] // the name
	redis  string                 // the name of the Redis that was reached last
	house  string                 // the name of the database; empty without --redis
	place  string                 // where it is; empty if nothing tells it from its copies

	process string
	begun   int64 // when it first said that it is there, in milliseconds by Redis' clock

	live    atomic.Int64
	outcast atomic.Bool                 // the others reach Redis, and this one does not
	late    func(context.Context) error // makes this node one of the others, which it is not yet: Redis was away when it began; used by run alone
	mute    time.Time                   // since when this node cannot say anything in Redis; used by run alone
	tried   time.Time                   // when it last began to, in vain
}

// nodeIn is the name of the node that keeps its things in a folder: the same after a restart.
func nodeIn(dir string) (string, error) {
	path := filepath.Join(dir, "node")
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && isID(name) {
		return name, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the data folder cannot be read (%w)", plain(err))
	}
	return newName(dir)
}

func newName(dir string) (string, error) {
	name := uuid.NewString()
	if err := os.WriteFile(filepath.Join(dir, "node"), []byte(name+"\n"), 0o600); err != nil {
		return "", unwritable(err)
	}
	return name, nil
}

// joinNodes makes this node one of those on a database and a Redis. It refuses what would have two lines for one database,
// or two databases in one line, and nodes that would not understand this one.
func (h *house) joinNodes(ctx context.Context) error {
	if err := h.nameNode(); err != nil {
		return err
	}
	if err := h.nodes.oneRedis(ctx); err != nil { // first: who is refused has claimed nothing
		return err
	}
	if h.redis != nil {
		if err := h.nodes.oneHouse(ctx, h.store); err != nil {
			return err
		}
	}
	return h.nodes.say(ctx)
}

// meet asks, of a Redis that was away when this node began, what is otherwise asked at the start.
func (n *nodes) meet(ctx context.Context, options *redis.Options, s store.Store) error {
	client := redis.NewClient(options)
	defer client.Close()
	if err := redisline.Check(ctx, client); err != nil {
		return redisError(err)
	}
	m := &nodes{client: client, store: n.store, clock: n.clock, log: n.log, dir: n.dir, process: n.process}
	m.self.Store(n.self.Load())
	if err := m.oneRedis(ctx); err != nil {
		return err
	}
	if err := m.oneHouse(ctx, s); err != nil {
		return err
	}
	n.house, n.place = m.house, m.place
	return nil
}

// nameNode says who this node is.
func (h *house) nameNode() error {
	self, err := nodeIn(h.Data)
	if err != nil {
		return err
	}
	h.nodes = &nodes{client: h.redis, clock: h.clock, log: h.log, dir: h.Data, process: uuid.NewString()}
	h.nodes.self.Store(&self)
	if h.Database != "" {
		h.nodes.store = h.store
	}
	return nil
}

// placed is a store whose database can be told from its copies.
type placed interface {
	// Place is where the database is; empty if nothing tells.
	Place(ctx context.Context) (string, error)
}

// oneHouse refuses a Redis that serves another database, and nodes there that speak otherwise.
func (n *nodes) oneHouse(ctx context.Context, s store.Store) error {
	mine, err := s.SettingOrPut(ctx, houseSetting, []byte(uuid.NewString()))
	if err != nil {
		return fmt.Errorf("name the database: %w", err)
	}
	n.house = string(mine)
	if p, ok := s.(placed); ok {
		if n.place, err = p.Place(ctx); err != nil {
			return fmt.Errorf("ask where the database is: %w", err)
		}
	}
	if err := n.claim(ctx); err != nil {
		return fmt.Errorf("--redis: %w", err)
	}
	others, err := n.others(ctx)
	if err != nil {
		return fmt.Errorf("--redis: %w", err)
	}
	for _, o := range others {
		if o.Speaks < speaks-1 || o.Speaks > speaks+1 {
			return chat.Errorf(chat.Invalid, "a node of version %s is running, and this one of version %s would not understand it: go from one to the other over a version between them, or stop all nodes first", o.Version, version)
		}
	}
	return nil
}

// claim says in Redis which database it serves, and fails if it serves another. The name and the place are two keys, for nodes
// of earlier versions know the name alone, and run beside this one while they are upgraded.
func (n *nodes) claim(ctx context.Context) error {
	if n.house == "" {
		return nil
	}
	theirs, err := n.named(ctx, houseKey, n.house)
	if err != nil {
		return err
	}
	number := n.client.Options().DB
	if theirs != n.house {
		return chat.Errorf(chat.Invalid, "this Redis serves a desk with another database, whose line would be mixed up with this one's; give all nodes of a desk the same --database, and each desk a Redis or a number of its own (redis://…/1). If that desk is no more, `redis-cli -n %d DEL %s %s` frees it", number, houseKey, placeKey)
	}
	if n.place == "" {
		return nil
	}
	if theirs, err = n.named(ctx, placeKey, n.place); err != nil {
		return err
	}
	if theirs != n.place {
		return chat.Errorf(chat.Invalid, "this Redis serves the database that this one is a copy of, or was copied to; give a copy that is tried out a Redis or a number of its own (redis://…/1). If this one has taken the place of the other (after a restore, or pg_upgrade), stop all nodes, say `redis-cli -n %d FLUSHDB`, and start again: the line is made anew", number)
	}
	return nil
}

// named gives a key of Redis a value if it has none, and returns the one that stands.
func (n *nodes) named(ctx context.Context, key, value string) (string, error) {
	if err := n.client.SetNX(ctx, key, value, 0).Err(); err != nil {
		return "", err
	}
	return n.client.Get(ctx, key).Result()
}

// oneRedis refuses to be beside nodes of the same database whose line is elsewhere. A word from before this node began may be
// of a node that is no more, or of a Redis that was empty a moment later: it counts when it is said again.
func (n *nodes) oneRedis(ctx context.Context) error {
	if n.store == nil {
		return nil
	}
	tick := time.NewTicker(sayEvery / 20)
	defer tick.Stop()
	for began, begun := n.clock(), time.Now(); time.Since(begun) < 2*sayEvery; {
		doubt, err := n.elsewhere(ctx, began)
		if err != nil || !doubt {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// elsewhere looks once. An error says with whom this node cannot be, and doubt that somebody may have been there.
func (n *nodes) elsewhere(ctx context.Context, began time.Time) (doubt bool, err error) {
	for _, key := range []string{withRedis, withoutRedis} {
		other, err := n.heard(ctx, key)
		if err == nil && n.client != nil {
			n.redis, err = n.called(ctx)
		}
		switch {
		case err != nil:
			return false, err
		case !other.fresh(n.clock()) || other.Node == n.name() || key == withRedis && n.client != nil && other.Redis == n.redis:
		case other.At <= began.UnixMilli():
			doubt = true
		case key == withoutRedis:
			return false, chat.Errorf(chat.Invalid, "another node serves this database without --redis, with a line of its own; give --redis to all nodes, and stop that one first")
		case n.client == nil:
			return false, chat.Errorf(chat.Invalid, "other nodes serve this database with a Redis that holds the line; give this one the same --redis")
		default:
			return false, chat.Errorf(chat.Invalid, "other nodes serve this database with another Redis; give all nodes the same --redis, or stop the others first")
		}
	}
	return doubt, nil
}

// called is what Redis is called; empty after a flush, until the next node says something.
func (n *nodes) called(ctx context.Context) (string, error) {
	name, err := n.client.Get(ctx, selfKey).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return name, err
}

// heard is the last word under a key of the database.
func (n *nodes) heard(ctx context.Context, key string) (s said, err error) {
	text, err := n.store.Setting(ctx, key)
	if chat.KindOf(err) == chat.NotFound {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return s, fmt.Errorf("hear of other nodes: %w", err)
	}
	return s, nil
}

// others are the nodes that have said something in Redis lately. Those that have not for long are taken out.
func (n *nodes) others(ctx context.Context) ([]said, error) {
	now, err := n.client.Time(ctx).Result()
	if err != nil {
		return nil, err
	}
	all, err := n.client.HGetAll(ctx, nodesKey).Result()
	if err != nil {
		return nil, err
	}
	var list []said
	for id, text := range all {
		var s said
		if err := json.Unmarshal([]byte(text), &s); err != nil || !s.fresh(now) {
			if err := n.client.HDel(ctx, nodesKey, id).Err(); err != nil {
				return nil, err
			}
			continue
		}
		if id != n.name() {
			list = append(list, s)
		}
	}
	return list, nil
}

func (n *nodes) name() string { return *n.self.Load() }

// alone gives this node another name if another process goes by the same: one data folder is a copy of the other, and both
// would take the other's words and turns for their own.
func (n *nodes) alone(ctx context.Context) error {
	if n.client == nil || n.begun == 0 {
		return nil
	}
	text, err := n.client.HGet(ctx, nodesKey, n.name()).Bytes()
	if err != nil && !errors.Is(err, redis.Nil) {
		return err
	}
	var last said
	if json.Unmarshal(text, &last) != nil || last.Process == "" || last.Process == n.process || last.At < n.begun {
		return nil
	}
	name, err := newName(n.dir)
	if err != nil {
		return err
	}
	n.self.Store(&name)
	n.log.Warn("another node goes by this one's name, so the data folder of one is a copy of the other's; this one has a name of its own from now on")
	return nil
}

// say says in Redis that this node is there, and in the database where it stands.
func (n *nodes) say(ctx context.Context) error {
	if err := n.alone(ctx); err != nil {
		return err
	}
	s := said{Node: n.name(), Process: n.process, Version: version, Speaks: speaks}
	key := withoutRedis
	if n.client != nil {
		key = withRedis
		if err := n.claim(ctx); err != nil { // again: it may have been flushed
			return err
		}
		now, err := n.client.Time(ctx).Result()
		if err != nil {
			return err
		}
		s.At = now.UnixMilli()
		if err := n.put(ctx, s); err != nil {
			return err
		}
		n.begun = cmp.Or(n.begun, s.At)
		if n.redis, err = n.named(ctx, selfKey, uuid.NewString()); err != nil {
			return err
		}
	}
	if n.store == nil {
		return nil
	}
	s.At, s.Redis = n.clock().UnixMilli(), n.redis
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return n.store.PutSetting(ctx, key, text)
}

func (n *nodes) put(ctx context.Context, s said) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return n.client.HSet(ctx, nodesKey, n.name(), text).Err()
}

// run says so again and again until ctx ends, and then that it is no more.
func (n *nodes) run(ctx context.Context) error {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-next.C:
			err := n.look(ctx)
			if n.late != nil && chat.KindOf(err) == chat.Invalid { // as it would have been refused at the start
				return err
			}
			if err != nil && ctx.Err() == nil {
				n.log.Warn("the other nodes do not hear of this one", zap.Error(err))
			}
			next.Reset(n.pause())
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			if err := n.leave(last); err != nil {
				n.log.Warn("the other nodes do not hear that this one ends; they forget it by themselves", zap.Error(err))
			}
			return nil
		}
	}
}

func (n *nodes) pause() time.Duration {
	if n.mute.IsZero() && n.late == nil {
		return sayEvery
	}
	return tryEvery
}

func (n *nodes) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sayEvery)
	defer cancel()
	began := n.clock()
	var err error
	if n.late != nil {
		if err = n.late(ctx); err == nil {
			n.late = nil
		}
	}
	if err == nil {
		err = n.say(ctx)
	}
	if err != nil {
		n.live.Store(1)
		return errors.Join(err, n.compare(ctx, began))
	}
	n.outcast.Store(false)
	n.mute, n.tried = time.Time{}, time.Time{}
	if n.client == nil {
		n.live.Store(1)
		return nil
	}
	others, err := n.others(ctx)
	if err == nil {
		n.live.Store(int64(len(others) + 1))
	}
	return err
}

const (
	afterwards = time.Second              // so much later than the first failure another node's word tells that Redis is there
	stillSaid  = sayEvery + 2*time.Second // so old a word tells that another node goes on to reach Redis
)

// compare looks, when a try to speak to Redis failed that began then, whether another node could. One does that spoke between two
// tries of this one that follow each other: a Redis that comes and goes is nobody's fault alone.
func (n *nodes) compare(ctx context.Context, began time.Time) error {
	if n.client == nil || n.store == nil {
		return nil
	}
	before := n.tried
	n.tried = began
	if n.mute.IsZero() {
		n.mute = n.clock()
	}
	last, err := n.heard(ctx, withRedis)
	if err != nil {
		return err
	}
	switch word := time.UnixMilli(last.At); {
	case last.Node == n.name() || n.clock().Sub(word) > stillSaid:
		n.outcast.Store(false)
	case !before.IsZero() && word.After(before) && word.After(n.mute.Add(afterwards)):
		n.outcast.Store(true)
	}
	return nil
}

// turn tells whether this node is the one that does something for all. The lease is in Redis, by its clock. When Redis does
// not answer it is everybody's turn.
func (n *nodes) turn(ctx context.Context, part string, lease time.Duration) bool {
	if n.client == nil {
		return true
	}
	key := "kohta:turn:" + part
	got, err := n.client.SetNX(ctx, key, n.name(), lease).Result()
	if err != nil || got {
		return true
	}
	if has, err := n.client.Get(ctx, key).Result(); err == nil && has != n.name() {
		return false
	}
	if err := n.client.PExpire(ctx, key, lease).Err(); err != nil {
		n.log.Debug("a turn cannot be kept", zap.Error(err))
	}
	return true
}

// leave takes this node's words back.
func (n *nodes) leave(ctx context.Context) error {
	if n.late != nil { // there are none
		return nil
	}
	if n.client != nil {
		return n.client.HDel(ctx, nodesKey, n.name()).Err()
	}
	if n.store == nil {
		return nil
	}
	return n.store.PutSetting(ctx, withoutRedis, []byte(`{}`))
}
