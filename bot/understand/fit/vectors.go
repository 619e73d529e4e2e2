package main

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/kohta/kohta/bot/understand"
)

// Word vectors: positive pointwise mutual information of the words that stand near each other in unlabelled messages
// (with the contexts' counts smoothed, Levy, Goldberg and Dagan, TACL 2015), and of it the greatest singular vectors,
// found by random projection (Halko, Martinsson and Tropp, SIAM Review 2011).
const (
	dims      = 100
	extra     = 20 // directions beside, for exactness
	rounds    = 4  // of power iteration
	leastSeen = 3  // how often a word must occur
	window    = 10 // words to each side that are near
	smoothing = 0.75
	rarity    = 1e-3 // of a word that counts half (Arora, Liang and Ma, ICLR 2017)
	scale     = 300  // of a vector of length 1 in its file
)

type entry struct {
	at    int32
	value float32
}

type vocabulary struct {
	words []string
	count []float64
	at    map[string]int32
	total float64
}

func readVocabulary(lines [][]string) *vocabulary {
	count := map[string]float64{}
	total := 0.0
	for _, l := range lines {
		for _, w := range l {
			count[w]++
			total++
		}
	}
	v := &vocabulary{at: map[string]int32{}, total: total}
	for w, n := range count {
		if n >= leastSeen {
			v.words = append(v.words, w)
		}
	}
	slices.Sort(v.words)
	for i, w := range v.words {
		v.at[w] = int32(i)
		v.count = append(v.count, count[w])
	}
	return v
}

// near counts how often words stand near each other, the nearer the more.
func (v *vocabulary) near(lines [][]string) []map[int32]float32 {
	pairs := make([]map[int32]float32, len(v.words))
	for i := range pairs {
		pairs[i] = map[int32]float32{}
	}
	for _, l := range lines {
		for i, w := range l {
			a, ok := v.at[w]
			if !ok {
				continue
			}
			for j := i + 1; j < len(l) && j <= i+window; j++ {
				if b, ok := v.at[l[j]]; ok {
					pairs[a][b] += 1 / float32(j-i)
					pairs[b][a] += 1 / float32(j-i)
				}
			}
		}
	}
	return pairs
}

// information turns the counts into positive pointwise mutual information, rows in order.
func information(pairs []map[int32]float32) [][]entry {
	n := len(pairs)
	rows, sums := make([][]entry, n), make([]float64, n)
	for i, p := range pairs {
		for j, x := range p {
			rows[i] = append(rows[i], entry{j, x})
		}
		slices.SortFunc(rows[i], func(a, b entry) int { return cmp.Compare(a.at, b.at) })
		for _, e := range rows[i] {
			sums[i] += float64(e.value)
		}
	}
	total, smooth := 0.0, 0.0
	for _, s := range sums {
		total += s
		smooth += math.Pow(s, smoothing)
	}
	for i := range rows {
		kept := rows[i][:0]
		for _, e := range rows[i] {
			expected := sums[i] * math.Pow(sums[e.at], smoothing) / smooth
			if x := math.Log(float64(e.value) / expected); x > 0 {
				kept = append(kept, entry{e.at, float32(x)})
			}
		}
		rows[i] = kept
	}
	return rows
}

// times returns the symmetric sparse matrix × x, where x has width columns, row by row.
func times(rows [][]entry, x []float32, width int) []float32 {
	out := make([]float32, len(rows)*width)
	for i, row := range rows {
		to := out[i*width:][:width]
		for _, e := range row {
			from := x[int(e.at)*width:][:width]
			for d := range to {
				to[d] += float32(e.value * from[d])
			}
		}
	}
	return out
}

// orthonormal makes the columns of x orthogonal and of length 1 (modified Gram-Schmidt, twice).
func orthonormal(x []float32, n, width int) {
	col := make([][]float64, width)
	for d := range col {
		col[d] = make([]float64, n)
		for i := range n {
			col[d][i] = float64(x[i*width+d])
		}
	}
	for d := range col {
		for range 2 {
			for e := range d {
				axpy(col[d], col[e], -dot(col[d], col[e]))
			}
		}
		if l := math.Sqrt(dot(col[d], col[d])); l > 0 {
			for i := range col[d] {
				col[d][i] /= l
			}
		}
		for i := range n {
			x[i*width+d] = float32(col[d][i])
		}
	}
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += float64(a[i] * b[i])
	}
	return s
}

func axpy(to, x []float64, k float64) {
	for i := range to {
		to[i] += float64(k * x[i])
	}
}

// decompose returns the words' vectors: the greatest eigenvectors, each weighed by the root of its eigenvalue's size.
func decompose(rows [][]entry) []float32 {
	n, width := len(rows), dims+extra
	x := make([]float32, n*width)
	seed := uint64(1)
	for i := range x {
		seed = seed*6364136223846793005 + 1442695040888963407
		x[i] = float32(int64(seed>>33)-1<<30) / (1 << 30)
	}
	for range rounds {
		x = times(rows, x, width)
		orthonormal(x, n, width)
	}
	y := times(rows, x, width)
	small := make([][]float64, width) // xᵀ·rows·x
	for a := range small {
		small[a] = make([]float64, width)
	}
	for i := range n {
		xr, yr := x[i*width:][:width], y[i*width:][:width]
		for a := range width {
			for b := range width {
				small[a][b] += float64(float64(xr[a]) * float64(yr[b]))
			}
		}
	}
	values, vectors := eigen(small)
	order := make([]int, width)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(values[b]), math.Abs(values[a])) })
	out := make([]float32, n*dims)
	for i := range n {
		xr := x[i*width:][:width]
		for d := range dims {
			k := order[d]
			s := 0.0
			for a := range width {
				s += float64(float64(xr[a]) * vectors[a][k])
			}
			out[i*dims+d] = float32(s * math.Sqrt(math.Abs(values[k])))
		}
	}
	return out
}

// eigen returns the eigenvalues and, in columns, the eigenvectors of a symmetric matrix, by Jacobi's rotations.
func eigen(a [][]float64) ([]float64, [][]float64) {
	n := len(a)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
		for j := range i {
			a[i][j] = (a[i][j] + a[j][i]) / 2
			a[j][i] = a[i][j]
		}
	}
	for range 12 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				if math.Abs(a[p][q]) > 1e-12 {
					rotate(a, v, p, q)
				}
			}
		}
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = a[i][i]
	}
	return values, v
}

func rotate(a, v [][]float64, p, q int) {
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	for k := range a {
		x, y := a[k][p], a[k][q]
		a[k][p], a[k][q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range a {
		x, y := a[p][k], a[q][k]
		a[p][k], a[q][k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
		x, y = v[k][p], v[k][q]
		v[k][p], v[k][q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}

// makeVectors returns the file of vectors of the words in lines.
func makeVectors(lines [][]string) []byte {
	v := readVocabulary(lines)
	x := decompose(information(v.near(lines)))
	for i := range v.words {
		normalise(x[i*dims:][:dims])
	}
	order := make([]int, len(v.words))
	keys := make([]uint32, len(v.words))
	for i, w := range v.words {
		order[i], keys[i] = i, understand.VectorKey(w)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	out := binary.LittleEndian.AppendUint32([]byte("KV1\n"), uint32(len(order)))
	out = binary.LittleEndian.AppendUint32(out, dims)
	for _, i := range order {
		out = binary.LittleEndian.AppendUint32(out, keys[i])
	}
	for _, i := range order {
		out = append(out, byte(255*v.weight(i)+0.5))
	}
	for _, i := range order {
		out = appendRow(out, x[i*dims:][:dims])
	}
	return appendRow(out, v.usual(lines, x))
}

// weight is how much a word says: the rarer, the more.
func (v *vocabulary) weight(i int) float64 { return rarity / (rarity + v.count[i]/v.total) }

// usual is the mean direction of the messages.
func (v *vocabulary) usual(lines [][]string, x []float32) []float32 {
	mean, one := make([]float32, dims), make([]float32, dims)
	n := float32(0)
	for _, l := range lines {
		clear(one)
		for _, w := range l {
			if i, ok := v.at[w]; ok {
				for d := range one {
					one[d] += float32(float32(v.weight(int(i))) * x[int(i)*dims+d])
				}
			}
		}
		normalise(one)
		for d := range mean {
			mean[d] += one[d]
		}
		n++
	}
	for d := range mean {
		mean[d] /= n
	}
	return mean
}

func normalise(x []float32) {
	s := 0.0
	for _, y := range x {
		s += float64(float64(y) * float64(y))
	}
	if s > 0 {
		k := float32(1 / math.Sqrt(s))
		for d := range x {
			x[d] *= k
		}
	}
}

func appendRow(out []byte, row []float32) []byte {
	for _, y := range row {
		out = append(out, byte(int8(math.Round(float64(max(-127, min(127, y*scale)))))))
	}
	return out
}
