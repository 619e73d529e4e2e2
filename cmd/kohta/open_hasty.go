//go:build chaos_ack_before_commit

package main

import (
	"context"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// openStore opens a store with the mistake that the chaos run must find. No desk is built with it but for that.
func openStore(ctx context.Context, o sqlstore.Options) (store.Store, error) {
	s, err := sqlstore.Open(ctx, o)
	return hasty{s}, err
}

type hasty struct{ store.Store }

// Append says that a step is stored while it is being stored.
func (h hasty) Append(ctx context.Context, a store.Append) error {
	go h.Store.Append(context.WithoutCancel(ctx), a)
	return nil
}
