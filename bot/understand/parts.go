package understand

// Parts cuts a message into the clauses that may each ask for something, at most eight, none shorter than two words.
func Parts(text string) []string {
	var a analysis
	a.read(text)
	var out []string
	from, words := 0, 0
	flush := func(to int) {
		if words >= 2 && len(out) < 8 {
			out = append(out, a.text(from, to))
		}
		from, words = to+1, 0
	}
	for i := range a.toks {
		if a.toks[i].kind == word {
			switch string(a.fold(i)) {
			case "ja", "seka", "och", "samt", "and", "also", "lisaksi", "dessutom":
				flush(i)
			default:
				words++
			}
		} else if a.parts(i) {
			flush(i)
		}
	}
	if from < len(a.toks) {
		flush(len(a.toks))
	}
	return out
}
