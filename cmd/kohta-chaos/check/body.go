package check

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// Body is what a client puts into every message, beside words: who sent it, into which conversation, as its how many-eth.
type Body struct {
	Sender       string // name of the participant
	Conversation string // Tag of where it was meant to go; NoTag where the sender named none
	Number       int    // each sender counts its own from 1
}

// NoTag stands in a body whose sender named no conversation.
const NoTag = "none"

// Mark is in every text that is written for a chaos run.
const Mark = " [chaos "

const closing = "]"

// errTorn is the error of a text that is not what some client wrote.
var errTorn = errors.New("the checksum is wrong")

// Write puts a body behind words. The words have no bracket in them. Long rows of digits, which the desk would hide as card numbers, do not come up.
func Write(words string, b Body) string {
	inner := b.Sender + " " + b.Conversation + " " + strconv.Itoa(b.Number)
	return words + Mark + inner + " " + letters(crc32.ChecksumIEEE([]byte(words+inner))) + closing
}

// Read returns the body of a text. It fails on a text without one, and on one of which anything was changed.
func Read(text string) (Body, error) {
	words, rest, found := strings.Cut(text, Mark)
	rest, ended := strings.CutSuffix(rest, closing)
	fields := strings.Fields(rest)
	if !found || !ended || len(fields) != 4 {
		return Body{}, fmt.Errorf("no body in %q", text)
	}
	n, err := strconv.Atoi(fields[2])
	b := Body{Sender: fields[0], Conversation: fields[1], Number: n}
	if err != nil || Write(words, b) != text {
		return Body{}, errTorn
	}
	return b, nil
}

// Tag is a conversation's id in a few letters.
func Tag(conversation string) string {
	if conversation == "" {
		return NoTag
	}
	return letters(crc32.ChecksumIEEE([]byte(conversation)))
}

func letters(n uint32) string {
	var b [8]byte
	for i := range b {
		b[i] = 'a' + byte(n>>(4*i)&15)
	}
	return string(b[:])
}
