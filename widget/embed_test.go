package widget

import (
	"bytes"
	"io/fs"
	"testing"
)

func TestDistHasWhatIsServed(t *testing.T) {
	for _, name := range []string{"widget.js", "index.html", "app.js", "app.css", "fi.js", "sv.js", "en.js"} {
		b, err := fs.ReadFile(Dist(), name)
		if err != nil || len(b) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

// A host page may have any charset.
func TestLoaderIsASCII(t *testing.T) {
	b, err := fs.ReadFile(Dist(), "widget.js")
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.IndexFunc(b, func(r rune) bool { return r > 0x7e || r < 0x20 && r != '\n' && r != '\t' }); i >= 0 {
		t.Errorf("byte %d is not plain ASCII", i)
	}
}

// The frame's policy forbids what stands in the page itself.
func TestPageHasNothingInline(t *testing.T) {
	b, err := fs.ReadFile(Dist(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Replace(b, []byte(`<link rel="icon" href="data:,">`), nil, 1) // no icon, so that none is asked for
	for _, bad := range []string{"style=", "<style", "onload=", "http://", "https://", "data:"} {
		if bytes.Contains(b, []byte(bad)) {
			t.Errorf("index.html holds %q", bad)
		}
	}
	for _, good := range []string{`src="./app.js"`, `href="./app.css"`} {
		if !bytes.Contains(b, []byte(good)) {
			t.Errorf("index.html lacks %q", good)
		}
	}
}
