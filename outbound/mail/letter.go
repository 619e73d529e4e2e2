package mail

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// Letter tells a customer that somebody has answered, and leads back into the conversation. It holds nothing of what
// was said.
type Letter struct {
	ID       string    // the same for each try to send it
	To       string    // the customer's address
	Language string    // fi, sv or en; anything else is en
	Who      string    // who answered, as the customer knows them; may be empty
	House    string    // the site, as its customers know it; may be empty
	Link     string    // into the conversation, whole
	Until    time.Time // how long the link leads there, in the zone that its date is to be told in
	At       time.Time // when the letter is written
}

// Check refuses, with an error of kind Invalid, what can never be sent.
func (l Letter) Check() error {
	switch u, err := url.Parse(l.Link); {
	case !Deliverable(l.To):
		return chat.Errorf(chat.Invalid, "the customer's address cannot be written to")
	case l.ID == "":
		return chat.Errorf(chat.Invalid, "a letter needs an id")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(l.Link, " <>\"\r\n"):
		return chat.Errorf(chat.Invalid, "a letter's link is a whole http or https URL")
	case l.Until.IsZero() || l.At.IsZero():
		return chat.Errorf(chat.Invalid, "a letter says when it was written and how long its link is good for")
	}
	return nil
}

// said is what a letter says in one language.
type said struct {
	answered string   // somebody, by name
	anybody  string   // somebody
	open     string   // before the link
	until    string   // a date
	rest     []string // paragraphs after it
}

var finnish = said{
	answered: "%s vastasi sinulle",
	anybody:  "Sinulle on vastattu",
	open:     "Lue vastaus ja jatka keskustelua tästä:",
	until:    "Linkki toimii %s asti. Se avaa keskustelun millä laitteella tahansa, joten älä anna sitä muille.",
	rest: []string{
		"Kirjoitamme sähköpostia vain, kun et ole ehtinyt lukea vastausta keskustelussa. Voit lopettaa nämä viestit sivulla, jolle linkki vie.",
		"Jos et odottanut vastausta keneltäkään, joku on ilmoittanut osoitteesi vahingossa. Lopeta silloin viestit samalla sivulla, niin linkkikin lakkaa toimimasta.",
		"Tähän sähköpostiin ei voi vastata.",
	},
}

var swedish = said{
	answered: "%s har svarat dig",
	anybody:  "Du har fått svar",
	open:     "Läs svaret och fortsätt samtalet här:",
	until:    "Länken fungerar till och med %s. Den öppnar samtalet på vilken enhet som helst, så ge den inte till någon annan.",
	rest: []string{
		"Vi mejlar bara när du inte har hunnit läsa svaret i chatten. På sidan som länken leder till kan du stoppa mejlen.",
		"Väntar du inte på något svar har någon uppgett din adress av misstag. Stoppa då mejlen på samma sida, så slutar även länken att fungera.",
		"Det går inte att svara på det här mejlet.",
	},
}

var english = said{
	answered: "%s has answered you",
	anybody:  "You have an answer",
	open:     "Read the answer and go on from there:",
	until:    "The link works until %s. It opens the conversation on any device, so please keep it to yourself.",
	rest: []string{
		"We send mail only when you have not seen the answer in the chat. You can stop these messages on the page that the link opens.",
		"If you are not waiting for an answer, somebody gave your address by mistake. Stop the messages on the same page, and the link stops working too.",
		"Replies to this message are not read.",
	},
}

func words(language string) said {
	switch language {
	case "fi":
		return finnish
	case "sv":
		return swedish
	}
	return english
}

// date is a day as it is told in a language.
func date(t time.Time, language string) string {
	if language == "fi" || language == "sv" {
		return t.Format("2.1.2006")
	}
	return t.Format("2 January 2006")
}

// headline says who answered. Names stand where no language bends them.
func (l Letter) headline() string {
	w := words(l.Language)
	if who := clean(l.Who); who != "" {
		return fmt.Sprintf(w.answered, who)
	}
	return w.anybody
}

// subject is the headline, with the house before it.
func (l Letter) subject() string {
	if house := clean(l.House); house != "" {
		return house + ": " + l.headline()
	}
	return l.headline()
}

// lastDay is the last day on which the link works to its end.
func (l Letter) lastDay() string { return date(l.Until.Add(-24*time.Hour), l.Language) }

// text is the letter as plain text.
func (l Letter) text() string {
	w := words(l.Language)
	parts := []string{l.headline() + ".", w.open + "\n" + l.Link, fmt.Sprintf(w.until, l.lastDay())}
	parts = append(parts, w.rest...)
	if house := clean(l.House); house != "" {
		parts = append(parts, house)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// html is the same with the link to press. It loads nothing from anywhere.
func (l Letter) html() string {
	w := words(l.Language)
	var b strings.Builder
	language := l.Language
	if language != "fi" && language != "sv" {
		language = "en"
	}
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title></head>\n<body style=\"font-family:sans-serif;font-size:1rem;line-height:1.5;max-width:34rem\">\n",
		language, html.EscapeString(l.subject()))
	paragraph := func(inner string) { b.WriteString("<p>" + inner + "</p>\n") }
	paragraph("<strong>" + html.EscapeString(l.headline()) + ".</strong>")
	link := html.EscapeString(l.Link)
	paragraph(html.EscapeString(w.open) + "<br>\n<a href=\"" + link + "\">" + link + "</a>")
	paragraph(html.EscapeString(fmt.Sprintf(w.until, l.lastDay())))
	for _, p := range w.rest {
		paragraph(html.EscapeString(p))
	}
	if house := clean(l.House); house != "" {
		paragraph(html.EscapeString(house))
	}
	b.WriteString("</body></html>\n")
	return b.String()
}
