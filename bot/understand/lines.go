package understand

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// The labels of the lines that people wrote, in the order of their tags.
var lineLabels = [...]struct {
	name string
	tag  tag
}{
	{"calm", tagNone}, {"frustrated", tagFrustrated}, {"angry", tagAngry}, {"sad", tagSad}, {"urgent", tagUrgent},
	{"sarcastic", tagSarcastic}, {"human_request", tagWish}, {"human_refuse", tagRefuse}, {"crisis", tagCrisis},
}

const (
	lineBits   = 15 // the size of the table of weights, as a power of two
	linePasses = 12
	lineRate   = 1
	lineDecay  = 1e-4
	stemLength = 5
)

// lineModel says which of the labelled lines a message is like, where no words of the lexicons decide: a softmax
// regression over words, beginnings of words, pairs of them and pieces. Immutable; safe for concurrent use.
type lineModel struct {
	rows  string  // a byte with sign for each label of a feature
	scale float32 // of a weight in a row
	bias  [len(lineLabels)]float32
}

// lineTeacher is a lineModel while it learns.
type lineTeacher struct {
	weights [][len(lineLabels)]float32
	worth   []float32 // of each feature: little for those that stand in many lines
	bias    [len(lineLabels)]float32
}

type ownLine struct {
	features []uint32
	label    int // of lineLabels, or ordinary
}

// ordinary is a message of which nobody has said what it carries: it is no danger, and all else is left as it is heard.
const ordinary = -1

// TeachLines learns from a file of lines of a language, "# label" and below it a line for each message; from questions to a
// shop, which are calm where the lexicons hear no feeling in them; and from everyday messages, in which there is no danger;
// beside what the lexicons find in all of them. It returns the weights as they are shipped. The same lines and lexicons
// give the same bytes.
func TeachLines(language, lines string, questions, everyday []string) ([]byte, error) {
	l, err := parseLexicons(lexiconFiles)
	if err != nil {
		return nil, err
	}
	all, err := l.ownLines(language, lines)
	if err != nil {
		return nil, err
	}
	var rd reader
	for _, text := range questions {
		all = append(all, ownLine{l.featuresOf(&rd, language, text), questionLabel(&rd.reading)})
	}
	for _, text := range everyday {
		all = append(all, ownLine{l.featuresOf(&rd, language, text), ordinary})
	}
	t := &lineTeacher{weights: make([][len(lineLabels)]float32, 1<<lineBits), worth: worths(all)}
	t.learn(all)
	return t.pack(), nil
}

// ownLines reads the lines and what the lexicons find in them.
func (l *lexicon) ownLines(language, lines string) ([]ownLine, error) {
	var (
		all   []ownLine
		rd    reader
		label = -1
	)
	for n, text := range strings.Split(lines, "\n") {
		text = strings.TrimSpace(text)
		if name, ok := strings.CutPrefix(text, "# "); ok {
			if label = lineLabel(name); label < 0 {
				return nil, fmt.Errorf("line %d: unknown label %q", n+1, name)
			}
			continue
		}
		if text != "" && label >= 0 {
			all = append(all, ownLine{l.featuresOf(&rd, language, text), label})
		}
	}
	return all, nil
}

// featuresOf reads a message and returns its features.
func (l *lexicon) featuresOf(rd *reader, language, text string) []uint32 {
	rd.analysis.read(text)
	l.read(rd, language)
	rd.reading.settle()
	return l.lineFeatures(rd, nil)
}

// questionLabel is calm, unless the lexicons hear a feeling.
func questionLabel(r *reading) int {
	for _, t := range []tag{tagFrustrated, tagAngry, tagSad, tagUrgent, tagSarcastic} {
		if r.level[t] >= felt {
			return ordinary
		}
	}
	return calmLabel
}

// worths returns the inverse document frequency of each feature, 1 for one that stands in about one line of fifty.
func worths(all []ownLine) []float32 {
	in, last := make([]int, 1<<lineBits), make([]int, 1<<lineBits)
	for i, l := range all {
		for _, f := range l.features {
			if last[f] != i+1 {
				last[f] = i + 1
				in[f]++
			}
		}
	}
	out := make([]float32, 1<<lineBits)
	for f, n := range in {
		out[f] = float32(math.Log(float64(len(all)+1)/float64(n+1)) / math.Log(50))
	}
	return out
}

func lineLabel(name string) int {
	for i, l := range lineLabels {
		if l.name == name {
			return i
		}
	}
	return -1
}

// learn goes over the lines in an order that is shuffled by a fixed seed, with a falling rate.
func (m *lineTeacher) learn(all []ownLine) {
	order := make([]int32, len(all))
	for i := range order {
		order[i] = int32(i)
	}
	seed := uint64(1)
	for pass := range linePasses {
		shuffle(order, &seed)
		rate := float32(lineRate / (1 + 0.2*float64(pass)))
		for _, i := range order {
			m.step(all[i], rate)
		}
	}
}

func (m *lineTeacher) step(l ownLine, rate float32) {
	p := m.shares(l.features)
	wanted := wantedShares(p, l.label)
	scale := float32(1 / math.Sqrt(float64(len(l.features)+1)))
	for k := range p {
		d := float32(wanted[k] - p[k])
		m.bias[k] += float32(rate * d * 0.1)
		d = float32(d * float32(rate*scale))
		for _, f := range l.features {
			w := &m.weights[f][k]
			*w += float32(d*m.worth[f]) - float32(*w*float32(rate*lineDecay))
		}
	}
}

// wantedShares are what a line should have instead of the shares p: all for its label. In what is ordinary all but danger
// share it as they stand to one another.
func wantedShares(p [len(lineLabels)]float64, label int) (wanted [len(lineLabels)]float64) {
	if label != ordinary {
		wanted[label] = 1
		return wanted
	}
	left := 1 - p[dangerLabel]
	if left <= 0 { // nothing was left for the others to share
		wanted[calmLabel] = 1
		return wanted
	}
	for k := range p {
		if k != dangerLabel {
			wanted[k] = p[k] / left
		}
	}
	return wanted
}

func (m *lineTeacher) shares(features []uint32) [len(lineLabels)]float64 {
	var sum [len(lineLabels)]float32
	for _, f := range features {
		w := &m.weights[f]
		for k := range sum {
			sum[k] += float32(w[k] * m.worth[f])
		}
	}
	return lineShares(sum, m.bias, len(features))
}

// pack writes the weights in one byte each: their scale, the bias of each label, and the rows.
func (m *lineTeacher) pack() []byte {
	most := float32(1e-9)
	for i := range m.weights {
		for k := range m.weights[i] {
			m.weights[i][k] *= m.worth[i]
			most = max(most, m.weights[i][k], -m.weights[i][k])
		}
	}
	scale := most / 127
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale))
	for _, b := range m.bias {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(b))
	}
	for i := range m.weights {
		for _, w := range m.weights[i] {
			out = append(out, byte(int8(math.Round(float64(w)/float64(scale)))))
		}
	}
	return out
}

const lineHead = 4 + 4*len(lineLabels)

// readLineModel reads what TeachLines wrote; the weights stay where they are in data. nil where it is broken.
func readLineModel(data string) *lineModel {
	if len(data) != lineHead+len(lineLabels)<<lineBits {
		return nil
	}
	word := func(i int) float32 {
		return math.Float32frombits(uint32(data[4*i]) | uint32(data[4*i+1])<<8 | uint32(data[4*i+2])<<16 | uint32(data[4*i+3])<<24)
	}
	m := &lineModel{scale: word(0), rows: data[lineHead:]}
	for k := range m.bias {
		m.bias[k] = word(k + 1)
	}
	return m
}

// shares returns how likely each label is.
func (m *lineModel) shares(features []uint32) [len(lineLabels)]float64 {
	var whole [len(lineLabels)]int32
	for _, f := range features {
		r := m.rows[int(f)*len(lineLabels):][:len(lineLabels)]
		for k := range whole {
			whole[k] += int32(int8(r[k]))
		}
	}
	var sum [len(lineLabels)]float32
	for k := range sum {
		sum[k] = float32(float32(whole[k]) * m.scale)
	}
	p := lineShares(sum, m.bias, len(features))
	if n := len(features); n > longLine { // what adds up by chance grows with the root of the length, and must not pass for more
		danger, less := p[dangerLabel], float32(math.Sqrt(longLine/float64(n)))
		for k := range sum {
			sum[k] *= less
		}
		p = lineShares(sum, m.bias, n)
		p[dangerLabel] = max(p[dangerLabel], danger) // rather once too often
	}
	return p
}

func lineShares(sum, bias [len(lineLabels)]float32, features int) [len(lineLabels)]float64 {
	scale := float32(1 / math.Sqrt(float64(features+1)))
	var p [len(lineLabels)]float64
	top := math.Inf(-1)
	for k := range sum {
		p[k] = float64(float32(sum[k]*scale) + bias[k])
		top = max(top, p[k])
	}
	total := 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		total += p[k]
	}
	for k := range p {
		p[k] /= total
	}
	return p
}

// longLine is how many features a message of about twenty words has, longer than nearly all lines that were learned from.
const longLine = 300

// weight is what a feature speaks for a label.
func (m *lineModel) weight(feature uint32, label int) int {
	return int(int8(m.rows[int(feature)*len(lineLabels)+label]))
}

// maxLineWords bounds how much of a message is compared with the lines.
const maxLineWords = 120

// lineFeatures appends the features of a message to buf: of its words, and of what the lexicons found in it.
func (l *lexicon) lineFeatures(rd *reader, buf []uint32) []uint32 {
	return l.readFeatures(rd, wordFeatures(&rd.analysis, buf))
}

func wordFeatures(a *analysis, buf []uint32) []uint32 {
	before := uint32(lineStart)
	words := 0
	for i := range a.toks {
		w := a.fold(i)
		if a.toks[i].kind == mark && w[0] != '!' && w[0] != '?' && w[0] != '"' {
			continue
		}
		if words++; words > maxLineWords {
			break
		}
		if w[0] >= '0' && w[0] <= '9' {
			w = []byte("0")
		}
		stem := w[:min(len(w), stemLength)]
		buf = append(buf, lineSlot('w', w), lineSlot('s', stem), lineSlot('p', stem)^before)
		before = lineSlot('p', stem) * 31 & (1<<lineBits - 1)
		buf = linePieces(w, buf)
	}
	return buf
}

const (
	shortPiece = 3
	longPiece  = 4
	maxPieced  = 40 // letters of a word that are cut
)

// linePieces appends the pieces of three and four letters of a word with its edges, so that endings, compounds and slips
// of the keys are known again.
func linePieces(w []byte, buf []uint32) []uint32 {
	if len(w) < shortPiece {
		return buf
	}
	var edged [maxPieced + 2]byte
	x := append(edged[:0], '<')
	x = append(x, w[:min(len(w), maxPieced)]...)
	x = append(x, '>')
	for n := shortPiece; n <= longPiece; n++ {
		for j := 0; j+n <= len(x); j++ {
			buf = append(buf, lineSlot('c', x[j:j+n]))
		}
	}
	return buf
}

const lineStart = 0x811c9dc5 & (1<<lineBits - 1)

// lineSlot is the place of a feature in the table: FNV-1a of its kind and letters.
func lineSlot(kind byte, w []byte) uint32 {
	h := (uint32(2166136261) ^ uint32(kind)) * 16777619
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	return (h ^ h>>lineBits) & (1<<lineBits - 1)
}
