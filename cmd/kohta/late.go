package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bus/redisbus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing/redisline"
)

var errNotYet = errors.New("Redis was away when this node began, and has not been looked at yet")

// mayBeLate tells whether this desk begins without the Redis that did not answer: it has had one before, so the address is likely
// right, and a node that is started anew while Redis is away is no worse off than one that goes on.
func (h *house) mayBeLate(ctx context.Context, err error) bool {
	var certificate *tls.CertificateVerificationError
	if chat.KindOf(err) != chat.Unavailable || errors.As(err, &certificate) {
		return false
	}
	_, err = h.store.Setting(ctx, houseSetting)
	return err == nil
}

// openLater opens line and bus with a door before Redis: for all of them it is away until it was there and passed what is
// otherwise asked at the start. One that does not pass ends the desk, with the words that would have refused it.
func (h *house) openLater(options *redis.Options, why error) (err error) {
	h.log.Warn("no Redis answers; chats go on, and the line is made when it does. If the address is wrong, correct --redis and start again", zap.Error(why))
	var passed atomic.Bool
	dial := redis.NewDialer(options)
	door := *options
	door.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		if !passed.Load() {
			return nil, errNotYet
		}
		return dial(ctx, network, address)
	}
	if err := h.redis.Close(); err != nil {
		return fmt.Errorf("close the connections to Redis: %w", err)
	}
	h.redis = redis.NewClient(&door)
	h.redis.AddHook(&redisline.Breaker{})
	if h.line, h.roster, err = redisline.Unchecked(h.redis); err != nil {
		return err
	}
	if err := h.nameNode(); err != nil {
		return err
	}
	h.nodes.late = func(ctx context.Context) error {
		if err := h.nodes.meet(ctx, options, h.store); err != nil {
			return err
		}
		passed.Store(true)
		return nil
	}
	h.fleet = redisbus.Later(&door)
	h.bus = h.fleet
	return nil
}
