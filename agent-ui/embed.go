// Package agentui is the agents' console as it was built, inside the program.
package agentui

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed dist
var built embed.FS

// Dist is the built console: index.html and what it refers to, by fixed names.
func Dist() fs.FS {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		panic(fmt.Sprintf("agentui: the built console is not in the program: %v", err))
	}
	return dist
}
