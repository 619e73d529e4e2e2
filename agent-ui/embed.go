// Package agentui is the agents' console as it was built: the gateway serves it at /console/.
package agentui

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Dist returns the built console: index.html, which refers to its other files as "./name", and those files. It cannot
// be written to and may be read by many at once.
func Dist() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is constant: it is there, or the package does not compile
	}
	return files
}
