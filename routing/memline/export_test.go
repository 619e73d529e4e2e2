package memline

// Remembered counts all that a line keeps in memory.
func Remembered(l *Line) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.teams)
	for _, t := range l.teams {
		n += len(t.entries) + len(t.classes) + len(t.dropped) + len(t.holds) + t.all.len() + t.held.len() + t.gone.len()
	}
	return n
}
