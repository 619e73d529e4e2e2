package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
)

// The codes of problems, all of them.
const (
	codeInvalid      = "invalid"
	codeUnauthorized = "unauthorized"
	codeForbidden    = "forbidden"
	codeNotFound     = "not_found"
	codeMethod       = "method_not_allowed"
	codeConflict     = "conflict"
	codeTooLarge     = "too_large"
	codeMediaType    = "unsupported_media_type"
	codeTooMany      = "too_many"
	codeInternal     = "internal"
	codeUnavailable  = "unavailable"
)

// problem answers with an error as RFC 9457 has it. An empty code is the usual one of the status. detail says what to
// mend, and never what went wrong inside.
func problem(w http.ResponseWriter, r *http.Request, status int, code string, detail ...string) {
	if code == "" {
		code = usualCode(status)
	}
	body := struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Code      string `json:"code"`
		Detail    string `json:"detail,omitempty"`
		RequestID string `json:"request_id"`
	}{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, RequestID: requestID(r.Context())}
	if len(detail) > 0 {
		body.Detail = detail[0]
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // a client that is gone does not read it
}

func usualCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return codeUnauthorized
	case http.StatusForbidden:
		return codeForbidden
	case http.StatusNotFound:
		return codeNotFound
	case http.StatusMethodNotAllowed:
		return codeMethod
	case http.StatusConflict:
		return codeConflict
	case http.StatusRequestEntityTooLarge:
		return codeTooLarge
	case http.StatusUnsupportedMediaType:
		return codeMediaType
	case http.StatusTooManyRequests:
		return codeTooMany
	case http.StatusServiceUnavailable:
		return codeUnavailable
	case http.StatusInternalServerError:
		return codeInternal
	}
	return codeInvalid
}

// refuse is the one place where what went wrong becomes a status. What is internal is logged, by the request's id.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var wait *session.Later
	switch {
	case errors.Is(err, session.ErrNone), errors.Is(err, session.ErrWrong):
		problem(w, r, http.StatusUnauthorized, codeUnauthorized)
		return
	case errors.As(err, &wait):
		later(w, wait.After)
		status := http.StatusTooManyRequests
		if wait.Busy {
			status = http.StatusServiceUnavailable
		}
		problem(w, r, status, "")
		return
	}
	status := statusOf(chat.KindOf(err))
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // who asked has gone, which is no fault of ours, and nobody reads an answer
	}
	if status >= 500 {
		g.log.Error("a request failed", zap.String("request", requestID(r.Context())), zap.String("path", r.URL.Path), zap.Error(err))
		later(w, retrySoon)
	}
	problem(w, r, status, "")
}

func statusOf(kind chat.ErrorKind) int {
	switch kind {
	case chat.Invalid:
		return http.StatusBadRequest
	case chat.NotFound:
		return http.StatusNotFound
	case chat.Forbidden:
		return http.StatusForbidden
	case chat.Conflict, chat.IsClosed:
		return http.StatusConflict
	case chat.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// later says when to try again, in whole seconds.
func later(w http.ResponseWriter, d time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int((d+time.Second-1)/time.Second)))
}

type requestKey struct{}

// withRequestID gives every request an id, for the answer and for logs.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, id)))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
