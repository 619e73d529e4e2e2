package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap/zapcore"
)

// A fault that everybody meets at once does not fill the disk with its words, and keeps nothing else out of the log.
func TestTheLogStaysShort(t *testing.T) {
	var out bytes.Buffer
	log, err := logger("info", program{stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC) // one second, however long it takes
	say := func(words string) {
		if entry := log.Core().Check(zapcore.Entry{Level: zapcore.ErrorLevel, Time: at, Message: words}, nil); entry != nil {
			entry.Write()
		}
	}
	for i := range 5000 {
		say("a frame could not be carried out")
		if i%1000 == 0 {
			say(fmt.Sprint("something else ", i))
		}
	}
	if n := strings.Count(out.String(), "a frame could not"); n < saidInFull || n > saidInFull+5 {
		t.Errorf("%d lines of the same", n)
	}
	if n := strings.Count(out.String(), "something else"); n != 5 {
		t.Errorf("%d lines of 5 others", n)
	}
	at = at.Add(time.Second)
	before := out.Len()
	say("a frame could not be carried out")
	if out.Len() == before {
		t.Error("the next second has no line")
	}
}
