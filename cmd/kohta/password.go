package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// readPassword takes a password from the first line of standard input. At a terminal it asks for it and does not show
// what is typed; when ctx ends meanwhile, the terminal is as it was before.
func (p program) readPassword(ctx context.Context) (string, error) {
	f, ok := p.stdin.(*os.File)
	fd := -1
	if ok {
		fd = int(f.Fd())
	}
	if !term.IsTerminal(fd) {
		line, err := bufio.NewReader(p.stdin).ReadString('\n')
		if password := strings.TrimRight(line, "\r\n"); err == nil || password != "" {
			return password, nil
		}
		return "", errors.New("no password came on standard input")
	}
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("look at the terminal: %w", err)
	}
	type answer struct {
		password []byte
		err      error
	}
	answers := make(chan answer, 1)
	fmt.Fprint(p.stderr, "Password: ")
	go func() { // a read of a terminal cannot be ended; when ctx does, it goes with the program
		password, err := term.ReadPassword(fd)
		runtime.KeepAlive(f)
		answers <- answer{password, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(p.stderr)
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	case a := <-answers:
		fmt.Fprintln(p.stderr)
		if a.err != nil {
			return "", fmt.Errorf("read the password: %w", a.err)
		}
		return string(a.password), nil
	}
}
