//go:build race

package whatif

// raced: the race detector makes a run eight times as long, and finds its races in a short one.
const raced = true
