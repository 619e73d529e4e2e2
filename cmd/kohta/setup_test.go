package main

import (
	"strings"
	"testing"

	"github.com/kohta/kohta/gateway/session"
)

// The demo's stored hash is of the demo's password, and as hard as any other.
func TestTheDemosHashIsOfItsPassword(t *testing.T) {
	if !session.Verify(demoPassword, demoHash) {
		t.Error("the demo's password is refused")
	}
	hard := func(hash string) string { return strings.Join(strings.Split(hash, "$")[:4], "$") }
	if fresh := session.HashPassword(demoPassword); hard(fresh) != hard(demoHash) {
		t.Errorf("%s is made today, not %s", hard(fresh), hard(demoHash))
	}
}
