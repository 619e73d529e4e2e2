package bot

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a folder with the fault can be used.
type Severity string

// The severities. A folder with an Error is not used; the one before it stays.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Fault is something wrong in a bot folder. Line is 0 where the whole file, or a missing one, is meant.
type Fault struct {
	File     string
	Line     int
	Severity Severity
	Message  string
	Advice   string // what to do, may be empty
}

// String is the fault as one line: file:line: severity: message. advice
func (f Fault) String() string {
	s := f.File
	if f.Line > 0 {
		s = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	s = fmt.Sprintf("%s: %s: %s", s, f.Severity, f.Message)
	if f.Advice != "" {
		s += ". " + f.Advice
	}
	return s
}

func hasError(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return f.Severity == Error })
}

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}
