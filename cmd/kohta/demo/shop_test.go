package demo

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// saturday is 21 November 2026 in the evening.
func saturday() time.Time { return time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC) }

func ask(t *testing.T, h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func lookUp(t *testing.T, h http.Handler, number, email string) (int, orderView) {
	t.Helper()
	w := ask(t, h, "/demo/api/orders/"+number+"?email="+url.QueryEscape(email))
	var v orderView
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%s: %v in %q", number, err, w.Body)
	}
	return w.Code, v
}

func TestMarjasOrderArrivesInTwoDays(t *testing.T) {
	status, got := lookUp(t, New(Options{Now: saturday}), "10234", "marja@posti.example")
	left := "2026-11-19"
	want := orderView{
		Number: "10234", State: "shipped", OrderedOn: "2026-11-18", ShippedOn: &left, ArrivesOn: "2026-11-23",
		Carrier: "Posti", Pickup: "Postin automaatti, Prisma Kaleva", Items: []item{{"Aamu 250 g", 2}, {"Arki 500 g", 1}},
		Words: map[string]dayWords{
			"fi": {ShippedOn: "torstaina 19.11.", ArrivesOn: "maanantaina 23.11."},
			"sv": {ShippedOn: "torsdagen den 19 november", ArrivesOn: "måndagen den 23 november"},
			"en": {ShippedOn: "on Thursday 19 November", ArrivesOn: "on Monday 23 November"},
		},
	}
	if status != http.StatusOK || !reflect.DeepEqual(got, want) {
		t.Errorf("got %d\n%+v, want\n%+v", status, got, want)
	}
}

func TestOrdersShowOnlyToWhoKnowsBoth(t *testing.T) {
	h := New(Options{Now: saturday})
	for _, c := range []struct {
		number, email string
		status        int
	}{
		{"10234", "marja@posti.example", 200},
		{"10234", " Marja@Posti.example ", 200},
		{"10234", "pekka@posti.example", 404},
		{"10234", "", 404},
		{"99999", "marja@posti.example", 404},
		{"10234%2F..%2F10198", "marja@posti.example", 404},
		{"10234'--", "marja@posti.example", 404},
	} {
		w := ask(t, h, "/demo/api/orders/"+c.number+"?email="+url.QueryEscape(c.email))
		if w.Code != c.status {
			t.Errorf("%s, %q: got %d, want %d", c.number, c.email, w.Code, c.status)
		}
		if c.status != 404 {
			continue
		}
		if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s, %q: a problem of kind %q", c.number, c.email, kind)
		}
		var problem struct {
			Status int
			Code   string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || problem.Status != 404 || problem.Code != "not_found" {
			t.Errorf("%s, %q: %s, %v", c.number, c.email, w.Body, err)
		}
	}
}

// Whatever the day, an order that is under way has not arrived yet, one that arrived has left before, and nothing
// leaves on a weekend or is brought to a door on a Sunday.
func TestOrdersMakeSenseOnEveryDay(t *testing.T) {
	now := saturday()
	h := New(Options{Now: func() time.Time { return now }})
	for range 400 {
		now = now.AddDate(0, 0, 1)
		for _, o := range orders() {
			status, v := lookUp(t, h, o.number, o.email)
			arrives, err := time.Parse(time.DateOnly, v.ArrivesOn)
			if status != http.StatusOK || err != nil {
				t.Fatalf("%s: %d, %v", o.number, status, err)
			}
			today, _ := time.Parse(time.DateOnly, now.Format(time.DateOnly))
			past := v.State == delivered || v.Late
			if past != arrives.Before(today) {
				t.Fatalf("%s is %s (late: %v) and arrives %s, today is %s", o.number, v.State, v.Late, v.ArrivesOn, today)
			}
			if v.Pickup == "" && arrives.Weekday() == time.Sunday {
				t.Fatalf("%s is brought to a door on a Sunday", o.number)
			}
			if (v.ShippedOn != nil) != (v.State == shipped || v.State == delivered) {
				t.Fatalf("%s is %s and left %v", o.number, v.State, v.ShippedOn)
			}
			if v.ShippedOn == nil {
				continue
			}
			left, err := time.Parse(time.DateOnly, *v.ShippedOn)
			if err != nil || !left.Before(arrives) || left.Weekday() == time.Saturday || left.Weekday() == time.Sunday {
				t.Fatalf("%s left %s and arrives %s", o.number, *v.ShippedOn, v.ArrivesOn)
			}
		}
	}
}

func TestDaysInWords(t *testing.T) {
	zone := time.FixedZone("EET", 2*60*60)
	now := time.Date(2026, 3, 28, 23, 59, 0, 0, zone)
	for _, c := range []struct {
		days       int
		fi, sv, en string
	}{
		{-1, "eilen", "i går", "yesterday"},
		{0, "tänään", "i dag", "today"},
		{1, "huomenna", "i morgon", "tomorrow"},
		{2, "maanantaina 30.3.", "måndagen den 30 mars", "on Monday 30 March"},
		{4, "keskiviikkona 1.4.", "onsdagen den 1 april", "on Wednesday 1 April"},
		{-3, "keskiviikkona 25.3.", "onsdagen den 25 mars", "on Wednesday 25 March"},
	} {
		day := now.AddDate(0, 0, c.days).Add(-20 * time.Hour)
		for language, want := range map[string]string{"fi": c.fi, "sv": c.sv, "en": c.en} {
			if got := dayIn(language, day, now); got != want {
				t.Errorf("%s, %d days: %q, want %q", language, c.days, got, want)
			}
		}
	}
}

func TestBrokenLookUps(t *testing.T) {
	target := "/demo/api/orders/10234?email=marja@posti.example"
	if w := ask(t, New(Options{Fail: true}), target); w.Code != 500 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("failing: %d %s", w.Code, w.Body)
	}
	if w := ask(t, New(Options{Garbage: true}), target); w.Code != 200 || json.Valid(w.Body.Bytes()) {
		t.Errorf("garbage: %d %s", w.Code, w.Body)
	}
	if w := ask(t, New(Options{Fail: true, Garbage: true, Delay: time.Hour}), "/"); w.Code != 200 {
		t.Errorf("the page of a shop with a broken look-up: %d", w.Code)
	}
}

func TestSlowLookUp(t *testing.T) {
	target := "/demo/api/orders/10234?email=marja@posti.example"
	synctest.Test(t, func(t *testing.T) {
		h := New(Options{Delay: 5 * time.Second})
		start := time.Now()
		if w := ask(t, h, target); w.Code != 200 || time.Since(start) != 5*time.Second {
			t.Errorf("answered %d after %v", w.Code, time.Since(start))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		h := New(Options{Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil).WithContext(ctx))
		if time.Since(start) != time.Second || w.Body.Len() != 0 {
			t.Errorf("gone after %v with %q", time.Since(start), w.Body)
		}
	})
}

func TestPageSpeaksTheLanguageAskedFor(t *testing.T) {
	h := New(Options{})
	for _, c := range []struct{ target, accept, want string }{
		{"/", "", "fi"},
		{"/?lang=sv", "", "sv"},
		{"/?lang=en", "fi", "en"},
		{"/?lang=xx", "", "fi"},
		{"/?lang=xx", "de, sv-FI;q=0.8, en;q=0.5", "sv"},
		{"/", "en-GB,en;q=0.9", "en"},
		{"/", "de", "fi"},
		{"/demo/checkout?coffee=ilta&lang=en", "", "en"},
		{"/demo/checkout?coffee=<script>&lang=sv", "", "sv"},
	} {
		w := ask(t, h, strings.ReplaceAll(c.target, "<script>", "%3Cscript%3E"), "Accept-Language", c.accept)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `<html lang="`+c.want+`">`) {
			t.Errorf("%s with %q: %d, not in %s", c.target, c.accept, w.Code, c.want)
		}
	}
}

var (
	inlineStyle  = regexp.MustCompile(`<style|\sstyle=`)
	inlineScript = regexp.MustCompile(`<script[^>]*>[^<]|\son[a-z]+=|javascript:`)
	elsewhere    = regexp.MustCompile(`(?:src|href)="(?:https?:)?//`)
	targets      = regexp.MustCompile(`href="#([^"]+)"`)
)

func TestPagesKeepToTheirPolicy(t *testing.T) {
	h := New(Options{})
	for _, target := range []string{"/", "/?lang=sv", "/?lang=en", "/demo/checkout", "/demo/checkout?coffee=aamu&lang=sv"} {
		w := ask(t, h, target)
		body := w.Body.String()
		if got := w.Header().Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s: policy %q", target, got)
		}
		for name, bad := range map[string]*regexp.Regexp{"style": inlineStyle, "script": inlineScript, "address elsewhere": elsewhere} {
			if found := bad.FindString(body); found != "" {
				t.Errorf("%s: an inline %s: %s", target, name, found)
			}
		}
		if !strings.Contains(body, `<script src="/widget.js" data-site="demo" async></script>`) {
			t.Errorf("%s: no chat on the page", target)
		}
		for _, m := range targets.FindAllStringSubmatch(body, -1) {
			if !strings.Contains(body, `id="`+m[1]+`"`) {
				t.Errorf("%s: a link to #%s, which is not there", target, m[1])
			}
		}
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	h := New(Options{})
	links := regexp.MustCompile(`href="(/[^"#]*)`)
	for _, target := range []string{"/?lang=fi", "/?lang=sv", "/?lang=en", "/demo/checkout?coffee=retki"} {
		for _, m := range links.FindAllStringSubmatch(ask(t, h, target).Body.String(), -1) {
			link := strings.ReplaceAll(m[1], "&amp;", "&")
			if link == "/console/" {
				continue // the desk's
			}
			if w := ask(t, h, link); w.Code != 200 {
				t.Errorf("%s leads to %s: %d", target, link, w.Code)
			}
		}
	}
}

func TestStyleSheetIsKeptAndPagesAreAskedAgain(t *testing.T) {
	h := New(Options{})
	page := ask(t, h, "/")
	address := regexp.MustCompile(`/demo/shop\.css\?v=[0-9a-f]+`).FindString(page.Body.String())
	css := ask(t, h, address)
	if css.Code != 200 || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", address, css.Code, css.Header())
	}
	if other := ask(t, h, "/demo/shop.css?v=0000"); strings.Contains(other.Header().Get("Cache-Control"), "immutable") {
		t.Error("a sheet under another's address is kept for good")
	}
	again := ask(t, h, "/", "If-None-Match", page.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("a page that has not changed: %d, %d bytes", again.Code, again.Body.Len())
	}
}

func TestOnlyWhatIsThereAndOnlyReading(t *testing.T) {
	h := New(Options{})
	for _, target := range []string{"/nothing", "/demo/", "/demo/pages/front.html", "/demo/../shop.go", "/demo/api/orders/"} {
		if w := ask(t, h, target); w.Code == 200 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/demo/api/orders/10234?email=marja@posti.example", io.NopCloser(strings.NewReader("{}"))))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestEverythingIsSaidInEveryLanguage(t *testing.T) {
	all := []words{finnish(), swedish(), english()}
	for _, w := range all {
		v := reflect.ValueOf(w)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			field, first := v.Field(i), reflect.ValueOf(all[0]).Field(i)
			if field.IsZero() {
				t.Errorf("%s: %s is empty", w.Lang, name)
			}
			if k := field.Kind(); (k == reflect.Slice || k == reflect.Map) && field.Len() != first.Len() {
				t.Errorf("%s: %s has %d parts, %s has %d", w.Lang, name, field.Len(), all[0].Lang, first.Len())
			}
		}
		for _, c := range coffees() {
			if text := w.Coffees[c.Art]; text.Origin == "" || text.Taste == "" || text.Text == "" {
				t.Errorf("%s: %s is not told", w.Lang, c.Name)
			}
		}
	}
}

// TestPagesAreCompressed for who takes that, and are known to a cache by a tag of their own then.
func TestPagesAreCompressed(t *testing.T) {
	h := New(Options{Now: saturday})
	for _, path := range []string{"/", "/demo/shop.css", "/demo/icon.svg", "/demo/checkout"} {
		plain, zipped := ask(t, h, path), ask(t, h, path, "Accept-Encoding", "br, gzip")
		if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %v, %v", path, plain.Header(), zipped.Header())
			continue
		}
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != plain.Body.String() {
			t.Errorf("%s: not the same page, %v", path, err)
		}
		if tag := zipped.Header().Get("ETag"); tag == plain.Header().Get("ETag") || !slices.Contains(zipped.Header().Values("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %v", path, zipped.Header())
		} else if again := ask(t, h, path, "Accept-Encoding", "gzip", "If-None-Match", tag); again.Code != http.StatusNotModified {
			t.Errorf("%s: a page that is known: %d", path, again.Code)
		}
		if w := ask(t, h, path, "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed for who takes none", path)
		}
	}
}
