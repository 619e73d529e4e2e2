package session

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

const (
	aino  = "01930000-0000-7000-8000-00000000000a"
	email = "aino@demo.example"
)

var hash = HashPassword("kohta-demo")

type fixture struct {
	*Sessions
	t     *testing.T
	store *memstore.Store
	now   atomic.Int64
}

func start(t *testing.T) *fixture {
	f := &fixture{t: t, store: memstore.New()}
	f.now.Store(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixMilli())
	f.Sessions = New(f.store, func() time.Time { return time.UnixMilli(f.now.Load()) }, true)
	f.put(nil)
	return f
}

func (f *fixture) put(change func(*store.Agent)) {
	f.t.Helper()
	a := store.Agent{
		Agent:        staff.Agent{ID: aino, Name: "Aino", Email: email, Role: staff.RoleAgent},
		PasswordHash: hash, CreatedAt: time.UnixMilli(f.now.Load()),
	}
	if change != nil {
		change(&a)
	}
	if err := f.store.PutAgent(f.t.Context(), a); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) pass(d time.Duration) { f.now.Add(d.Milliseconds()) }

func (f *fixture) signIn(password string) (string, error) {
	token, _, err := f.SignIn(f.t.Context(), email, password, "", "192.0.2.1", "a browser")
	return token, err
}

func TestPasswords(t *testing.T) {
	if !Verify("kohta-demo", hash) || Verify("kohta-dem0", hash) || Verify("", hash) {
		t.Error("the wrong password passes, or the right one does not")
	}
	if again := HashPassword("kohta-demo"); again == hash || !strings.HasPrefix(again, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", again)
	}
	for _, spoilt := range []string{"", "x", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=99999999,t=2,p=1$YWJj$YWJj", "$argon2i$v=19$m=19456,t=2,p=1$YWJj$YWJj", strings.Replace(hash, "v=19", "v=18", 1), hash[:len(hash)-30]} {
		if Verify("kohta-demo", spoilt) {
			t.Errorf("%q passes", spoilt)
		}
	}
	if Verify("kohta-demo", nobodysHash) {
		t.Error("nobody's password was found")
	}
	if salt, key, err := split(strings.TrimPrefix(nobodysHash, "$argon2id$v=19$m=19456,t=2,p=1$")); err != nil || len(salt) != saltBytes || len(key) != keyBytes {
		t.Errorf("the hash of nobody costs something else: %d %d %v", len(salt), len(key), err)
	}
}

func TestSessionEnds(t *testing.T) {
	f := start(t)
	token, err := f.signIn("kohta-demo")
	if err != nil {
		t.Fatal(err)
	}
	use := func() error {
		current, _, err := f.Who(t.Context(), token)
		if err == nil {
			err = f.Used(t.Context(), current)
		}
		return err
	}
	for range 14 { // used now and then it lives on, but not beyond a week
		f.pass(Idle - time.Minute)
		if err := use(); err != nil {
			t.Fatal(err)
		}
	}
	f.pass(Absolute - 14*(Idle-time.Minute) - time.Minute)
	if err := use(); err != nil {
		t.Error("a minute before the week is over:", err)
	}
	f.pass(time.Minute)
	if err := use(); !errors.Is(err, ErrNone) {
		t.Error("after a week:", err)
	}
	token, err = f.signIn("kohta-demo")
	if err != nil {
		t.Fatal(err)
	}
	f.pass(Idle)
	if err := use(); !errors.Is(err, ErrNone) {
		t.Error("after half a day without use:", err)
	}
}

func TestDisabledAndUnknownLookTheSame(t *testing.T) {
	f := start(t)
	token, err := f.signIn("kohta-demo")
	if err != nil {
		t.Fatal(err)
	}
	f.put(func(a *store.Agent) { a.Disabled, a.DisabledAt = true, &time.Time{} })
	if _, _, err := f.Who(t.Context(), token); !errors.Is(err, ErrNone) {
		t.Error("a disabled agent's session:", err)
	}
	if _, err := f.signIn("kohta-demo"); !errors.Is(err, ErrWrong) {
		t.Error("a disabled agent's sign-in:", err)
	}
	if _, _, err := f.SignIn(t.Context(), "nobody@demo.example", "kohta-demo", "", "192.0.2.1", ""); !errors.Is(err, ErrWrong) {
		t.Error("nobody's sign-in:", err)
	}
}

func TestAttemptsAreCountedBeforeTheyAreLookedAt(t *testing.T) {
	f := start(t)
	var all sync.WaitGroup
	var looked, throttled atomic.Int32
	for range 3 * perAccount {
		all.Go(func() {
			_, err := f.signIn("wrong")
			var later *Later
			switch {
			case errors.Is(err, ErrWrong):
				looked.Add(1)
			case errors.As(err, &later) && !later.Busy && later.After > 0 && later.After <= window:
				throttled.Add(1)
			case errors.As(err, &later) && later.Busy:
				looked.Add(1) // it was counted, and then the house was busy
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if looked.Load() != perAccount || throttled.Load() != 2*perAccount {
		t.Errorf("%d were looked at, %d throttled", looked.Load(), throttled.Load())
	}
	if _, err := f.signIn("kohta-demo"); err == nil {
		t.Error("the right password passes a full count")
	}
	f.pass(window + time.Second)
	if _, err := f.signIn("kohta-demo"); err != nil {
		t.Error("after the window:", err)
	}
	for range perAccount - 1 {
		if _, err := f.signIn("wrong"); !errors.Is(err, ErrWrong) {
			t.Error("a right password does not clear the count:", err)
		}
	}
}

func TestSignInIsAudited(t *testing.T) {
	f := start(t)
	token, err := f.signIn("kohta-demo")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SignOut(t.Context(), token, "192.0.2.2"); err != nil {
		t.Fatal(err)
	}
	rows, err := f.store.Acts(t.Context(), 0, 10)
	if err != nil || len(rows) != 2 || rows[0].Act.Verb != "sign_in" || rows[0].Act.Actor != aino || rows[1].Act.Verb != "sign_out" || rows[1].Act.Address != "192.0.2.2" {
		t.Errorf("%+v %v", rows, err)
	}
	if _, err := f.store.Session(t.Context(), token); chat.KindOf(err) != chat.NotFound {
		t.Error("the store knows the token itself")
	}
}

func TestTokenGoesWithTheCookieOfItsAddress(t *testing.T) {
	for _, c := range []struct {
		url    string
		secure bool
		name   string
	}{
		{"https://desk.example/", true, Name}, {"http://desk.example/", false, Name}, {"http://127.0.0.1:8080/", false, LoopbackName},
		{"http://localhost/", false, LoopbackName}, {"http://[::1]:8080/", false, LoopbackName}, {"https://127.0.0.1/", true, Name},
		{"http://127.0.0.1.evil.example/", false, Name},
	} {
		r := httptest.NewRequest(http.MethodGet, c.url, nil)
		cookie := Cookie(r, c.secure, "secret")
		if cookie.Name != c.name || cookie.Secure != (c.name == Name) || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("%s: %+v", c.url, cookie)
		}
		r.AddCookie(cookie)
		if Token(r, c.secure) != "secret" {
			t.Errorf("%s: the token is not found again", c.url)
		}
	}
}

// TestHashingIsBounded fills the line of those who wait for a hash: the next is told to come later, and nothing is
// evaluated for it.
func TestHashingIsBounded(t *testing.T) {
	f := start(t)
	for range atOnce + inLine {
		f.waiting <- struct{}{}
	}
	var later *Later
	if _, err := f.signIn("kohta-demo"); !errors.As(err, &later) || !later.Busy || later.After <= 0 {
		t.Errorf("with a full line: %v", err)
	}
	if n := len(f.hashing); n != 0 {
		t.Errorf("%d are hashed", n)
	}
	for range atOnce + inLine {
		<-f.waiting
	}
	if _, err := f.signIn("kohta-demo"); err != nil {
		t.Errorf("when they have gone: %v", err)
	}
}

// TestNothingTypedIsStoredAsItIs: a password that ends up in the field for the address must not stand in the database.
func TestNothingTypedIsStoredAsItIs(t *testing.T) {
	for _, name := range []string{accountName("Salainen Sana 123"), addressName("192.0.2.1")} {
		if strings.Contains(strings.ToLower(name), "salainen") || strings.Contains(name, "192.0.2.1") || len(name) > 80 {
			t.Errorf("counted under %q", name)
		}
	}
	if accountName(" Aino@Demo.example") != accountName("aino@demo.EXAMPLE ") {
		t.Error("one account is counted under two names")
	}
}
