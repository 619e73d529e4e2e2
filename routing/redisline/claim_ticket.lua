-- Holds a given ticket for an agent, or renews the agent's claim.
-- KEYS   as in common.lua
-- ARGV   agent, weight that the agent has room for, lease (ms), conversation
-- result {conversation, value in tickets}; nil if it is not there, somebody else's, or too much
local t = read(ARGV[4])
if not t then return false end
local agent = holder(ARGV[4])
if agent == ARGV[1] then
  call('ZADD', held, millis + tonumber(ARGV[3]), ARGV[4])
elseif agent or not has_room(ARGV[1], t.weight, ARGV[2]) then
  return false
else
  hold(ARGV[4], t, ARGV[1], tonumber(ARGV[3]))
end
return {ARGV[4], t.value}
