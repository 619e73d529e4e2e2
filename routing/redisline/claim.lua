-- Holds the first waiting ticket for an agent.
-- KEYS   as in common.lua
-- ARGV   agent, how many the agent may hold, lease (ms)
-- result {conversation, value in tickets}; nil if nothing waits or the agent holds enough
if held_by(ARGV[1]) >= tonumber(ARGV[2]) then return false end
local first = redis.call('ZRANGE', waiting, 0, 0)[1]
if not first then return false end
hold(first, ARGV[1], tonumber(ARGV[3]))
return {first, redis.call('HGET', tickets, first)}
