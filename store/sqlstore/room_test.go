package sqlstore_test

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

// A server that takes a small write and has no room: as long as the last append did not get through, the store looks for room
// before it says that it is well. A server that may not put a sort on its disk stands for one whose disk is full; kohta-chaos has
// the full disk.
func TestServerHasNoRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	url := database(t, p)
	s := at(t, url)
	defer s.Close()
	k := talk{}
	insists(t, s, k.step())
	set := func(statements ...string) {
		do(t, url, append(append([]string{`SET default_transaction_read_only = off`}, statements...), `SELECT pg_reload_conf()`)...)
	}
	within := func(what string, is func() bool) { // the server tells its processes in its own time
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !is(); {
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	set(`ALTER SYSTEM SET default_transaction_read_only = on`)
	next := k.step()
	within("writing to a server that refuses goes through", func() bool {
		err := s.Append(t.Context(), next)
		if err == nil {
			next = k.step()
		}
		return chat.KindOf(err) == chat.Unavailable
	})
	set(`ALTER SYSTEM SET default_transaction_read_only = off`, `ALTER SYSTEM SET temp_file_limit = '1kB'`)
	within("a small write does not go through", func() bool { return s.PutSetting(t.Context(), "colour", []byte("blue")) == nil })
	if err := s.Ping(t.Context()); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("without room it says %v", err)
	}
	set(`ALTER SYSTEM RESET temp_file_limit`)
	within("it does not heal", func() bool { return s.Ping(t.Context()) == nil })
	insists(t, s, next)
}
