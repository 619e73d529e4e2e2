//go:build race

package mask_test

const slower = 10
