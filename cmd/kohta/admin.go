package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
)

// The admin socket lets commands on the same machine speak with a running desk: a unix socket in the data folder, which
// only its owner may open.
const adminSocket = "kohta.sock"

// admin answers on the socket.
type admin struct {
	desk   erasing
	revoke func(agent string)
	log    *zap.Logger
}

func (a admin) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /doctor", func(w http.ResponseWriter, r *http.Request) {
		breaches, err := a.desk.LineBreaches(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(breaches); err != nil {
			a.log.Warn("answer the doctor", zap.Error(err))
		}
	})
	mux.HandleFunc("POST /revoke/{agent}", func(w http.ResponseWriter, r *http.Request) {
		a.revoke(r.PathValue("agent"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /erase/{visitor}", func(w http.ResponseWriter, r *http.Request) {
		visitor := r.PathValue("visitor")
		switch err := a.desk.Erase(r.Context(), visitor, eraseFromShell(visitor)); {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case chat.KindOf(err) == chat.NotFound:
			http.Error(w, "no such visitor", http.StatusNotFound)
		default:
			a.log.Error("an erasure is not finished", zap.String("visitor", visitor), zap.Error(err))
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	return mux
}

// serve answers until ctx ends.
func (a admin) serve(ctx context.Context, dir string) error {
	path := filepath.Join(dir, adminSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the old admin socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		// A folder whose path is too long for a socket serves all the same; only the shell cannot reach it.
		a.log.Warn("no admin socket: `kohta doctor` cannot ask this desk", zap.Error(err))
		<-ctx.Done()
		return nil
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("guard the admin socket: %w", err)
	}
	s := &http.Server{Handler: a.handler(), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	err = s.Shutdown(stop)
	<-ended
	return err
}

// errNoDesk says that no desk serves a folder.
var errNoDesk = errors.New("no desk is running on this data folder")

// errNotThere says that the desk does not know what was asked about.
var errNotThere = errors.New("the desk does not know it")

// askWithin bounds the wait for the desk's answer.
const askWithin = 30 * time.Second

// askDesk sends a request to the desk that serves a folder, and gives its answer to read.
func askDesk(ctx context.Context, dir, method, path string, read func(*json.Decoder) error) error {
	client := &http.Client{Timeout: askWithin, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, adminSocket))
		},
	}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, method, "http://desk"+path, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Op == "dial" {
		return errNoDesk
	}
	if err != nil {
		return fmt.Errorf("ask the desk: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return errNotThere
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("the desk answered %s", answer.Status)
	}
	if read == nil {
		return nil
	}
	return read(json.NewDecoder(answer.Body))
}
