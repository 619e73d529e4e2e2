package understand

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed shipped
var shippedFiles embed.FS

// Shipped is what the house has learned beforehand from public data: how words are used, how sure to be. The files in
// shipped are made by bot/understand/fit; docs/data.md names the data. Immutable.
type Shipped struct {
	vectors map[string]*vectors // by language
	moods   map[string]*moods   // by language
	rich    *trust              // of languages with vectors
	poor    *trust              // of those without
}

// builtIn reads the embedded files, once. The vectors stay where they are in the program.
var builtIn = sync.OnceValues(func() (*Shipped, error) {
	sub, err := fs.Sub(shippedFiles, "shipped")
	if err != nil {
		return nil, err
	}
	return ReadShipped(sub)
})

// ReadShipped reads a folder of shipped files. A file of vectors or weights that is not there is left out; a broken
// one is an error.
func ReadShipped(fsys fs.FS) (*Shipped, error) {
	s := &Shipped{vectors: map[string]*vectors{}, moods: map[string]*moods{}, rich: &trust{}, poor: &trust{}}
	if err := s.readBytes(fsys); err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(fsys, "confidence.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the confidence's weights: %w", err)
	}
	if s.rich, s.poor, err = readTrust(string(text)); err != nil {
		return nil, fmt.Errorf("confidence.txt: %w", err)
	}
	return s, nil
}

// readBytes reads what is used in place.
func (s *Shipped) readBytes(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "*.*.k[vm]")
	if err != nil {
		return fmt.Errorf("list what is shipped: %w", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read what is shipped: %w", err)
		}
		what, rest, _ := strings.Cut(name, ".")
		language, _, _ := strings.Cut(rest, ".")
		switch what {
		case "vectors":
			s.vectors[language] = readVectors(data)
		case "moods":
			s.moods[language] = readMoods(language, data)
		}
		if what == "vectors" && s.vectors[language] == nil || what == "moods" && s.moods[language] == nil {
			return fmt.Errorf("%s is broken", name)
		}
	}
	return nil
}

func (s *Shipped) trust(vectors bool) *trust {
	if vectors {
		return s.rich
	}
	return s.poor
}
