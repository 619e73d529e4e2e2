-- Holds the first waiting ticket of the classes that an agent serves, where that is the head of its class, as it nearly
-- always is. Only heads are looked at, so the cost does not go by how many wait. All that is unusual is left to
-- claim_behind.lua.
-- KEYS   as in keys.lua, then the sets of the classes that the agent serves
-- ARGV   agent, weight that the agent has room for, lease (ms), the version of the classes among which these are all
-- result {conversation, value in tickets}; nil if nothing waits for them or the first is too much; {"unusual"};
--        {"classes", version, classes} if these have changed since
local agent, free, lease, version = unpack(ARGV)
local now = call('HMGET', book, 'lease', 'version', 'a' .. agent)
local ends, has = now[1], now[3] or 0
if ends and tonumber(ends) <= millis then return {'unusual'} end
if (now[2] or '') ~= version then return {'classes', now[2] or '', call('HGET', book, 'classes') or ''} end

local first, set, score
if #KEYS == 7 then
  set = KEYS[7]
  first = call('ZRANGE', set, 0, 0)[1]
  if not first then return {'unusual'} end
else
  for i = 7, #KEYS do
    local head = call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
    local at = tonumber(head[2])
    if not at or at == score then return {'unusual'} end
    if not first or at < score then first, set, score = head[1], KEYS[i], at end
  end
  if not first then return false end
end

local value = call('HGET', tickets, first)
if not value or string.find(value, ',' .. agent .. ',', 1, true) then return {'unusual'} end
local weight = string.match(value, '^%d+ (%d+)')
if has + weight > tonumber(free) then return false end
hold(first, set, weight, agent, has, lease, ends)
return {first, value}
