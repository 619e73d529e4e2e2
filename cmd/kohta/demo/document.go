package demo

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"
)

// document is a file of the shop, drawn in advance, with the tag that a cache knows it by. It is compressed once, when
// somebody first asks for it so.
type document struct {
	body []byte
	tag  string
	zip  func() []byte
}

func newDocument(body []byte) document {
	return document{body, tagOf(body), sync.OnceValue(func() []byte { return compressed(body) })}
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // into memory: it cannot fail
	z.Close()
	return b.Bytes()
}

// serve sends the document, or says that the client has it already. What goes along with it is set by the caller.
func (d document) serve(w http.ResponseWriter, r *http.Request, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	body, tag := d.body, d.tag
	if acceptsGzip(r) {
		body, tag = d.zip(), d.tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
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
