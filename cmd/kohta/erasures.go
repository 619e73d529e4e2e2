package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/store"
)

// erasures is the list of visitors who were erased, beside the database: a line each, the id and when. It holds no
// contents. The database has such a list too, but a database that is restored from a copy has that copy's; this one
// stays where it is, and has its visitors erased again at the next start.
type erasures struct{ path string }

func erasuresIn(dir string) erasures { return erasures{filepath.Join(dir, "erasures.txt")} }

// add notes an erasure that is about to be made. When it returns, the note is on the disk.
func (l erasures) add(visitor string, at time.Time) error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s %s\n", visitor, at.UTC().Format(time.RFC3339))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	return nil
}

// ids are the visitors in the list, each once. A line that is no entry is passed over: the last one may be cut off.
func (l erasures) ids() (ids []string, err error) {
	f, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the erasures: %w", err)
	}
	defer f.Close()
	seen := map[string]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		id, _, _ := strings.Cut(lines.Text(), " ")
		if isID(id) && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, lines.Err()
}

// learn adds to the list whom the database knows to be erased, by whichever node or command: so that each node's list is
// whole, and any one of them is enough after a restore.
func (l erasures) learn(ctx context.Context, s store.Store, at time.Time) error {
	known, err := l.ids()
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, id := range known {
		listed[id] = true
	}
	for page := (store.Page{Limit: store.MaxPage}); ; {
		some, next, err := s.Erasures(ctx, page)
		if err != nil {
			return fmt.Errorf("learn of erasures: %w", err)
		}
		for _, id := range some {
			if listed[id] {
				continue
			}
			if err := l.add(id, at); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		page.After = next
	}
}

// learnEvery is how soon a node's list has what was erased elsewhere.
const learnEvery = 10 * time.Minute

// learnErasures keeps this node's list whole until ctx ends.
func (h *house) learnErasures(ctx context.Context) error {
	tick := time.NewTicker(learnEvery)
	defer tick.Stop()
	for {
		if err := erasuresIn(h.Data).learn(ctx, h.store, h.clock()); err != nil && ctx.Err() == nil {
			h.log.Warn("the list of erasures will be made whole later", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// erasing is a desk that keeps the list.
type erasing struct {
	*desk.Desk
	store store.Store
	list  erasures
}

// Erase notes the erasure, so that it survives a restore, and then makes it.
func (e erasing) Erase(ctx context.Context, visitor string, act store.Act) error {
	if _, err := e.store.Visitor(ctx, visitor); err != nil {
		return err
	}
	if err := e.list.add(visitor, act.At); err != nil {
		return err
	}
	return e.Desk.Erase(ctx, visitor, act)
}

// eraseAgain erases who was erased before and is there again, before anybody is let in.
func eraseAgain(ctx context.Context, s store.Store, list erasures, log *zap.Logger) error {
	act := store.Act{At: time.Now(), Actor: "kohta serve", Verb: "erase_visitor", Detail: "again, at the start"}
	missing, err := notErased(ctx, s, list)
	if err != nil {
		return err
	}
	for _, visitor := range missing {
		act.Object = visitor
		switch err := desk.Erase(ctx, s, visitor, act); chat.KindOf(err) {
		case chat.NotFound: // of another database, or of one that is older than the visitor
		default:
			if err != nil {
				return err
			}
			log.Info("a visitor who had been erased was there again, and is erased", zap.String("visitor", visitor))
		}
	}
	again, err := desk.EraseLeftovers(ctx, s, act)
	if len(again) > 0 {
		log.Info("erasures that were not finished are", zap.Int("visitors", len(again)))
	}
	return err
}

// notErased are the visitors of the list whom the database does not know to be erased.
func notErased(ctx context.Context, s store.Store, list erasures) ([]string, error) {
	ids, err := list.ids()
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	erased := map[string]bool{}
	for page := (store.Page{Limit: store.MaxPage}); ; {
		some, next, err := s.Erasures(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			erased[id] = true
		}
		if next == "" {
			break
		}
		page.After = next
	}
	var missing []string
	for _, id := range ids {
		if !erased[id] {
			missing = append(missing, id)
		}
	}
	return missing, nil
}
