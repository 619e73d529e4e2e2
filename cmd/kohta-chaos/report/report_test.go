package report

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInto(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.md")
	const (
		begin = "words\n\n<!-- chaos runs -->\n| old | head |\n| --- | --- |\n| kill | 1 |\n| stop | 2 |\n<!-- end of chaos runs -->\n\nmore\n"
		want  = "words\n\n<!-- chaos runs -->\n| run | lost |\n| --- | --- |\n| kill | 1 |\n| stop | 0 / 3 |\n| deploy | 4 |\n<!-- end of chaos runs -->\n\nmore\n"
	)
	if err := os.WriteFile(path, []byte(begin), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Into(path, Table{"runs", []string{"run", "lost"}, [][]string{{"stop", "0 | 3"}, {"deploy", "4"}}}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != want {
		t.Errorf("%s", got)
	}
	if err := Into(path, Table{"runs", []string{"run", "lost"}, nil}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != want {
		t.Errorf("nothing new: %s", got)
	}
	if err := Into(path, Table{Name: "storms"}); err == nil {
		t.Error("a table that is not there is written")
	}
}

func TestAnEmptyTable(t *testing.T) {
	got, err := Table{"runs", []string{"run"}, [][]string{{"kill"}}}.put([]byte("<!-- chaos runs -->\n<!-- end of chaos runs -->"))
	if want := "<!-- chaos runs -->\n| run |\n| --- |\n| kill |\n<!-- end of chaos runs -->"; err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}
