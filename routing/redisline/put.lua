-- Adds a ticket, or renews it at a place that is no worse.
-- KEYS   as in keys.lua
-- ARGV   conversation, weight, since (ms), head start (ms), class, except, ticket
-- result 1
local conversation, weight, since, head, class, except, ticket = unpack(ARGV)
settle()
since, head = tonumber(since), tonumber(head)
local old = read(conversation)
if old then since, head = math.min(since, old.since), math.max(head, old.head) end
local value = string.format('%.0f %s %.0f %.0f %s %s %s', micros, weight, since, head, class, except, ticket)
call('HSET', tickets, conversation, value)
enter(since - head, conversation)
if call('HEXISTS', holders, conversation) == 1 then return 1 end
if old and old.class ~= class then call('ZREM', set_of(old.class), conversation) end
wait(conversation, since - head, class)
return 1
