//go:build race

package sim

// raced: the race detector makes a schedule eight times as long, and finds its races in a few. make test plays five hundred
// without it, by `kohta sim`.
const raced = true
