//go:build !race

package whatif

const raced = false
