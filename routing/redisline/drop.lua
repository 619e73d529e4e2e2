-- Takes a ticket out and remembers it for three minutes, so that a slow reconcile does not bring it back.
-- KEYS   as in keys.lua
-- ARGV   conversation
-- result 1; 0 if it was not there
settle()
call('ZADD', dropped, micros, ARGV[1])
call('ZREMRANGEBYSCORE', dropped, '-inf', micros - 180000000)
call('EXPIRE', dropped, 240)
local t = read(ARGV[1])
if not t then return 0 end
out(ARGV[1], t)
if call('EXISTS', line) == 0 then call('EXPIRE', book, 3600) end -- the next to come ends that
return 1
