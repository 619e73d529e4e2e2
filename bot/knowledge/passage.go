package knowledge

import (
	"strings"
	"unicode/utf8"
)

// Passage is the section's text, cut at the end of a sentence so that it has at most about limit characters. Where the
// section is longer, it begins with the block that holds most of the question's words.
func (h Hit) Passage(limit int) string {
	blocks := h.Section.Blocks
	if length(blocks) > limit {
		blocks = blocks[h.bestBlock(limit):]
	}
	var b strings.Builder
	left := limit
	for i, block := range blocks {
		n := utf8.RuneCountInString(block)
		if n > left {
			if i == 0 {
				b.WriteString(cutSentence(block, left))
			}
			break
		}
		if i > 0 {
			b.WriteByte('\n')
			if !listed(block) && !listed(blocks[i-1]) {
				b.WriteByte('\n')
			}
		}
		b.WriteString(block)
		left -= n + 1
	}
	return b.String()
}

func length(blocks []string) int {
	n := 0
	for _, b := range blocks {
		n += utf8.RuneCountInString(b) + 1
	}
	return n
}

func listed(block string) bool {
	return strings.HasPrefix(block, "• ") || len(block) > 0 && block[0] >= '0' && block[0] <= '9' || strings.Contains(strings.SplitN(block, " ", 4)[0], ":")
}

// bestBlock is the first of the blocks with most of the question's words, but 0 if that one is near enough to the
// beginning to be read anyway.
func (h Hit) bestBlock(limit int) int {
	best, most := 0, -1
	for i, b := range h.Section.Blocks {
		found := map[string]bool{}
		words(b, func(w string, _, _ int) {
			if stem := h.st.Stem(w); h.stems[stem] {
				found[stem] = true
			}
		})
		if len(found) > most {
			best, most = i, len(found)
		}
	}
	if length(h.Section.Blocks[:best+1]) <= limit {
		return 0
	}
	return best
}

// cutSentence returns the sentences of s that fit into limit characters, or, where the first does not, its words.
func cutSentence(s string, limit int) string {
	end, space, n := 0, 0, 0
	for i, r := range s {
		if n >= limit {
			break
		}
		n++
		next := i + utf8.RuneLen(r)
		if (r == '.' || r == '?' || r == '!') && (next == len(s) || s[next] == ' ') {
			end = next
		}
		if r == ' ' {
			space = i
		}
	}
	switch {
	case end > 0:
		return s[:end]
	case space > 0:
		return s[:space] + " …"
	}
	return s[:min(len(s), limit)]
}

// Link is where the section can be read, "" where the article says no address. base takes the place of {base}; without
// one, an address that needs it is none.
func (h Hit) Link(base string) string {
	url := h.Article.URL
	if rest, ok := strings.CutPrefix(url, "{base}"); ok {
		if base == "" {
			return ""
		}
		url = strings.TrimSuffix(base, "/") + rest
	}
	if url != "" && h.Section.Anchor != "" {
		url += "#" + h.Section.Anchor
	}
	return url
}

// Name is how a decision names the section: the article's id, and the heading's anchor after #.
func (h Hit) Name() string {
	if h.Section.Anchor == "" {
		return h.Article.ID
	}
	return h.Article.ID + "#" + h.Section.Anchor
}
