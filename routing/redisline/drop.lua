-- Takes a ticket out and remembers it for a minute, so that a slow reconcile does not bring it back.
-- KEYS   as in common.lua
-- ARGV   conversation
-- result 1; 0 if it was not there
redis.call('ZADD', dropped, micros, ARGV[1])
redis.call('ZREMRANGEBYSCORE', dropped, '-inf', micros - 60000000)
redis.call('EXPIRE', dropped, 120)
return out(ARGV[1])
