// Package report writes what was measured into tables of a document, each between two marks. A row is known by its first cell: what
// was measured again takes the place of what was there, and the rest stays.
package report

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// Table is one table of the document, found by its name: <!-- chaos NAME --> and <!-- end of chaos NAME -->.
type Table struct {
	Name string
	Head []string
	Rows [][]string
}

// Into writes tables into a document. Every table must have its two marks there, in this order.
func Into(path string, tables ...Table) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if text, err = t.put(text); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return os.WriteFile(path, text, 0o644)
}

// put replaces what stands between the marks.
func (t Table) put(text []byte) ([]byte, error) {
	opening, closing := "<!-- chaos "+t.Name+" -->\n", "<!-- end of chaos "+t.Name+" -->"
	before, rest, found := bytes.Cut(text, []byte(opening))
	old, after, ended := bytes.Cut(rest, []byte(closing))
	if !found || !ended {
		return nil, fmt.Errorf("there is no table between the marks %q and %q", strings.TrimSpace(opening), closing)
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(opening)
	line(&b, t.Head)
	rule := make([]string, len(t.Head))
	for i := range rule {
		rule[i] = "---"
	}
	line(&b, rule)
	for _, row := range merge(rowsOf(string(old)), t.Rows) {
		line(&b, row)
	}
	b.WriteString(closing)
	b.Write(after)
	return b.Bytes(), nil
}

// rowsOf reads the rows of a table, without its head.
func rowsOf(text string) (rows [][]string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, l := range lines[min(2, len(lines)):] {
		cells := strings.Split(strings.Trim(l, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// merge puts new rows in the place of old ones of the same name, and the others behind.
func merge(old, rows [][]string) [][]string {
next:
	for _, r := range rows {
		for i, o := range old {
			if o[0] == r[0] {
				old[i] = r
				continue next
			}
		}
		old = append(old, r)
	}
	return old
}

func line(b *bytes.Buffer, cells []string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.ReplaceAll(c, "|", "/"), "\n", " ")
	}
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}
