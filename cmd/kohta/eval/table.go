package eval

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// Write prints the sections as a page of Markdown.
func Write(w io.Writer, sections []Section) error {
	var b strings.Builder
	b.WriteString(head)
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n", s.Name)
		if len(s.Missing) > 0 {
			fmt.Fprintf(&b, "Not measured: %s not in the data folder.\n", strings.Join(s.Missing, ", "))
			continue
		}
		writeFigures(&b, s.Figures)
		if s.Text != "" {
			fmt.Fprintf(&b, "\n%s", s.Text)
		}
	}
	writeMissed(&b, sections)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMissed lists the targets that are missed, by how much, and why.
func writeMissed(b *strings.Builder, sections []Section) {
	missed := Missed(sections)
	if len(missed) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Targets missed: %d\n", len(missed))
	for _, s := range sections {
		gaps := ""
		for _, f := range s.Figures {
			if !f.Met() {
				gaps += fmt.Sprintf("- %s: %s, wanted %s\n", f.Name, f.show(f.Value), f.bound(f.Target))
			}
		}
		if gaps != "" {
			fmt.Fprintf(b, "\n**%s**\n\n%s", s.Name, gaps)
		}
		if gaps != "" && s.Why != "" {
			fmt.Fprintf(b, "\n%s", s.Why)
		}
	}
}

func writeFigures(b *strings.Builder, figures []Figure) {
	b.WriteString("| measure | known of others | here | target | met | stretch |\n|---|---|---|---|---|---|\n")
	for _, f := range figures {
		met := "–"
		if !math.IsNaN(f.Target) {
			met = "**no**"
			if f.Met() {
				met = "yes"
			}
		}
		stretch := f.show(f.Stretch)
		if !math.IsNaN(f.Stretch) && f.reaches(f.Stretch) {
			stretch += " ✓"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", f.Name, f.Known, f.show(f.Value), f.bound(f.Target), met, stretch)
	}
}

func (f Figure) show(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case f.Unit == "%":
		return fmt.Sprintf("%.*f", f.Digits, 100*x)
	case f.Unit != "":
		return fmt.Sprintf("%.*f %s", f.Digits, x, f.Unit)
	}
	return fmt.Sprintf("%.*f", f.Digits, x)
}

func (f Figure) bound(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	if f.Less {
		return "≤ " + f.show(x)
	}
	return "≥ " + f.show(x)
}

const head = `# What the bot understands

Measured on the validation lines of the public sets that [data.md](data.md) names, with the settings a bot has by default, by

    kohta bot eval --data DIR

which writes this page. Shares are of a hundred. A message in scope that is rejected counts as wrong. The weights that
say how sure the bot is were fitted with these validation lines among others (twenty-two of them for each kind of
language), and the word vectors were made of the sets' training texts without their labels; nothing was fitted on the
public test parts, which are for those who judge. One set of a thousand lines tells a share to about ± 1.5.
`
