package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// testFields fills every field there is, so that a field which is added to package chat and forgotten by a store
// shows here.
func testFields(t *testing.T, s store.Store) {
	c := fresh(1, visitorID(1))
	e := message("")
	n := 0
	fill(reflect.ValueOf(&c).Elem(), &n)
	fill(reflect.ValueOf(&e).Elem(), &n)
	c.ID, c.State, c.Lines = conversationID(1), chat.Waiting, nil // which are the log's
	c.Pos, c.AgentSeq, c.VisitorSeq = 1, 1, 1
	e.Pos, e.AgentSeq, e.VisitorSeq = 1, 1, 1
	must(t, s.Append(t.Context(), store.Append{Next: c, Events: []chat.Event{e}, At: begin}))
	same(t, "conversation", get[chat.Conversation](t)(s.Conversation(t.Context(), c.ID)), c)
	same(t, "event", log(t, s, c.ID), []chat.Event{e})

	// The least that there can be, and lists that are there but empty.
	bare := chat.Conversation{ID: conversationID(2), State: chat.WithBot, Pos: 1,
		Fields: map[string]string{}, OpenedAt: begin}
	event := chat.Event{Pos: 1, At: begin, Kind: chat.KindOpened, Contents: chat.Contents{Options: []chat.Option{}}}
	must(t, s.Append(t.Context(), store.Append{Next: bare, Events: []chat.Event{event}, At: begin}))
	same(t, "bare conversation", get[chat.Conversation](t)(s.Conversation(t.Context(), bare.ID)), bare)
	same(t, "bare event", log(t, s, bare.ID), []chat.Event{event})
}

// fill gives every field below v a value of its own that is not zero.
func fill(v reflect.Value, n *int) {
	*n++
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = begin.Add(time.Duration(*n) * time.Millisecond)
		return
	case *json.RawMessage:
		*at = json.RawMessage(fmt.Sprintf(`{"n":%d,"list":["a",{"b":null}]}`, *n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 1024)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	default:
		panic(fmt.Sprintf("storetest: %s has a kind that this suite cannot fill", v.Type()))
	}
}
