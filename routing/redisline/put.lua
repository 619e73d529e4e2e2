-- Adds a ticket, or renews it at a place that is no worse.
-- KEYS   as in common.lua
-- ARGV   conversation, since (ms), head start (ms), weight, class, except, ticket
-- result 1
local since, head, class = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[5]
local old = read(ARGV[1])
if old then
  since, head = math.min(since, old.since), math.max(head, old.head)
end
write(ARGV[1], old, since, head, micros, ARGV[4], class, ARGV[6], ARGV[7])
note_head(class)
if old and old.class ~= class then note_head(old.class) end
return 1
