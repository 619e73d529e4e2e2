package understand

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
)

//go:embed groups
var groupFiles embed.FS

// groupDoubt is how much less sure the bot is where words have groups: a stranger's words look familiar then. It is the
// figure with which the confidence of 0.35 keeps three of four messages out of scope away, over four parts of the
// training part of the intent sets in testdata (TestGroupDoubt).
const groupDoubt = 0.8

// doubting is t with groupDoubt.
func (t *trust) doubting() *trust {
	return &trust{bias: t.bias - groupDoubt, weight: t.weight}
}

// groups are words that mean the same to customers, of one language: with few examples a bot would have to have seen
// each of them. A word's groups are features beside the word. Immutable; safe for concurrent use.
type groups struct {
	stems    map[string][]uint16
	prefixes []groupPrefix
}

type groupPrefix struct {
	text  string
	group uint16
}

// groupsOf returns the groups of a language, nil where there are none.
func groupsOf(language string) *groups {
	switch language {
	case "fi":
		return finnishGroups()
	case "sv":
		return swedishGroups()
	}
	return nil
}

var (
	finnishGroups = sync.OnceValue(func() *groups { return readGroups("fi") })
	swedishGroups = sync.OnceValue(func() *groups { return readGroups("sv") })
)

func readGroups(language string) *groups {
	raw, err := groupFiles.ReadFile("groups/" + language + ".txt")
	if err != nil {
		panic(err) // they are compiled in
	}
	g := &groups{stems: map[string][]uint16{}}
	c := &cutter{style: styleOf(language), env: snowballstem.NewEnv("")} // without the groups that are being made
	var a analysis
	n := uint16(0)
	for line := range strings.Lines(string(raw)) {
		_, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		n++
		for w := range strings.FieldsSeq(list) {
			stem, all := strings.CutSuffix(w, "*")
			if a.read(stem); len(a.toks) != 1 {
				continue
			}
			if all {
				g.prefixes = append(g.prefixes, groupPrefix{string(a.fold(0)), n})
				continue
			}
			key := c.stemOf(a.fold(0))
			g.stems[key] = append(g.stems[key], n)
		}
	}
	return g
}

// Bounds of the parts of words that are looked for, in bytes.
const (
	shortestPart  = 4
	shortestFirst = 3
	longestEnd    = 4
)

// find calls f with each group of a folded word whose stem is given.
func (g *groups) find(folded []byte, stem string, f func(group uint16)) {
	list := g.stems[stem]
	for n := len(folded) - 1; list == nil && n >= max(shortestPart, len(folded)-longestEnd); n-- {
		list = g.stems[string(folded[:n])] // an ending that the stemmer left
	}
	for i := shortestFirst; list == nil && i <= len(stem)-shortestPart; i++ {
		list = g.stems[stem[i:]] // the last part of a compound
	}
	for _, n := range list {
		f(n)
	}
	for _, p := range g.prefixes {
		if len(folded) >= len(p.text) && string(folded[:len(p.text)]) == p.text {
			f(p.group)
		}
	}
}

// groupsBy returns the groups of a folded word whose stem is given. They are c's own until its next use.
func (c *cutter) groupsBy(w []byte, stem string) []uint16 {
	c.found = c.found[:0]
	if c.groups != nil && len(w) > 2 {
		c.groups.find(w, stem, func(g uint16) { c.found = append(c.found, g) })
	}
	return c.found
}

// maxMeets bounds how many groups of a message count.
const maxMeets = 10

// meet adds the groups of a word to those of a message.
func meet(meets, of []uint16) []uint16 {
	for _, g := range of {
		if len(meets) < maxMeets && !slices.Contains(meets, g) {
			meets = append(meets, g)
		}
	}
	return meets
}

// eachMeeting names each group of a message, and each two of them, in whatever order they stand: a delivery and a price,
// a card and twice.
func eachMeeting(meets []uint16, f func(id uint64)) {
	for i, g := range meets {
		f(hashByte(hashByte(hashStart, 5), byte(g)))
		for _, h := range meets[:i] {
			f(hashByte(hashByte(hashByte(hashStart, 6), byte(min(g, h))), byte(max(g, h))))
		}
	}
}
