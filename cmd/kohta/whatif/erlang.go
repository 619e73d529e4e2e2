package whatif

import (
	"fmt"
	"math"
	"time"

	"github.com/kohta/kohta/routing"
)

// Formula is what a formula of queueing theory says to the same scenario, where its assumptions hold: Erlang C when nobody
// leaves (M/M/c; A. K. Erlang 1917; the waits as in L. Kleinrock, Queueing Systems I, 1975, §3.5), Erlang A when customers
// lose patience (M/M/c+M; C. Palm 1957; O. Garnett, A. Mandelbaum, M. Reiman, Designing a call center with impatient
// customers, M&SOM 4(3), 2002).
type Formula struct {
	Name      string  // "Erlang C", "Erlang A"; empty: none holds
	Servers   int     // conversations at once: agents × capacity
	Load      float64 // offered, in conversations at once
	Delayed   float64 // share who do not find a free place
	Abandoned float64 // share who give up
	Mean      float64 // wait of those who are answered, seconds
	P50       float64
	P80       float64
	P95       float64
	Within    float64  // share answered within the target
	Why       string   // none holds: why
	Notes     []string // what the scenario has that the formula takes otherwise
}

// FormulaOf chooses the formula that a scenario is a case of.
func FormulaOf(s *Scenario) Formula {
	servers, why := oneClass(s)
	if why != "" {
		return Formula{Why: why}
	}
	var rate, work, leaves, square float64
	patient, impatient := false, false
	f := Formula{Servers: servers}
	for _, c := range s.Customers {
		l := c.Hourly[0] / 3600
		if l == 0 {
			continue
		}
		hard := hardShare(c)
		mean := c.Handling.Mean.Seconds() * (1 + hard*(c.Harder-1))
		rate, work = rate+l, work+l*mean
		spread := c.Handling.Spread
		if c.Handling.Exponential {
			spread = 1
		}
		square += l * mean * mean * (1 + spread*spread)
		if c.Patience > 0 {
			impatient = true
			leaves += l / c.Patience.Seconds()
		} else {
			patient = true
		}
		if !c.Handling.Exponential {
			f.note("handling times are taken as exponential")
		}
		if hard > 0 {
			f.note("the weight of hard conversations is left out")
		}
	}
	f.Load = work
	theta := leaves / rate
	if impatient && patient {
		return Formula{Why: "some customers lose patience and some do not"}
	}
	if !impatient && work >= float64(servers) {
		return Formula{Why: fmt.Sprintf("%.4g conversations at once are offered and %d fit: nobody leaves, so the line grows for ever", work, servers)}
	}
	if servers > s.headcount() {
		f.note(fmt.Sprintf("agents with several at once count as %d who have one each", servers))
	}
	f.fill(rate, rate/work, theta, s.Target)
	if cs := square*rate/(work*work) - 1; !impatient && math.Abs(cs-1) > 0.05 {
		f.note(fmt.Sprintf("with the spread of these handling times the mean wait is about %.2g times as long (A. O. Allen and J. Cunneen)", (1+cs)/2))
	}
	return f
}

func (f *Formula) note(words string) {
	for _, n := range f.Notes {
		if n == words {
			return
		}
	}
	f.Notes = append(f.Notes, words)
}

// oneClass counts the places of agents who are always there and can all serve everybody; else it says what is not so.
func oneClass(s *Scenario) (servers int, why string) {
	st := newStage(s)
	for _, c := range s.Customers {
		if !c.steady() {
			return 0, "more customers come at some hours than at others"
		}
	}
	for _, a := range s.Agents {
		if a.Count == 0 {
			continue
		}
		if a.Slower > 0 {
			return 0, "agents are slower when they have several"
		}
		if len(a.Shift)+len(a.Breaks) > 0 || a.There < 1 {
			return 0, "not all agents are there all the time"
		}
		capacity, own := 0, a.Capacity
		for i := range st.kinds {
			k := &st.kinds[i]
			if k.part == 0 || s.Customers[k.group].Hourly[0] == 0 {
				continue
			}
			c := routing.Candidate{Agent: "a", Teams: a.Teams, Skills: a.Skills, Languages: a.Languages}
			if !k.stages[0].ticket.Serves(&c) {
				return 0, "not every agent can serve every customer"
			}
			if t := s.Teams[k.team]; own == 0 && capacity != 0 && capacity != t.Capacity {
				return 0, "teams have different capacities"
			} else if own == 0 {
				capacity = t.Capacity
			} else {
				capacity = own
			}
			if s.Teams[k.team].Assignment != "auto" {
				return 0, "conversations are offered, and the time of offers is not in the formula"
			}
			if k.strain > 0 && s.Teams[k.team].Rest.After > 0 {
				return 0, "agents have breathers"
			}
		}
		servers += a.Count * capacity
	}
	return servers, ""
}

func hardShare(c Customers) (share float64) {
	for _, f := range c.Feelings {
		if hardFeeling(f.Name) {
			share += f.Part
		}
	}
	return share
}

// fill computes the formula: arrivals and services a second, and theta, at which each who waits leaves.
func (f *Formula) fill(rate, mu, theta float64, target time.Duration) {
	q := queue{rate: rate, mu: mu, theta: theta, servers: f.Servers}
	q.solve()
	f.Name = "Erlang C"
	if theta > 0 {
		f.Name = "Erlang A"
	}
	f.Delayed, f.Abandoned = q.delayed, q.abandoned
	f.Mean, f.Within = q.mean, q.within(target.Seconds())
	f.P50, f.P80, f.P95 = q.percentile(0.5), q.percentile(0.8), q.percentile(0.95)
}

// queue is M/M/c, or M/M/c+M.
type queue struct {
	rate, mu, theta float64 // a second: arrivals, services of one server, each waiting customer's leaving
	servers         int

	ahead     []float64 // probability of finding all servers busy and j others in the line
	idle      float64   // of finding a free server
	delayed   float64
	abandoned float64 // share
	mean      float64 // wait of the served
}

// solve finds how many are there in the long run, by the balance of what comes and goes: with n there, they leave at the
// rate min(n, c)·mu + max(0, n−c)·theta.
func (q *queue) solve() {
	c := float64(q.servers)
	// Up to the servers, relative to the state in which all are busy and nobody waits, which is 1.
	p, below := 1.0, 0.0
	for n := c; n > 0 && p > 1e-30; n-- {
		p *= n * q.mu / q.rate
		below += p
		if below > 1e280 {
			break
		}
	}
	p = 1
	all := 1.0
	q.ahead = append(q.ahead[:0], 1)
	for j := 1.0; j < 5e6; j++ {
		p *= q.rate / (c*q.mu + j*q.theta)
		if all += p; p < all*1e-15 {
			break
		}
		q.ahead = append(q.ahead, p)
	}
	total := below + all
	q.idle, q.delayed = below/total, all/total
	served, waits := q.idle, 0.0
	sum := 0.0
	for j := range q.ahead {
		q.ahead[j] /= total
		// A customer with j before them is served before losing patience with probability cμ/(cμ+(j+1)θ); each of the
		// j+1 steps to the server is as long whether it ends so or so.
		rate := c*q.mu + float64(j+1)*q.theta
		sum += 1 / rate
		s := q.ahead[j] * c * q.mu / rate
		served += s
		waits += s * sum
	}
	q.abandoned = 1 - served
	if q.theta == 0 {
		q.abandoned = 0
	}
	q.mean = waits / served
}

// within is the share of all who come that is served within t seconds.
func (q *queue) within(t float64) float64 {
	c := float64(q.servers)
	if q.theta == 0 {
		return 1 - q.delayed*math.Exp(-(c*q.mu-q.rate)*t)
	}
	// The wait with j others before is a sum of exponential times of the rates θ(a+1), …, θ(a+j+1), a = cμ/θ, so that
	// exp(−θ·wait) has the beta distribution of a+1 and j+1; its tail is a sum of the terms below.
	a, x := c*q.mu/q.theta+1, math.Exp(-q.theta*t)
	served, term, tail := q.idle, math.Exp(a*math.Log(x)), 0.0
	for j := range q.ahead {
		tail += term
		served += q.ahead[j] * c * q.mu / (c*q.mu + float64(j+1)*q.theta) * max(0, 1-tail)
		term *= (1 - x) * (a + float64(j)) / float64(j+1)
	}
	return served
}

// percentile is the wait that a share of the served does not pass.
func (q *queue) percentile(share float64) float64 {
	of := 1 - q.abandoned
	if q.idle/of >= share {
		return 0
	}
	low, high := 0.0, 1.0
	for q.within(high)/of < share && high < 1e9 {
		high *= 2
	}
	for range 60 {
		if mid := (low + high) / 2; q.within(mid)/of < share {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
