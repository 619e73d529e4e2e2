package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
)

// folder is a bot folder that is looked at each second. A bad folder never replaces a good one.
type folder struct {
	fsys fs.FS // nil: the built-in bot
	log  *zap.Logger

	bot   atomic.Pointer[bot.Bot]
	fault atomic.Pointer[string] // why the folder as it is now is not in force; nil if it is
	seen  string                 // the state that was loaded last; only poll reads it
}

// openFolder opens the folder of --bot. One that is not there is an error.
func openFolder(path string, log *zap.Logger) (*folder, error) {
	return folderAt(path, log, "give --bot the folder that holds the bot's files, or leave it out for the built-in bot")
}

// folderAt opens a bot folder; advice says what to do where there is none.
func folderAt(path string, log *zap.Logger, advice string) (*folder, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the bot folder %s cannot be read (%w); %s", path, plain(err), advice)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder; %s", path, advice)
	}
	return &folder{fsys: os.DirFS(path), log: log}, nil
}

// load makes the bot of the folder as it is now; its error names the first faults with file and line.
func (f *folder) load() error {
	if f.fsys == nil {
		f.bot.Store(bot.BuiltIn())
		return nil
	}
	state, err := fingerprint(f.fsys)
	if err != nil {
		return fmt.Errorf("the bot folder cannot be read (%w)", err)
	}
	f.seen = state
	b, faults := bot.Load(f.fsys)
	if b == nil {
		return fmt.Errorf("the bot folder has faults: %s", tell(faults))
	}
	f.bot.Store(b)
	return nil
}

// tell puts the first faults into one sentence.
func tell(faults []bot.Fault) string {
	var told []string
	for _, f := range faults {
		if f.Severity == bot.Error {
			told = append(told, f.String())
		}
	}
	const most = 3
	if len(told) > most {
		told = append(told[:most], fmt.Sprintf("and %d more; `kohta bot check` lists them", len(told)-most))
	}
	return strings.Join(told, "; ")
}

// watch reloads the folder when it has changed, until ctx ends. It polls: that works on every file system.
func (f *folder) watch(ctx context.Context) error {
	if f.fsys == nil {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			f.poll()
		}
	}
}

func (f *folder) poll() {
	state, err := fingerprint(f.fsys)
	if err == nil && state == f.seen {
		return
	}
	f.seen = state
	if err == nil {
		err = f.load()
	} else {
		err = fmt.Errorf("the bot folder cannot be read (%w)", plain(err))
	}
	if err != nil {
		words := err.Error()
		if told := f.fault.Swap(&words); told == nil || *told != words {
			f.log.Error("the bot goes on as it was", zap.Error(err))
		}
		return
	}
	f.fault.Store(nil)
	f.log.Info("the bot was loaded anew", zap.String("version", f.bot.Load().Version()))
}

// maxBotFiles is more than any bot has; it bounds what a look at the folder costs.
const maxBotFiles = 10_000

// fingerprint says whether a folder has changed: names, sizes and times of its files.
func fingerprint(fsys fs.FS) (string, error) {
	var b strings.Builder
	n := 0
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if n++; n > maxBotFiles {
			return fmt.Errorf("it holds more than %d files", maxBotFiles)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return b.String(), err
}
