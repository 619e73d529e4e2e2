package gateway

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// built is a built front end. Its files have fixed names and are served under a path with the hash of the whole build,
// so a browser may keep them for ever; the index alone is asked for each time.
type built struct {
	name  string // widget or console: its place under /
	hash  string
	files map[string]*file
}

// file is one file with what is sent of it. It is compressed once, when it is first asked for.
type file struct {
	body   []byte
	kind   string
	tag    string
	zip    sync.Once
	zipped []byte
}

// newBuilt reads a build into memory; a nil one has no files, and neither has one of which any cannot be read: a page with
// a part missing is worse than one that says that it is not there.
func newBuilt(name string, dist fs.FS) *built {
	b := &built{name: name, files: map[string]*file{}}
	if dist == nil {
		return b
	}
	all := sha256.New()
	err := fs.WalkDir(dist, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dist, p)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		all.Write([]byte(p))
		all.Write(sum[:])
		b.files[p] = &file{body: body, kind: contentType(p), tag: hex.EncodeToString(sum[:8])}
		return nil
	})
	if err != nil {
		clear(b.files)
		return b
	}
	b.hash = hex.EncodeToString(all.Sum(nil)[:8])
	if index := b.files["index.html"]; index != nil {
		index.body = bytes.ReplaceAll(index.body, []byte(`"./`), []byte(`"/`+name+"/"+b.hash+"/"))
	}
	return b
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".mp3":
		return "audio/mpeg"
	case ".ogg":
		return "audio/ogg"
	case ".wav":
		return "audio/wav"
	}
	return "application/octet-stream"
}

// serve sends a file, compressed where the client takes that, or says that the client has it already.
func (f *file) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", cache)
	h.Add("Vary", "Accept-Encoding")
	body, tag := f.body, `"`+f.tag+`"`
	if zipped := f.compressed(); zipped != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body, tag = zipped, `"`+f.tag+`-gzip"`
	}
	if cache != uncached {
		h.Set("ETag", tag)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if r.Method == http.MethodHead {
		return
	}
	w.Write(body)
}

// compressed is nil where compressing does not pay.
func (f *file) compressed() []byte {
	f.zip.Do(func() {
		if len(f.body) < 512 || !strings.HasPrefix(f.kind, "text/") && !strings.HasPrefix(f.kind, "application/json") && f.kind != "image/svg+xml" {
			return
		}
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return
		}
		z.Write(f.body) // into memory: it cannot fail
		z.Close()
		if b.Len() < len(f.body) {
			f.zipped = b.Bytes()
		}
	})
	return f.zipped
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

// How long what may be kept.
const (
	uncached  = "no-cache"
	forAWhile = "public, max-age=300, stale-while-revalidate=86400"
	forEver   = "public, max-age=31536000, immutable"
)

const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; font-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "

// loader is /widget.js, which other websites embed.
func (g *Gateway) loader(b *built) http.Handler {
	return only(map[string]http.HandlerFunc{"GET": func(w http.ResponseWriter, r *http.Request) {
		f := b.files["widget.js"]
		if f == nil {
			notFound(w, r)
			return
		}
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		f.serve(w, r, forAWhile)
	}})
}

// widgetPages is /widget/: the frame, which the site's own origins alone may embed.
func (g *Gateway) widgetPages(b *built) http.Handler {
	return only(map[string]http.HandlerFunc{"GET": func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/widget/" {
			b.asset(w, r)
			return
		}
		if site, ok := g.siteOf(w, r, "This address is the inside of a chat window. It needs ?site= with the name of a site."); ok {
			b.page(w, r, strings.Join(append([]string{"'self'"}, site.Origins...), " "))
		}
	}})
}

// chatPage is /chat/: the frame as a page of its own, for a link of a letter, which nobody may embed. The link's token
// stands behind # and never comes here; no address of this page is told to another.
func (g *Gateway) chatPage(b *built) http.Handler {
	return only(map[string]http.HandlerFunc{"GET": func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/chat/" {
			notFound(w, r)
			return
		}
		if r.URL.Query().Has("site") {
			if _, ok := g.siteOf(w, r, "This address names no site of this desk."); !ok {
				return
			}
		}
		h := w.Header()
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		b.page(w, r, "'none'")
	}})
}

// siteOf is the site that a page's address names. When there is none it has answered, in these words for what is no
// name.
func (g *Gateway) siteOf(w http.ResponseWriter, r *http.Request, words string) (staff.Site, bool) {
	slug := r.URL.Query().Get("site")
	if staff.CheckSlug("site", slug) != nil {
		plainPage(w, http.StatusNotFound, "No such chat", words)
		return staff.Site{}, false
	}
	site, err := g.store.Site(r.Context(), slug)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		plainPage(w, http.StatusNotFound, "No such chat", "There is no site by this name on this desk. Check data-site in the page that embeds the chat.")
	case err != nil:
		g.refuse(w, r, err)
	default:
		return site, true
	}
	return staff.Site{}, false
}

// consolePages is /console/, which nobody may embed.
func (g *Gateway) consolePages(b *built) http.Handler {
	return only(map[string]http.HandlerFunc{"GET": func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/console/" {
			b.asset(w, r)
			return
		}
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		b.page(w, r, "'none'")
	}})
}

// page serves the index.
func (b *built) page(w http.ResponseWriter, r *http.Request, ancestors string) {
	f := b.files["index.html"]
	if f == nil {
		plainPage(w, http.StatusNotFound, "Not built", "This desk was built without its "+b.name+". Run make build.")
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy+ancestors)
	f.serve(w, r, uncached)
}

// asset serves a file of the build that is running. One of a build before is gone: the page that asks for it is old,
// and loads anew.
func (b *built) asset(w http.ResponseWriter, r *http.Request) {
	f := b.files[strings.TrimPrefix(r.URL.Path, "/"+b.name+"/"+b.hash+"/")]
	if f == nil {
		notFound(w, r)
		return
	}
	f.serve(w, r, forEver)
}

// homePage is / where no demo runs.
func homePage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		plainPage(w, http.StatusNotFound, "Nothing here", "There is no page at this address.")
		return
	}
	plainPage(w, http.StatusOK, "Kohta", "A desk runs here. Agents sign in at /console/; websites embed the chat with /widget.js.")
}

// plainPage is a page of two sentences. Its words are constants of this package.
func plainPage(w http.ResponseWriter, status int, title, words string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
		title + "</title><h1>" + title + "</h1><p>" + words + "</p></html>\n"))
}
