package redisline

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
)

func TestFitInfo(t *testing.T) {
	const policy = "\r\n# Memory\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n"
	for version, fit := range map[string]bool{
		"": false, "x.y": false, "5.0.14": false, "6.0.16": false, "6.2.0": true, "7.0.15": true, "10.1": true,
	} {
		err := fitInfo("# Server\r\nredis_version:" + version + policy)
		if (err == nil) != fit || err != nil && chat.KindOf(err) != chat.Invalid {
			t.Errorf("Redis %q: %v, want fit %v", version, err, fit)
		}
	}
}

type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

func TestErrorsHaveKinds(t *testing.T) {
	for _, c := range []struct {
		err   error
		want  chat.ErrorKind
		words string // of the refusal
	}{
		{errors.New("dial tcp: connection refused"), chat.Unavailable, ""},
		{reply("LOADING Redis is loading the dataset in memory"), chat.Unavailable, "loading"},
		{reply("OOM command not allowed when used memory > 'maxmemory'."), chat.Unavailable, "is full"},
		{reply("NOREPLICAS Not enough good replicas to write."), chat.Unavailable, "NOREPLICAS"},
		{fmt.Errorf("script: %w", reply("READONLY You can't write against a read only replica.")), chat.Unavailable, "replica"},
		{reply("WRONGTYPE Operation against a key holding the wrong kind of value"), "", ""},
	} {
		got := failed("try", c.err)
		if chat.KindOf(got) != c.want || !errors.Is(got, c.err) {
			t.Errorf("%v has kind %q, want %q", got, chat.KindOf(got), c.want)
		}
		if words := Refusal(got); (words == "") != (c.words == "") || !strings.Contains(words, c.words) {
			t.Errorf("%v says %q, want %q", got, words, c.words)
		}
	}
}
