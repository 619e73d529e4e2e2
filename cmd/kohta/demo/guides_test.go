package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Where the bot's answers link to there is a page, with the heading that the link names.
func TestGuides(t *testing.T) {
	shop := New(Options{})
	for address, want := range map[string]string{
		"/demo/articles/fi/sailytys":             "<h1>Kahvin säilytys</h1>",
		"/demo/articles/fi/kylmauutto":           `<h2 id="jääkahvi-nopeasti">Jääkahvi nopeasti</h2>`,
		"/demo/articles/sv/rengoring":            `<h2 id="avkalkning">Avkalkning</h2>`,
		"/demo/articles/en/recycling":            "<li>The box is cardboard, its filling shredded paper.",
		"/demo/articles/en/nothing":              "",
		"/demo/articles/xx/..%2f..%2fshop.css":   "",
		"/demo/articles/fi/%3Cscript%3E1":        "",
		"/demo/articles/sv/kvarnens-installning": "Espresso: 8–12, fin",
	} {
		rec := httptest.NewRecorder()
		shop.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, address, nil))
		if want == "" {
			if rec.Code != http.StatusNotFound {
				t.Errorf("%s: status %d", address, rec.Code)
			}
			continue
		}
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), want) || rec.Header().Get("Content-Security-Policy") != policy {
			t.Errorf("%s: status %d, want %q in\n%s", address, rec.Code, want, rec.Body)
		}
	}
}
