package run

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

// Result is what a run found, as it is printed.
type Result struct {
	Name      string         `json:"name"`
	Command   string         `json:"command"`
	Seed      uint64         `json:"seed"`
	Nodes     int            `json:"nodes"`
	Database  string         `json:"database"`
	Customers int            `json:"customers"`
	Agents    int            `json:"agents"`
	Seconds   float64        `json:"seconds"`
	Faults    map[string]int `json:"faults"`

	Acks          int            `json:"acks"`
	Conversations int            `json:"conversations"`
	Messages      int            `json:"messages"` // in the database
	Unknown       int            `json:"unknown"`  // times a connection ended before an answer
	Resent        int            `json:"resent"`
	Refused       map[string]int `json:"refused,omitempty"`
	Later         map[string]int `json:"later,omitempty"`
	Reconnects    int            `json:"reconnects"`
	Tries         int            `json:"tries_failed"` // connections that brought no welcome
	Late          int            `json:"tries_late"`   // of them: those on which none came in time
	BackP50       float64        `json:"reconnect_p50_ms"`
	BackP99       float64        `json:"reconnect_p99_ms"`
	AckP50        float64        `json:"ack_p50_ms"`
	AckP99        float64        `json:"ack_p99_ms"`
	DrainS        float64        `json:"drain_s"` // from silence until nobody waits

	check.Counts
	Breaches []check.Breach `json:"breaches,omitempty"`
	Doctor   string         `json:"doctor,omitempty"`
	Ended    []string       `json:"ended,omitempty"`    // nodes that ended by themselves
	Troubles []string       `json:"troubles,omitempty"` // nodes that did not end as they should
	Stops    int            `json:"stops"`              // nodes that were asked to end
	StopMax  float64        `json:"stop_max_s"`
	Errors   int            `json:"errors"` // lines in the nodes' logs
	Before   []fleet.Usage  `json:"before"`
	After    []fleet.Usage  `json:"after"`
}

func (r *Result) took(d time.Duration) { r.Seconds = d.Seconds() }

func (r *Result) judged(h check.History, v check.Verdict) {
	r.Counts, r.Breaches = v.Counts, v.Breaches
	r.Conversations, r.Messages = len(h.Logs), len(h.Rows)
}

// told takes over what the clients counted.
func (r *Result) told(all []*crowd.Client) {
	var backs, waits []time.Duration
	r.Refused, r.Later = map[string]int{}, map[string]int{}
	for _, m := range all {
		s := m.Stats()
		r.Acks += s.Acks
		r.Unknown += s.Unknown
		r.Tries += s.Tries
		r.Late += s.Late
		r.Resent += s.Resent
		for code, n := range s.Refused {
			r.Refused[code] += n
		}
		for code, n := range s.Later {
			r.Later[code] += n
		}
		backs, waits = append(backs, s.Backs...), append(waits, s.Waits...)
	}
	r.Reconnects = len(backs)
	r.BackP50, r.BackP99 = quantile(backs, 50), quantile(backs, 99)
	r.AckP50, r.AckP99 = quantile(waits, 50), quantile(waits, 99)
}

// quantile is in milliseconds.
func quantile(l []time.Duration, percent int) float64 {
	if len(l) == 0 {
		return 0
	}
	slices.Sort(l)
	return float64(l[min(len(l)-1, len(l)*percent/100)].Microseconds()) / 1000
}

// What a node may hold more at the end than at the beginning: connections to Postgres and Redis that wait for work, and what
// serves them.
const (
	moreGoroutines = 60
	moreFiles      = 60
)

// leaked tells whether a node holds on to something when everybody has left.
func leaked(before, after []fleet.Usage) bool {
	for i, u := range after {
		if i < len(before) && (u.Goroutines > before[i].Goroutines+moreGoroutines || u.Files > before[i].Files+moreFiles) {
			return true
		}
	}
	return false
}

// Leaked tells whether a node held on to something when everybody had left.
func (r *Result) Leaked() bool { return leaked(r.Before, r.After) }

// Sound tells whether every promise was kept.
func (r *Result) Sound() bool {
	return r.Sum() == 0 && r.Doctor == "" && len(r.Troubles) == 0 && !r.Leaked()
}

// Summary is for a person.
func (r *Result) Summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: seed %d, %d nodes (%s), %d customers, %d agents, %.0f s\n", r.Name, r.Seed, r.Nodes, r.Database, r.Customers, r.Agents, r.Seconds)
	fmt.Fprintf(&b, "faults        %s\n", Counted(r.Faults))
	fmt.Fprintf(&b, "acknowledged  %d (%.0f a second) in %d conversations; %d messages in the database\n", r.Acks, float64(r.Acks)/max(1, r.Seconds), r.Conversations, r.Messages)
	fmt.Fprintf(&b, "unknown       %d answers lost with their connection, %d frames sent again; refused: %s; later: %s\n", r.Unknown, r.Resent, Counted(r.Refused), Counted(r.Later))
	fmt.Fprintf(&b, "reconnects    %d, p50 %.0f ms, p99 %.0f ms, %d tries without a welcome, %d of them for want of time; acks p50 %.0f ms, p99 %.0f ms\n",
		r.Reconnects, r.BackP50, r.BackP99, r.Tries, r.Late, r.AckP50, r.AckP99)
	fmt.Fprintf(&b, "lost %d, doubled %d, reordered %d, misdelivered %d, double-owned %d, starved %d\n", r.Lost, r.Doubled, r.Reordered, r.Misdelivered, r.DoubleOwned, r.Starved)
	for i, breach := range r.Breaches {
		if i == 20 {
			fmt.Fprintf(&b, "  and %d more\n", len(r.Breaches)-i)
			break
		}
		fmt.Fprintf(&b, "  %s: %s\n", breach.Kind, breach.Words)
	}
	if r.Stops > 0 {
		fmt.Fprintf(&b, "stops         %d, the longest %.1f s\n", r.Stops, r.StopMax)
	}
	for _, words := range slices.Concat(r.Ended, r.Troubles) {
		fmt.Fprintf(&b, "  %s\n", words)
	}
	if r.Doctor != "" {
		fmt.Fprintf(&b, "%s\n", r.Doctor)
	}
	fmt.Fprintf(&b, "nodes before  %s\nnodes after   %s\n", usages(r.Before), usages(r.After))
	if r.Leaked() {
		fmt.Fprintf(&b, "a node holds on to goroutines or files\n")
	}
	return b.String()
}

func usages(all []fleet.Usage) string {
	words := make([]string, 0, len(all))
	for _, u := range all {
		words = append(words, fmt.Sprintf("%d goroutines, %d files, %d MB heap, %d MB resident", u.Goroutines, u.Files, u.Heap>>20, u.Resident>>20))
	}
	return strings.Join(words, "; ")
}

// Counted are counts by name, as words.
func Counted(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	words := make([]string, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		words = append(words, fmt.Sprintf("%s %d", name, m[name]))
	}
	return strings.Join(words, ", ")
}
