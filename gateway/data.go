package gateway

import (
	"context"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// visitorOf is the visitor that a request names. What is no id is nobody's.
func visitorOf(r *http.Request) (string, error) {
	visitor := r.PathValue("visitor")
	if !wire.IsID(visitor) {
		return "", chat.Errorf(chat.NotFound, "not an id")
	}
	return visitor, nil
}

// managed is the visitor whose data somebody may manage.
func managed(r *http.Request, a store.Agent) (string, error) {
	if err := may(a, staff.ManageData); err != nil {
		return "", err
	}
	return visitorOf(r)
}

// exportWithin bounds how long the export of one visitor may take to be sent, beyond what other answers may.
const exportWithin = 5 * time.Minute

// exportVisitor sends all that is kept of a visitor.
func (g *Gateway) exportVisitor(w http.ResponseWriter, r *http.Request, a store.Agent) {
	visitor, err := managed(r, a)
	if err != nil {
		g.answer(w, r, nil, err)
		return
	}
	// A server that cannot have its time-out moved keeps the usual one.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportWithin))
	file := &download{w: w, name: "visitor-" + visitor + ".json"}
	err = g.desk.Export(r.Context(), visitor, g.act(r, a, "export_visitor", visitor), file)
	switch {
	case err != nil && file.begun:
		g.log.Error("an export was cut off", zap.String("request", requestID(r.Context())), zap.String("visitor", visitor), zap.Error(err))
		panic(http.ErrAbortHandler) // the only way to say that it is not whole
	case err != nil:
		g.answer(w, r, nil, err)
	}
}

// download is an answer that a browser keeps as a file. Its header goes out with the first byte: until then the answer
// may still be a problem.
type download struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

var _ io.Writer = (*download)(nil)

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		h := d.w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
		h.Set("Cache-Control", "no-store")
	}
	return d.w.Write(b)
}

// deleteVisitor erases a visitor. It goes on when the client does not wait: half an erasure helps nobody.
func (g *Gateway) deleteVisitor(w http.ResponseWriter, r *http.Request, a store.Agent) {
	visitor, err := managed(r, a)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), workWithin)
		defer cancel()
		err = g.desk.Erase(ctx, visitor, g.act(r, a, "erase_visitor", visitor))
	}
	g.answer(w, r, nil, err)
}
