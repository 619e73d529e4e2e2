package main

import (
	"bytes"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

// A node's list has in the end also who was erased on another, each once, and keeps whom the database has never heard of.
func TestALearnedListOfErasures(t *testing.T) {
	s, list := memstore.New(), erasuresIn(t.TempDir())
	var want []string
	for i := range 3 {
		v := store.Visitor{ID: uuid.NewString(), Site: "demo", TokenHash: uuid.NewString(), CreatedAt: time.Now(), SeenAt: time.Now()}
		if err := s.PutVisitor(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		if err := s.EraseVisitor(t.Context(), v.ID, time.Now()); err != nil {
			t.Fatal(err)
		}
		want = append(want, v.ID)
		if i == 0 {
			if err := list.add(v.ID, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	gone := uuid.NewString()
	want = append(want, gone)
	if err := list.add(gone, time.Now()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := list.learn(t.Context(), s, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	got, err := list.ids()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the list has %v, want %v", got, want)
	}
	text, err := os.ReadFile(list.path)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n != len(want) {
		t.Errorf("%d lines for %d visitors", n, len(want))
	}
}
