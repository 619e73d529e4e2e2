// Package storetest holds every implementation of store.Store to the promises of its contract.
package storetest

import (
	"testing"

	"github.com/kohta/kohta/store"
)

// Open makes an empty store for one test. The suite closes it.
type Open func(t *testing.T) store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Store)
	}{
		{"append and read back", testAppend},
		{"every field comes back", testFields},
		{"texts come back as they were", testTexts},
		{"a step that contradicts itself is invalid", testInvalid},
		{"only where it stands", testCondition},
		{"one of many at the same position", testRace},
		{"one open conversation a visitor and site", testOneOpen},
		{"100 first appends at once make one open conversation", testFirstAppends},
		{"reopening while another is open", testReopen},
		{"a known key gets its first ack", testKnown},
		{"a known key comes before the condition", testKnownFirst},
		{"one of many with the same key", testKeyRace},
		{"keys alone", testKeysAlone},
		{"old keys are forgotten", testForgetKeys},
		{"a failing append drops only itself", testMixed},
		{"an append that nobody waits for", testCancelled},
		{"reads by audience", testAudiences},
		{"no hole under load", testNoHole},
		{"changed", testChanged},
		{"changed misses nothing under load", testChangedUnderLoad},
		{"due", testDue},
		{"in a state", testInState},
		{"owned by an agent", testOwnedBy},
		{"held by an agent", testHeldBy},
		{"no more than an agent may hold", testHolds},
		{"invited agents", testInvitedTo},
		{"a visitor's conversations", testLatestOf},
		{"a visitor comes back", testComesBack},
		{"read marks never go back", testMarks},
		{"each", testEach},
		{"what is not there", testNotFound},
		{"limits", testLimits},
		{"visitors", testVisitors},
		{"an erased log", testErasedLog},
		{"an erased visitor", testErasedVisitor},
		{"links", testLinks},
		{"links of an erased visitor", testErasedLinks},
		{"agents", testAgents},
		{"teams and sites", testTeamsAndSites},
		{"rules of teams and sites", testRules},
		{"sessions", testSessions},
		{"attempts are counted one by one", testAttempts},
		{"settings", testSettings},
		{"one setting for all who ask at once", testSettingRace},
		{"audit", testAudit},
		{"an act goes with what it tells of", testActs},
		{"audit chain under load", testAuditRace},
		{"closing", testClose},
		{"closing under load", testCloseUnderLoad},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			defer func() {
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			c.test(t, s)
		})
	}
}
