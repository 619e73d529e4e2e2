package bot_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/chat"
)

// BenchmarkReply is the bot's part of one post to the demo: a plain question, as the first and as a later message,
// beside what understanding it takes alone.
func BenchmarkReply(b *testing.B) {
	theirs, faults := bot.Load(demo.Folder())
	if theirs == nil {
		b.Fatal(faults)
	}
	const text = "Paljonko toimitus maksaa?"
	in := bot.Input{
		Conversation: "0190b5a0-0000-7000-8000-000000000001", Pos: 2, Text: text, Language: "fi", First: true, Page: "/demo/",
		Lines: []chat.Line{{Seq: 1, Role: chat.RoleVisitor, Text: text}}, Now: time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC),
	}
	later := in
	later.First, later.Pos, later.Memory = false, 8, theirs.Reply(bot.Input{Text: "mitkä on aukioloajat", Language: "fi"}).Memory
	b.Run("first", func(b *testing.B) { measure(b, func() { theirs.Reply(in) }) })
	b.Run("later", func(b *testing.B) { measure(b, func() { theirs.Reply(later) }) })
	b.Run("understand", func(b *testing.B) { measure(b, func() { theirs.Understand(text, "fi") }) })
}

// measure reports allocations and the CPU time that this process spent: on a machine that is busy with other things
// too, the wall's clock says nothing.
func measure(b *testing.B, do func()) {
	b.ReportAllocs()
	began := cpuTime(b)
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64(cpuTime(b)-began)/float64(b.N), "cpu-ns/op")
}

func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
