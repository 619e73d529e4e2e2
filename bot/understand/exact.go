package understand

// exact are the examples as they stand. What an author has written down for an intent is that intent, however much
// else is said in the same words; what is written down for two is left to the classifiers. Immutable.
type exact map[uint64]int32

// sureOfExact is how sure an example of the author's own makes.
const sureOfExact = 0.97

// ambiguous stands for a text that several classes have.
const ambiguous = -1

func (x exact) add(a *analysis, class int32) {
	key, ok := wordsKey(a)
	if !ok {
		return
	}
	if other, there := x[key]; there && other != class {
		class = ambiguous
	}
	x[key] = class
}

// find returns the class that a message is an example of.
func (x exact) find(a *analysis) (class int32, ok bool) {
	key, any := wordsKey(a)
	if !any {
		return 0, false
	}
	class, ok = x[key]
	return class, ok && class != ambiguous
}

// wordsKey is a message's words in their order, without case and marks; false if there are none.
func wordsKey(a *analysis) (key uint64, ok bool) {
	key = 14695981039346656037 // FNV-1a
	for i := range a.toks {
		if a.toks[i].kind == mark {
			continue
		}
		ok = true
		for _, b := range a.fold(i) {
			key = (key ^ uint64(b)) * 1099511628211
		}
		key = (key ^ ' ') * 1099511628211
	}
	return key, ok
}

// putFirst makes a class the best.
func (s *scored) putFirst(class int32) {
	at := s.count - 1
	for i, c := range s.order[:s.count] {
		if c == class {
			at = i
		}
	}
	s.order[at] = class
	for ; at > 0; at-- {
		s.order[at], s.order[at-1] = s.order[at-1], s.order[at]
		s.prob[at], s.prob[at-1] = s.prob[at-1], s.prob[at]
	}
	s.prob[0] = max(s.prob[0], sureOfExact)
}
