package bench

import (
	"math"
	"slices"
	"time"
)

// Report is what a run found. Times are in milliseconds; a figure that was not measured is 0.
type Report struct {
	Name     string  `json:"name"`
	Visitors int     `json:"visitors"`
	Agents   int     `json:"agents"`
	Seconds  float64 `json:"seconds"`

	Sent             int64   `json:"sent"`
	SentPerS         float64 `json:"sent_per_s"`
	Acknowledged     int64   `json:"acknowledged"`
	AcknowledgedPerS float64 `json:"acknowledged_per_s"`
	Answered         int64   `json:"answered"`
	Conversations    int     `json:"conversations"`

	AckP50   float64 `json:"ack_p50_ms"`
	AckP90   float64 `json:"ack_p90_ms"`
	AckP99   float64 `json:"ack_p99_ms"`
	ReplyP50 float64 `json:"reply_p50_ms"`
	ReplyP90 float64 `json:"reply_p90_ms"`
	ReplyP99 float64 `json:"reply_p99_ms"`
	AgentP50 float64 `json:"agent_p50_ms"`
	AgentP90 float64 `json:"agent_p90_ms"`
	AgentP99 float64 `json:"agent_p99_ms"`

	Lost           int            `json:"lost"`      // positions that an audience never got, or got only when it asked again
	Doubled        int            `json:"doubled"`   // positions that came more than once
	Reordered      int            `json:"reordered"` // positions that came out of their turn, or hold another message than was acknowledged
	Unacknowledged int64          `json:"unacknowledged"`
	HandedOver     int            `json:"handed_over"` // by the bot, which was to answer
	Closed         map[string]int `json:"closed"`      // connections that ended before their time and were made again, by code
	Errors         map[string]int `json:"errors"`      // by code

	ReceivedPerConnection float64 `json:"received_bytes_per_connection"`
	SentPerConnection     float64 `json:"sent_bytes_per_connection"`
	ResidentKB            float64 `json:"resident_kb"`
	ResidentPerConnection float64 `json:"resident_kb_per_connection"`
	LaterPerConnection    float64 `json:"resident_kb_per_connection_later"` // idle: after the time of the run

	AllMS   float64 `json:"all_ms"`  // storm: from the restart until the last was back
	BackP50 float64 `json:"p50_ms"`  // storm: from the restart until one was back
	BackP99 float64 `json:"p99_ms"`  //
	Retries int64   `json:"retries"` // storm: attempts that failed
}

// Sound tells whether nothing was lost, doubled or reordered, and all that was sent was acknowledged without an error.
func (r *Report) Sound() bool {
	return r.Lost == 0 && r.Doubled == 0 && r.Reordered == 0 && r.Unacknowledged == 0 && len(r.Errors) == 0
}

// report gathers what the clients have noted.
func (r *run) report(took time.Duration) Report {
	out := Report{
		Visitors: len(r.visitors), Agents: len(r.agents), Seconds: round(took.Seconds()), Sent: r.posted.Load(),
		Acknowledged: r.acked.Load(), Answered: r.answered.Load(), Errors: r.errors,
		HandedOver: r.handedOver, Closed: r.closed,
	}
	out.Unacknowledged = out.Sent - out.Acknowledged
	var acks, replies, shows []time.Duration
	for _, v := range r.visitors {
		v.mu.Lock()
		acks, replies, shows = append(acks, v.acks...), append(replies, v.replies...), append(shows, v.shows...)
		out.Conversations += len(v.talks)
		v.judge(&out)
		v.mu.Unlock()
	}
	out.AckP50, out.AckP90, out.AckP99 = spread(acks)
	out.ReplyP50, out.ReplyP90, out.ReplyP99 = spread(replies)
	out.AgentP50, out.AgentP90, out.AgentP99 = spread(shows)
	return out
}

// judge adds what went wrong with a visitor's conversations. The caller holds mu.
func (v *visitor) judge(out *Report) {
	for _, t := range v.talks {
		for _, seen := range []*track{&t.own, &t.agents} {
			out.Lost += seen.missing()
			out.Doubled += seen.doubled
			out.Reordered += seen.reordered
		}
	}
	for i := range v.posts {
		p := &v.posts[i]
		if p.acked == 0 {
			continue
		}
		whole := p.talk.own.missing() == 0
		if whole && p.seen != p.acked { // something else stands where it was acknowledged
			out.Reordered++
		}
		if v.agent != nil && !p.shown && p.talk.agents.missing() == 0 {
			out.Lost++
		}
	}
}

// spread returns the 50th, 90th and 99th percentile in milliseconds, and zeros of nothing.
func spread(l []time.Duration) (p50, p90, p99 float64) {
	if len(l) == 0 {
		return 0, 0, 0
	}
	slices.Sort(l)
	at := func(percent int) float64 { return millis(l[len(l)*percent/100]) }
	return at(50), at(90), at(99)
}

func millis(d time.Duration) float64 { return round(float64(d) / 1e6) }

func rate(n int64, d time.Duration) float64 { return round(float64(n) / d.Seconds()) }

func perConnection(bytes int64, connections int) float64 {
	return round(float64(bytes) / float64(max(1, connections)))
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }
