package demo

import (
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/bot/knowledge"
)

// drawGuides draws the pages of the bot's articles in v's language, where the bot's answers link to.
func (s *shop) drawGuides(t *template.Template, v view) {
	names, err := fs.Glob(demo.Folder(), "articles/"+v.W.Lang+"/*.md")
	if err != nil {
		panic("demo: " + err.Error())
	}
	for _, name := range names {
		text, err := fs.ReadFile(demo.Folder(), name)
		if err != nil {
			panic("demo: " + err.Error())
		}
		a, _ := knowledge.Parse(name, v.W.Lang, string(text))
		v.Article, v.Path = &a, "/?"
		s.guides[v.W.Lang+"/"+a.ID] = drawn(t, "article", v)
	}
}

// guidePart is a paragraph, or the items of a list.
type guidePart struct {
	List  bool
	Texts []string
}

func partsOf(s knowledge.Section) []guidePart {
	var out []guidePart
	for _, block := range s.Blocks {
		item, list := strings.CutPrefix(block, "• ")
		if n := len(out); list && n > 0 && out[n-1].List {
			out[n-1].Texts = append(out[n-1].Texts, item)
			continue
		}
		out = append(out, guidePart{list, []string{item}})
	}
	return out
}

func (s *shop) serveGuide(w http.ResponseWriter, r *http.Request) {
	page, ok := s.guides[path.Join(r.PathValue("language"), r.PathValue("name"))]
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.servePage(w, r, page)
}
