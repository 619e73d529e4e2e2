package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// signInWithin is how long signing in may take, tried again and again.
const signInWithin = 30 * time.Second

// SignIn signs an agent in and returns the cookie of the session.
func SignIn(ctx context.Context, address, email, password string) (*http.Cookie, error) {
	ctx, cancel := context.WithTimeout(ctx, signInWithin)
	defer cancel()
	for {
		cookie, err := signIn(ctx, address, email, password)
		if err == nil {
			return cookie, nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil, fmt.Errorf("sign in %s: %w", email, err)
		}
	}
}

func signIn(ctx context.Context, address, email, password string) (*http.Cookie, error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", "http://"+address)
	r.Header.Set("Content-Type", "application/json")
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(answer.Cookies()) == 0 {
		return nil, errors.New(answer.Status)
	}
	return answer.Cookies()[0], nil
}
