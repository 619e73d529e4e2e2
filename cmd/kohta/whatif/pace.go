package whatif

import "math"

// pace is the work of an agent who is slower the more conversations they have. All of them go on alike, so one count of
// the work that each has got does for all: a conversation ends when the count has come to where it began and as far as it
// takes.
type pace struct {
	done float64 // nanoseconds of work that each has got since the agent was last free
	at   int64   // when that was so
	jobs []job
	turn uint32 // an event of an earlier one is void
}

type job struct {
	end float64 // by done
	who int32
}

// work lets a conversation that has begun take its time.
func (w *world) work(who, with int32) {
	a, c := &w.agents[with], &w.customers[who]
	by := w.s.Agents[a.group].Slower
	if by == 0 {
		w.plan(w.now+c.handling, ends, who, 0)
		return
	}
	a.pace.goOn(w.now, by)
	a.pace.jobs = append(a.pace.jobs, job{a.pace.done + float64(c.handling), who})
	w.planNext(with)
}

// stopWork takes a conversation that has ended from its agent.
func (w *world) stopWork(who, with int32) {
	p := &w.agents[with].pace
	for i := range p.jobs {
		if p.jobs[i].who == who {
			p.goOn(w.now, w.s.Agents[w.agents[with].group].Slower)
			p.jobs = append(p.jobs[:i], p.jobs[i+1:]...)
			w.planNext(with)
			return
		}
	}
}

// goOn counts the work until now.
func (p *pace) goOn(now int64, slower float64) {
	if n := len(p.jobs); n == 0 {
		p.done = 0
	} else {
		p.done += float64(now-p.at) / (1 + slower*float64(n-1))
	}
	p.at = now
}

// first is the conversation that ends first.
func (p *pace) first() job {
	first := p.jobs[0]
	for _, j := range p.jobs[1:] {
		if j.end < first.end {
			first = j
		}
	}
	return first
}

func (w *world) planNext(with int32) {
	p := &w.agents[with].pace
	p.turn++
	if n := len(p.jobs); n > 0 {
		left := max(0, p.first().end-p.done) * (1 + w.s.Agents[w.agents[with].group].Slower*float64(n-1))
		w.plan(w.now+int64(math.Ceil(left)), works, with, p.turn)
	}
}

// nextEnds ends the conversation whose time has come.
func (w *world) nextEnds(with int32, turn uint32) {
	if p := &w.agents[with].pace; p.turn == turn {
		w.end(p.first().who)
	}
}
