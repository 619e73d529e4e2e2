// Package widget holds the built customer's widget: the loader for other websites (widget.js) and the app in its
// frame (index.html, app.js, app.css, a file of words for each language).
package widget

import (
	"embed"
	"io/fs"
)

//go:embed dist
var files embed.FS

// Dist returns the built files, at its root. It never changes and may be read by many at once.
func Dist() fs.FS {
	sub, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the name is constant and valid
	}
	return sub
}
