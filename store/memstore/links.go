package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// PutLink implements store.Links.
func (s *Store) PutLink(ctx context.Context, l store.Link) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, ok := s.visitors[l.Visitor]; !ok || s.erased[l.Visitor] {
		return chat.Errorf(chat.NotFound, "no such visitor")
	}
	if _, ok := s.links[l.TokenHash]; ok {
		return chat.Errorf(chat.Conflict, "there is a link with this token")
	}
	l.CreatedAt, l.ExpiresAt, l.RevokedAt = millis(l.CreatedAt), millis(l.ExpiresAt), time.Time{}
	s.links[l.TokenHash] = l
	return nil
}

// Link implements store.Links.
func (s *Store) Link(ctx context.Context, tokenHash string) (store.Link, error) {
	return find(ctx, s, s.links, "link", func(l store.Link) bool { return l.TokenHash == tokenHash })
}

// LinksOf implements store.Links.
func (s *Store) LinksOf(ctx context.Context, visitor string) ([]store.Link, error) {
	links, err := all(ctx, s, s.links, func(a, b store.Link) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.TokenHash, b.TokenHash))
	})
	return slices.DeleteFunc(links, func(l store.Link) bool { return l.Visitor != visitor }), err
}

// DropLink implements store.Links.
func (s *Store) DropLink(ctx context.Context, tokenHash string) error {
	_, err := s.dropLinks(ctx, func(l store.Link) bool { return l.TokenHash == tokenHash })
	return err
}

// ForgetLinks implements store.Links.
func (s *Store) ForgetLinks(ctx context.Context, before time.Time) (int, error) {
	return s.dropLinks(ctx, func(l store.Link) bool { return l.ExpiresAt.Before(millis(before)) })
}

func (s *Store) dropLinks(ctx context.Context, drop func(store.Link) bool) (int, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	n := 0
	for hash, l := range s.links {
		if drop(l) {
			delete(s.links, hash)
			n++
		}
	}
	return n, nil
}

// RevokeLinks implements store.Links.
func (s *Store) RevokeLinks(ctx context.Context, visitor string, at time.Time, acts ...store.Act) (int, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	n := 0
	for hash, l := range s.links {
		if l.Visitor == visitor && l.RevokedAt.IsZero() {
			l.RevokedAt = millis(at)
			s.links[hash] = l
			n++
		}
	}
	s.record(acts)
	return n, nil
}
