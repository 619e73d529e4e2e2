package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres is a Postgres server with a cluster of its own, whose settings are those that initdb gives: what is committed
// is on the disk. Its superuser is "postgres" and needs no password.
type Postgres struct {
	process
	dir       string
	port      int
	databases atomic.Int64
}

const postgresFolders = "/usr/lib/postgresql/*/bin"

// StartPostgres makes a cluster and runs it on a free port, with settings such as "fsync=off". As root it runs as the
// user postgres, for Postgres refuses to run as root. The caller closes it.
func StartPostgres(ctx context.Context, settings ...string) (*Postgres, error) {
	return StartPostgresIn(ctx, "", settings...)
}

// StartPostgresIn is StartPostgres with the cluster in a new folder within another, on a small disk for instance; in the
// folder for temporary files if that is empty.
func StartPostgresIn(ctx context.Context, folder string, settings ...string) (*Postgres, error) {
	initdb, err := find("initdb", "postgresql", postgresFolders)
	if err != nil {
		return nil, err
	}
	server, err := find("postgres", "postgresql", postgresFolders)
	if err != nil {
		if initdb, err = filepath.EvalSymlinks(initdb); err != nil { // a link to the program in its own folder, as some systems have
			return nil, err
		}
		if server = filepath.Join(filepath.Dir(initdb), "postgres"); exec.Command(server, "--version").Run() != nil {
			return nil, errors.New("postgres is not installed, and this needs it: apt-get install postgresql")
		}
	}
	as, err := notRoot()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(folder, "kohta-postgres")
	if err != nil {
		return nil, err
	}
	p := &Postgres{dir: dir, process: process{name: server, as: as, log: filepath.Join(dir, "log")}}
	if err := p.make(ctx, initdb, settings); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// notRoot is the user to run as; nil: the one who runs this.
func notRoot() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("postgres does not run as root, and there is no user postgres: apt-get install postgresql: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func (p *Postgres) make(ctx context.Context, initdb string, settings []string) (err error) {
	if p.as != nil {
		if err := os.Chown(p.dir, int(p.as.Uid), int(p.as.Gid)); err != nil {
			return err
		}
	}
	if p.port, err = FreePort(); err != nil {
		return err
	}
	data := filepath.Join(p.dir, "data")
	cmd := exec.CommandContext(ctx, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = p.dir, dieTogether(p.as)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	p.args = []string{"-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-k", p.dir, "-c", "max_connections=200"}
	for _, s := range settings {
		p.args = append(p.args, "-c", s)
	}
	return p.Start(ctx)
}

// Start begins it anew after it was stopped or killed, at the same address.
func (p *Postgres) Start(ctx context.Context) error {
	answers := func(ctx context.Context) error { return p.do(ctx, "postgres", "SELECT 1") }
	err := p.begin(ctx, answers)
	for range 100 { // after a kill it does not begin before its processes of earlier have noticed
		if !errors.Is(err, errEnded) {
			break
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
		err = p.begin(ctx, answers)
	}
	return err
}

// URL is the address of one of its databases as --database takes it.
func (p *Postgres) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", p.port, database)
}

// Port is the port of loopback that it listens on.
func (p *Postgres) Port() int { return p.port }

// NewDatabase makes a database, empty or a copy of another to which nobody is connected, and returns its name.
func (p *Postgres) NewDatabase(ctx context.Context, copyOf string) (string, error) {
	name := fmt.Sprintf("kohta_%d", p.databases.Add(1))
	if copyOf == "" {
		copyOf = "template0"
	}
	return name, p.do(ctx, "postgres", "CREATE DATABASE "+name+" TEMPLATE "+copyOf)
}

// do runs one statement as the superuser.
func (p *Postgres) do(ctx context.Context, database, statement string) error {
	c, err := pgx.Connect(ctx, p.URL(database))
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}

// Stop ends it as an operator would: fast (its clients are thrown out) or immediate (as a crash that it notices).
func (p *Postgres) Stop(immediate bool) {
	if immediate {
		p.end(syscall.SIGQUIT)
	} else {
		p.end(syscall.SIGINT)
	}
}

// Kill ends it as a crash would; the processes of its clients notice by themselves.
func (p *Postgres) Kill() { p.end(syscall.SIGKILL) }

// Close ends it and removes its cluster.
func (p *Postgres) Close() {
	p.end(syscall.SIGQUIT)
	os.RemoveAll(p.dir)
}
