-- Adds a ticket, or renews it at a place that is no worse.
-- KEYS   as in common.lua
-- ARGV   conversation, since (ms), head start (ms), weight, class, except, ticket
-- result 1
local conversation, since, head, weight, class, except, ticket = unpack(ARGV)
since, head = tonumber(since), tonumber(head)
local old = read(conversation)
if old then since, head = math.min(since, old.since), math.max(head, old.head) end
local value = string.format('%.0f %.0f %.0f %s %s %s %s', micros, since, head, weight, class, except, ticket)
call('HSET', tickets, conversation, value)
if call('HEXISTS', holders, conversation) == 1 then return 1 end
if old and old.class ~= class then
  call('ZREM', set_of(old.class), conversation)
  note_head(old.class)
end
wait(conversation, since - head, class)
note_head(class)
return 1
