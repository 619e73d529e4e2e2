-- Holds a given ticket for an agent, or renews the agent's claim.
-- KEYS   as in keys.lua
-- ARGV   agent, weight that the agent has room for, lease (ms), conversation
-- result {conversation, value in tickets}; nil if it is not there, somebody else's, or too much
local agent, free, lease, conversation = unpack(ARGV)
local ends = settle()
local t = read(conversation)
if not t then return false end
local by = holder(conversation)
if by == agent then
  renew(conversation, millis + lease, ends)
  return {conversation, t.value}
end
local has = tonumber(call('HGET', book, 'a' .. agent) or 0)
if by or has + t.weight > tonumber(free) then return false end
hold(conversation, set_of(t.class), t.weight, agent, has, lease, ends)
return {conversation, t.value}
