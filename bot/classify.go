package bot

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/kohta/kohta/bot/understand"
)

// maxLine bounds a line of Classify, in bytes; a longer one is bad input.
const maxLine = 1 << 20

// Classify writes what the bot understands of each line of in, one JSON object a line, in order, a line for a line;
// for what cannot be read {"error":"bad_input"}. A line that begins with { is JSON with text, language and before.
func Classify(b *Bot, in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 64<<10)
	w := bufio.NewWriterSize(out, 64<<10)
	for {
		line, long, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read a line: %w", err)
		}
		atEnd := errors.Is(err, io.EOF)
		if atEnd && len(line) == 0 && !long {
			break
		}
		answer := []byte(`{"error":"bad_input"}`)
		if !long {
			answer = b.classifyLine(bytes.TrimSuffix(line, []byte("\r")))
		}
		if _, err := w.Write(append(answer, '\n')); err != nil {
			return fmt.Errorf("write a line: %w", err)
		}
		if atEnd {
			break
		}
		if r.Buffered() == 0 { // whoever talks line by line gets an answer at once
			if err := w.Flush(); err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the last lines: %w", err)
	}
	return nil
}

// readLine reads to the next newline and leaves that out. A line over the bound is read to its end and not kept.
func readLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > maxLine {
			line, long = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSuffix(line, []byte("\n")), long, err
		}
	}
}

// question is a line in JSON.
type question struct {
	Text     *string           `json:"text"`
	Language *string           `json:"language"`
	Before   []understand.Turn `json:"before"`
}

func (b *Bot) classifyLine(line []byte) []byte {
	bad := []byte(`{"error":"bad_input"}`)
	if len(bytes.TrimSpace(line)) == 0 || !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return bad
	}
	q := understand.Query{Text: string(line)}
	if line[0] == '{' {
		var in question
		if err := json.Unmarshal(line, &in); err != nil || in.Text == nil || strings.TrimSpace(*in.Text) == "" || strings.Contains(*in.Text, "\x00") {
			return bad
		}
		q = understand.Query{Text: *in.Text, Before: in.Before}
		if in.Language != nil {
			q.Language = *in.Language
		}
	}
	answer, err := json.Marshal(b.model.Classify(q))
	if err != nil {
		return bad
	}
	return answer
}
