package understand

import "slices"

// lexeme is one word of the lexicons as it is written there: as it stands, with any continuation, or inflected.
type lexeme uint16

type endKind uint8

const (
	whole     endKind = iota // the word itself
	anyEnd                   // the word and whatever follows
	inflected                // the word and an ending of its language
)

// ending is what a node of the trie stands for.
type ending struct {
	id    lexeme
	kind  endKind
	typo  bool // may be misspelt
	speak uint8
}

// trie finds all lexemes that a word may be. Built once, then immutable.
type trie struct {
	nodes []trieNode
}

type trieNode struct {
	letters string // of the children, sorted
	kids    []int32
	ends    []ending
	typo    bool // a word that may be misspelt lies below
}

func newTrie() *trie { return &trie{nodes: make([]trieNode, 1)} }

func (t *trie) add(w string, e ending) {
	at := int32(0)
	for i := range len(w) {
		if e.typo {
			t.nodes[at].typo = true
		}
		at = t.grow(at, w[i])
	}
	n := &t.nodes[at]
	n.typo = n.typo || e.typo
	if !slices.Contains(n.ends, e) {
		n.ends = append(n.ends, e)
	}
}

// grow returns the child of a node by a letter, made if missing.
func (t *trie) grow(at int32, letter byte) int32 {
	if kid := t.child(at, letter); kid >= 0 {
		return kid
	}
	kid := int32(len(t.nodes))
	t.nodes = append(t.nodes, trieNode{})
	n := &t.nodes[at]
	i := 0
	for i < len(n.letters) && n.letters[i] < letter {
		i++
	}
	n.letters = n.letters[:i] + string([]byte{letter}) + n.letters[i:]
	n.kids = slices.Insert(n.kids, i, kid)
	return kid
}

// child returns -1 where there is none.
func (t *trie) child(at int32, letter byte) int32 {
	n := &t.nodes[at]
	for i := range len(n.letters) {
		if n.letters[i] == letter {
			return n.kids[i]
		}
	}
	return -1
}

// find appends the lexemes that w is, each once.
func (t *trie) find(w []byte, ids []lexeme) []lexeme {
	from := len(ids)
	at := int32(0)
	for i := 0; ; i++ {
		for _, e := range t.nodes[at].ends {
			if e.fits(w[i:]) && !slices.Contains(ids[from:], e.id) {
				ids = append(ids, e.id)
			}
		}
		if i == len(w) {
			return ids
		}
		if at = t.child(at, w[i]); at < 0 {
			return ids
		}
	}
}

func (e ending) fits(rest []byte) bool {
	switch e.kind {
	case anyEnd:
		return true
	case inflected:
		return len(rest) == 0 || isEnding(e.speak, rest)
	}
	return len(rest) == 0
}

// Words shorter than minTypo letters are taken as they are written; longer than maxTypo, nobody means them.
const (
	minTypo = 5
	maxTypo = 32
)

// findMisspelt appends the lexemes that w is but for one letter: missing, added, changed, or two that changed places.
// The first letter must be right.
func (t *trie) findMisspelt(w []byte, ids []lexeme) []lexeme {
	if len(w) < minTypo || len(w) > maxTypo {
		return ids
	}
	at := int32(0)
	for i := range len(w) {
		if at = t.child(at, w[i]); at < 0 || !t.nodes[at].typo {
			return ids
		}
		ids = t.oneWrong(at, w, i+1, ids)
	}
	return ids
}

// oneWrong follows w from letter i on with exactly one mistake at i.
func (t *trie) oneWrong(at int32, w []byte, i int, ids []lexeme) []lexeme {
	n := &t.nodes[at]
	if i < len(w) {
		ids = t.follow(at, w, i+1, ids) // one too many
	}
	for k, kid := range n.kids {
		if !t.nodes[kid].typo {
			continue
		}
		ids = t.follow(kid, w, i, ids) // one missing
		if i < len(w) && n.letters[k] != w[i] {
			ids = t.follow(kid, w, i+1, ids) // another
			if i+1 < len(w) && n.letters[k] == w[i+1] {
				if next := t.child(kid, w[i]); next >= 0 {
					ids = t.follow(next, w, i+2, ids) // changed places
				}
			}
		}
	}
	return ids
}

// follow walks on without a further mistake.
func (t *trie) follow(at int32, w []byte, i int, ids []lexeme) []lexeme {
	for ; ; i++ {
		n := &t.nodes[at]
		for _, e := range n.ends {
			if e.typo && i >= minTypo-1 && e.fits(w[i:]) && !slices.Contains(ids, e.id) {
				ids = append(ids, e.id)
			}
		}
		if i >= len(w) {
			return ids
		}
		if at = t.child(at, w[i]); at < 0 || !t.nodes[at].typo {
			return ids
		}
	}
}
