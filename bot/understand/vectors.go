package understand

import (
	"encoding/binary"
	"math"
)

// vectors say of words how they are used: words that stand among the same words have like vectors. They are read in
// place from a shipped file, which bot/understand/fit makes; see docs/data.md. Immutable.
//
// The file: "KV1\n", the number of words and of dimensions (uint32 each), the words' hashes in rising order (uint32),
// each word's weight (one byte, of 255), each word's vector (one int8 a dimension, of length vectorScale), and the
// vector of an ordinary message (one int8 a dimension), which is taken away from all.
type vectors struct {
	count, dims int
	keys        []byte
	weights     []byte
	rows        []byte
	usual       []byte
}

const (
	vectorMagic = "KV1\n"
	vectorScale = 300
)

// readVectors returns nil if data is no file of vectors.
func readVectors(data []byte) *vectors {
	if len(data) < 12 || string(data[:4]) != vectorMagic {
		return nil
	}
	v := &vectors{count: int(binary.LittleEndian.Uint32(data[4:])), dims: int(binary.LittleEndian.Uint32(data[8:]))}
	data = data[12:]
	if len(data) != v.count*(5+v.dims)+v.dims {
		return nil
	}
	v.keys, data = data[:4*v.count], data[4*v.count:]
	v.weights, data = data[:v.count], data[v.count:]
	v.rows, v.usual = data[:v.count*v.dims], data[v.count*v.dims:]
	return v
}

func vectorKey(word []byte) uint32 {
	h := hashBytes(hashStart, word)
	return uint32(h>>32) ^ uint32(h)
}

// find returns the place of a word, -1 if it has none.
func (v *vectors) find(word []byte) int {
	key := vectorKey(word)
	lo, hi := 0, v.count
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if binary.LittleEndian.Uint32(v.keys[4*mid:]) < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < v.count && binary.LittleEndian.Uint32(v.keys[4*lo:]) == key {
		return lo
	}
	return -1
}

// message fills out, of v.dims places, with a message's direction, of length 1: its words' vectors, the rarer the
// heavier, without what all messages have in common. All is 0 if none has a vector.
func (v *vectors) message(words [][]byte, out []float32) {
	clear(out)
	for _, word := range words {
		at := v.find(word)
		if at < 0 {
			continue
		}
		w := float32(v.weights[at])
		row := v.rows[at*v.dims:][:len(out)]
		for d := range out {
			out[d] += float32(w * float32(int8(row[d])))
		}
	}
	if !unit(out) {
		return
	}
	for d := range out {
		out[d] -= float32(int8(v.usual[d])) / vectorScale
	}
	unit(out)
}

// unit gives x the length 1, unless it has none.
func unit(x []float32) bool {
	sum := float32(0)
	for _, y := range x {
		sum += float32(y * y)
	}
	if sum == 0 {
		return false
	}
	scale := float32(1 / math.Sqrt(float64(sum)))
	for d := range x {
		x[d] *= scale
	}
	return true
}
