-- Holds a given ticket for an agent, or renews the agent's claim.
-- KEYS   as in common.lua
-- ARGV   agent, how many the agent may hold, lease (ms), conversation
-- result {conversation, value in tickets}; nil if it is not there, somebody else's, or the agent holds enough
local t = read(ARGV[4])
if not t then return false end
local holder = redis.call('HGET', holders, ARGV[4])
if holder == ARGV[1] then
  redis.call('ZADD', held, millis + tonumber(ARGV[3]), ARGV[4])
elseif holder or held_by(ARGV[1]) >= tonumber(ARGV[2]) then
  return false
else
  hold(ARGV[4], ARGV[1], tonumber(ARGV[3]))
end
return {ARGV[4], t.value}
