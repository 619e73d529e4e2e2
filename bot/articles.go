package bot

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/knowledge"
	"github.com/kohta/kohta/chat"
)

// maxPassage bounds what is read out of an article, in characters.
const maxPassage = 400

// readArticles reads articles/<language>/*.md.
func (l *loader) readArticles() {
	var all []knowledge.Article
	ids := map[string]string{}
	for _, file := range l.under("articles") {
		lang := strings.Split(file, "/")[1]
		if strings.Count(file, "/") != 2 || !slices.Contains(l.bot.languages, lang) {
			l.fault(file, 0, "Articles stand in articles/<language>/, one folder a language of the bot.", "the bot does not speak %q", lang)
			continue
		}
		a, problems := knowledge.Parse(file, lang, string(l.files[file]))
		for _, p := range problems {
			if p.Fatal {
				l.fault(file, p.Line, p.Advice, "%s", p.Message)
			} else {
				l.warn(file, p.Line, p.Advice, "%s", p.Message)
			}
		}
		ids[lang+"/"+a.ID] = file
		all = append(all, a)
	}
	if len(all) == 0 {
		return
	}
	for i := range all {
		l.checkArticleLinks(&all[i], ids)
	}
	l.bot.articles = knowledge.Build(all)
}

// checkArticleLinks warns of links to articles and headings that are not there.
func (l *loader) checkArticleLinks(a *knowledge.Article, ids map[string]string) {
	for _, link := range a.Links {
		file, anchor, _ := strings.Cut(link.Target, "#")
		if file != "" {
			if _, there := ids[a.Language+"/"+strings.TrimSuffix(file, ".md")]; !there {
				l.warn(a.File, link.Line, "Name a file of articles/"+a.Language+"/, or write the whole address.", "the link %q leads nowhere", link.Target)
			}
			continue
		}
		if !slices.ContainsFunc(a.Sections, func(s knowledge.Section) bool { return s.Anchor == anchor }) {
			l.warn(a.File, link.Line, "Name one of its headings, in small letters with dashes.", "the link %q leads to no heading of this article", link.Target)
		}
	}
}

// An article comes before a rule that is barely sure when it holds nearly all words of the question.
const (
	barelySure    = 0.70
	strongPassage = 0.75
)

// readUp answers from an article what no rule answers, if it covers enough of the question. The same passage twice is
// no answer.
func (t *turn) readUp(enough float64) bool {
	if t.bot.articles == nil || t.res.Talk.Only {
		return false
	}
	hit, ok := t.bot.articles.Best(t.language, t.in.Text)
	if !ok || hit.Score < enough || slices.Contains(t.mem.Said, articleMark+hit.Name()) {
		return false
	}
	why := []chat.Because{{Rule: "article " + hit.Name(), Evidence: cutWords(figure(hit.Article.Title, hit.Score, strings.Join(hit.Words, " ")), chat.MaxQuote)}}
	text := hit.Passage(maxPassage)
	if intro, ok := t.fillWith(keyFromArticle, map[string]string{"title": hit.Article.Title}); ok {
		text = intro + "\n\n" + text
	}
	if link := hit.Link(t.in.Base); link != "" {
		text += "\n\n" + link
	}
	t.out.Say = append(t.out.Say, Say{Text: text, Because: why})
	t.offer(t.personOption())
	t.out.Intent = "" // whatever was nearly understood, it was not answered
	t.mem.Misses, t.mem.Choices = 0, nil
	t.mem.usedRule(articleMark + hit.Name())
	return true
}

// articleMark stands before an article's name in the memory of rules used.
const articleMark = "article:"
