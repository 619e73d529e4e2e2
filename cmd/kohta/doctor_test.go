package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// keepWait stores a conversation whose customer was told 2 to 4 minutes at a time, and was given to an agent afterwards.
// change may spoil its log.
func keepWait(t *testing.T, s store.Store, at time.Time, waited time.Duration, change func([]chat.Event)) {
	t.Helper()
	visitor := store.Visitor{ID: uuid.NewString(), Site: "default", TokenHash: uuid.NewString(), CreatedAt: at, SeenAt: at}
	if err := s.PutVisitor(t.Context(), visitor); err != nil {
		t.Fatal(err)
	}
	c := chat.Conversation{ID: uuid.NewString()}
	var log []chat.Event
	do := func(by chat.From, cmd chat.Command) {
		t.Helper()
		next, events, err := chat.Decide(c, chat.Envelope{At: at.UTC().Truncate(time.Millisecond), By: by, Patience: chat.Usual}, cmd)
		if err != nil {
			t.Fatal(err)
		}
		c, log = next, append(log, events...)
	}
	house, aino := chat.From{Role: chat.RoleSystem}, chat.From{Role: chat.RoleAgent, ID: uuid.NewString()}
	do(house, chat.Open{Site: "default", Visitor: visitor.ID, Language: "fi", Team: "support"})
	do(house, chat.Escalate{Reason: chat.ReasonAsked, Wait: &chat.Wait{Low: 120, High: 240}})
	at = at.Add(waited)
	do(house, chat.Assign{Agent: aino.ID, Share: chat.Share{Load: 0, Weight: 100, Capacity: 400}})
	do(aino, chat.Snooze{Until: at.Add(time.Hour), Promise: &chat.Promise{At: at.Add(time.Hour), Channel: chat.ByPhone}})
	at = at.Add(61 * time.Minute)
	do(house, chat.Overdue{})
	do(aino, chat.Take{})
	do(aino, chat.Resolve{})
	if change != nil {
		change(log)
		c = chat.Fold(c.ID, log)
	}
	if err := s.Append(t.Context(), store.Append{Next: c, Events: log, At: at}); err != nil {
		t.Fatal(err)
	}
}

// TestTheDoctorOnTheWait reads, beside an open database, what was told and what came.
func TestTheDoctorOnTheWait(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := sqlstore.Open(context.Background(), sqlstore.Options{Path: filepath.Join(dir, "kohta.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if out, _, status := runKohta(t, "", "doctor", "--wait", "--data", dir); status != 0 || out != "Nobody was told how long it takes.\n" {
		t.Errorf("status %d, of an empty database:\n%s", status, out)
	}
	noon := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	for i, waited := range []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute} {
		keepWait(t, s, noon.Add(time.Duration(i)*time.Second), waited, nil)
	}
	keepWait(t, s, noon.AddDate(0, 0, 1).Add(time.Hour), time.Minute, nil)

	out, _, status := runKohta(t, "", "doctor", "--wait", "--zone", "Europe/Helsinki", "--data", dir)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	want := []string{
		"told known before inside after by the high end gave up put off waiting",
		"all 5 5 40 % 40 % 20 % 80 % 0 0 0",
		"team support 5 5 40 % 40 % 20 % 80 % 0 0 0",
		"at 14–15 4 4 25 % 50 % 25 % 75 % 0 0 0",
		"at 15–16 1 1 100 % 0 % 0 % 100 % 0 0 0",
		"calls: 5 promised, 5 kept, 0 broken, 0 taken back, 0 to come",
	}
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	if status != 0 || strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("status %d:\n%s", status, out)
	}

	out, _, _ = runKohta(t, "", "doctor", "--wait", "--json", "--zone", "UTC", "--since", "2026-03-18", "--data", dir)
	var got waitsJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.All.Told != 1 || got.All.Within != 1 || len(got.Hours) != 1 || *got.Hours[0].Hour != 13 ||
		len(got.Teams) != 1 || got.Teams[0].Team != "support" || len(got.Promises) != 1 || got.Promises[0].Kept != 1 {
		t.Errorf("%v:\n%s", err, out)
	}
	for args, words := range map[string]string{"--wait --zone Mars/Base": "--zone Mars/Base", "--since 1d": "--since goes with --wait", "--wait --since yesterday": "--since yesterday"} {
		_, errs, status := runKohta(t, "", append([]string{"doctor", "--data", dir}, strings.Fields(args)...)...)
		if status != 1 || !strings.Contains(errs, words) {
			t.Errorf("%s: status %d, %s", args, status, errs)
		}
	}
}

// TestTheDoctorFindsWhatTheLogsTell: a breach that only the logs show ends the command with 1, as text and as JSON.
func TestTheDoctorFindsWhatTheLogsTell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := sqlstore.Open(context.Background(), sqlstore.Options{Path: filepath.Join(dir, "kohta.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	noon := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	keepWait(t, s, noon, time.Minute, nil)
	if out, _, status := runKohta(t, "", "doctor", "--json", "--data", dir); status != 0 || !strings.Contains(out, `"conversations":1,"running":false,"breaches":[]`) {
		t.Fatalf("status %d, of a healthy database:\n%s", status, out)
	}
	keepWait(t, s, noon.Add(time.Hour), time.Minute, func(log []chat.Event) {
		for i := range log {
			if log[i].Kind == chat.KindAssigned {
				log[i].Detail.Load = 350
			}
		}
	})
	out, _, status := runKohta(t, "", "doctor", "--data", dir)
	if status != 1 || !strings.HasPrefix(out, "S3 ") || !strings.Contains(out, "who had 350 of 400, and it weighs 100\n2 conversations, 1 breaches") {
		t.Errorf("status %d:\n%s", status, out)
	}
	out, _, status = runKohta(t, "", "doctor", "--json", "--data", dir)
	var d diagnosis
	if err := json.Unmarshal([]byte(out), &d); err != nil || status != 1 || len(d.Breaches) != 1 || d.Breaches[0].Invariant != "S3" || fmt.Sprint(d.Audit) != "" {
		t.Errorf("status %d, %v:\n%s", status, err, out)
	}
}
