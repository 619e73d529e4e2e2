package main

import (
	"context"
	"encoding/json"
	"fmt"

	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/kohta/kohta/store"
)

// Nodes that share a database share one Redis, and a Redis serves one database: what stands in its line belongs to
// conversations that the others must find. Each node says in Redis that it is there, and what it speaks.
const (
	houseKey = "kohta:house" // the name of the database that this Redis serves
	nodesKey = "kohta:nodes" // hash: a node each, and what it says of itself
)

// speaks is what a node understands of the others: channel and frames of the bus, keys of the line and of the roster. It
// goes up by one with a release that changes one of them, and that release still understands the one before.
const speaks = 1

// Times of the nodes' list.
const (
	sayEvery = 5 * time.Second
	nodeGone = 4 * sayEvery // without a word
)

// said is what a node says of itself.
type said struct {
	Version string `json:"version"`
	Speaks  int    `json:"speaks"`
	At      int64  `json:"at"` // by Redis' clock, milliseconds
}

// nodes is the list of those that stand on one Redis.
type nodes struct {
	client *redis.Client
	self   string
	log    *zap.Logger
	live   atomic.Int64
}

// joinNodes adds this node to those that stand on a Redis. It refuses a Redis that serves another database, and nodes that
// would not understand this one.
func joinNodes(ctx context.Context, client *redis.Client, s store.Store, log *zap.Logger) (*nodes, error) {
	mine, err := s.SettingOrPut(ctx, "house", []byte(uuid.NewString()))
	if err != nil {
		return nil, fmt.Errorf("name the database: %w", err)
	}
	if err := client.SetNX(ctx, houseKey, mine, 0).Err(); err != nil {
		return nil, fmt.Errorf("--redis: %w", err)
	}
	theirs, err := client.Get(ctx, houseKey).Result()
	if err != nil {
		return nil, fmt.Errorf("--redis: %w", err)
	}
	if theirs != string(mine) {
		return nil, fmt.Errorf("--redis: this Redis serves a desk with another database, whose line would be mixed up with this one's; give all nodes of a desk the same --database, and each desk a Redis or a number of its own (redis://…/1). If that desk is no more, `redis-cli DEL %s` frees it", houseKey)
	}
	n := &nodes{client: client, self: uuid.NewString(), log: log}
	others, err := n.others(ctx)
	if err != nil {
		return nil, fmt.Errorf("--redis: %w", err)
	}
	for _, o := range others {
		if o.Speaks < speaks-1 || o.Speaks > speaks+1 {
			return nil, fmt.Errorf("a node of version %s is running, which this version %s does not understand: go from one to the other over a version between them, or stop all nodes first", o.Version, version)
		}
	}
	return n, n.say(ctx)
}

// others are the nodes that have said something lately. Those that have not for long are taken out.
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
		if err := json.Unmarshal([]byte(text), &s); err != nil || now.UnixMilli()-s.At > nodeGone.Milliseconds() {
			if err := n.client.HDel(ctx, nodesKey, id).Err(); err != nil {
				return nil, err
			}
			continue
		}
		if id != n.self {
			list = append(list, s)
		}
	}
	return list, nil
}

// say adds this node to the list, or says that it is still there.
func (n *nodes) say(ctx context.Context) error {
	now, err := n.client.Time(ctx).Result()
	if err != nil {
		return err
	}
	text, err := json.Marshal(said{version, speaks, now.UnixMilli()})
	if err != nil {
		return err
	}
	return n.client.HSet(ctx, nodesKey, n.self, text).Err()
}

// run keeps this node in the list until ctx ends, then takes it out.
func (n *nodes) run(ctx context.Context) error {
	tick := time.NewTicker(sayEvery)
	defer tick.Stop()
	for {
		if err := n.look(ctx); err != nil && ctx.Err() == nil {
			n.live.Store(1)
			n.log.Warn("the list of nodes cannot be kept", zap.Error(err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			if err := n.client.HDel(last, nodesKey, n.self).Err(); err != nil {
				n.log.Warn("this node could not be taken out of the list; it is forgotten by itself", zap.Error(err))
			}
			return nil
		}
	}
}

func (n *nodes) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sayEvery)
	defer cancel()
	if err := n.say(ctx); err != nil {
		return err
	}
	others, err := n.others(ctx)
	if err == nil {
		n.live.Store(int64(len(others) + 1))
	}
	return err
}
