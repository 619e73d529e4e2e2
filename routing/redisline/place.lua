-- Where a ticket stands, waiting or held.
-- KEYS   as in keys.lua
-- ARGV   conversation
-- result {place, total}; place 0 if it is not there
local rank = call('ZRANK', line, ARGV[1])
return {rank and rank + 1 or 0, call('ZCARD', line)}
