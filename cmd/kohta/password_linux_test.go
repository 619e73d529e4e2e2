package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// terminal is a pseudo terminal: what is written to keys is typed, and what the terminal shows is read from it.
func terminal(t *testing.T) (keys, screen *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	t.Cleanup(func() { keys.Close() })
	n, locked := 0, 0
	if err := ioctl(keys, syscall.TIOCSPTLCK, unsafe.Pointer(&locked)); err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	if err := ioctl(keys, syscall.TIOCGPTN, unsafe.Pointer(&n)); err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	return keys, screen
}

func ioctl(f *os.File, request uintptr, to unsafe.Pointer) error {
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(to)); e != 0 {
		return e
	}
	return nil
}

// shows tells whether a terminal shows what is typed.
func shows(t *testing.T, f *os.File) bool {
	t.Helper()
	var state syscall.Termios
	if err := ioctl(f, syscall.TCGETS, unsafe.Pointer(&state)); err != nil {
		t.Fatal(err)
	}
	return state.Lflag&syscall.ECHO != 0
}

// hides waits until a terminal does not show what is typed.
func hides(t *testing.T, f *os.File) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.After(patience); shows(t, f); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("the password would be shown while it is typed")
		}
	}
}

// TestThePasswordIsNotShown types one at a terminal.
func TestThePasswordIsNotShown(t *testing.T) {
	t.Parallel()
	keys, screen := terminal(t)
	defer screen.Close()
	const password = "kesä on lyhyt 7"
	var out, notes bytes.Buffer
	p := program{screen, &out, &notes, func(string) string { return "" }}
	args := []string{"agent", "add", "aino@shop.example", "--name", "Aino", "--data", t.TempDir()}
	var run sync.WaitGroup
	status := 0
	run.Go(func() { status = p.run(context.Background(), args) })
	hides(t, screen)
	if _, err := keys.WriteString(password + "\n"); err != nil {
		t.Fatal(err)
	}
	run.Wait()
	if status != 0 || !strings.Contains(out.String(), "aino@shop.example is agent") || !strings.HasPrefix(notes.String(), "Password: \n") {
		t.Fatalf("status %d, %q, %q", status, &out, &notes)
	}
	if !shows(t, screen) {
		t.Error("the terminal stays dumb")
	}
	if _, err := screen.WriteString("end\n"); err != nil {
		t.Fatal(err)
	}
	seen := make([]byte, 0, 100)
	for !bytes.Contains(seen, []byte("end")) {
		b := make([]byte, 100)
		n, err := keys.Read(b)
		if seen = append(seen, b[:n]...); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	if strings.Contains(string(seen), "kes") {
		t.Errorf("the terminal showed %q", seen)
	}
}

// TestAPasswordThatIsNotGiven leaves the terminal as it was when the program is interrupted.
func TestAPasswordThatIsNotGiven(t *testing.T) {
	keys, screen := terminal(t) // the screen stays open: something may still read from it
	var notes bytes.Buffer
	ctx, stop := context.WithCancel(context.Background())
	failed := make(chan error, 1)
	go func() {
		_, err := program{stdin: screen, stderr: &notes}.readPassword(ctx)
		failed <- err
	}()
	hides(t, screen)
	stop()
	if err := <-failed; err == nil || !shows(t, screen) {
		t.Errorf("interrupted: %v, shows what is typed: %v", err, shows(t, screen))
	}
	if _, err := keys.WriteString("\n"); err != nil { // which lets the read end
		t.Fatal(err)
	}
}
