package redisline

import (
	"errors"
	"fmt"
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
		err  error
		want chat.ErrorKind
	}{
		{errors.New("dial tcp: connection refused"), chat.Unavailable},
		{reply("LOADING Redis is loading the dataset in memory"), chat.Unavailable},
		{reply("OOM command not allowed when used memory > 'maxmemory'."), chat.Unavailable},
		{fmt.Errorf("script: %w", reply("READONLY You can't write against a read only replica.")), chat.Unavailable},
		{reply("WRONGTYPE Operation against a key holding the wrong kind of value"), ""},
	} {
		if got := failed("try", c.err); chat.KindOf(got) != c.want || !errors.Is(got, c.err) {
			t.Errorf("%v has kind %q, want %q", got, chat.KindOf(got), c.want)
		}
	}
}
