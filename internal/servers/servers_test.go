package servers

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgresComesBack(t *testing.T) {
	p, err := StartPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	name, err := p.NewDatabase(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.do(t.Context(), name, "CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}
	for _, end := range []func(){p.Kill, func() { p.Stop(false) }, func() { p.Stop(true) }} {
		end()
		if c, err := pgx.Connect(t.Context(), p.URL(name)); err == nil {
			c.Close(context.Background())
			t.Fatal("it answers after its end")
		}
		if err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := p.do(t.Context(), name, "INSERT INTO kept VALUES (1)"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRedisComesBack(t *testing.T) {
	r, err := StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Kill()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}
