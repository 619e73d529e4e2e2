-- Where a ticket stands. What is held is put in for a moment to see where it would stand.
-- KEYS   as in keys.lua
-- ARGV   conversation
-- result {place, total}; place 0 if it is not there
settle()
local total = call('ZCARD', waiting)
local rank = call('ZRANK', waiting, ARGV[1])
if rank then return {rank + 1, total} end
local t = read(ARGV[1])
if not t then return {0, total} end
call('ZADD', waiting, t.since - t.head, ARGV[1])
rank = call('ZRANK', waiting, ARGV[1])
call('ZREM', waiting, ARGV[1])
return {rank + 1, total + 1}
