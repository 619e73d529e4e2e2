-- Adds a ticket, or renews it at a place that is no worse.
-- KEYS   as in common.lua
-- ARGV   conversation, since (ms), head start (ms), ticket
-- result 1
local since, head = tonumber(ARGV[2]), tonumber(ARGV[3])
local old = read(ARGV[1])
if old then
  since, head = math.min(since, old.since), math.max(head, old.head)
end
write(ARGV[1], since, head, micros, ARGV[4])
return 1
