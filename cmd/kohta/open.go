//go:build !chaos_ack_before_commit

package main

import (
	"context"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

func openStore(ctx context.Context, o sqlstore.Options) (store.Store, error) {
	s, err := sqlstore.Open(ctx, o)
	if err != nil {
		return nil, err // and not a store that holds nothing
	}
	return s, nil
}
