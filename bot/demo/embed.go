// Package demo holds the bot folder of Kahvila Kohta, the coffee roastery of the demonstration.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed bot.yml nlu answers rules tests articles
var files embed.FS

// Folder is the bot folder: bot.yml, nlu, answers, rules, tests and articles stand at its root. It is read-only and
// may be used by several callers at once.
func Folder() fs.FS { return files }
