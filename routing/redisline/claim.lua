-- Holds the first waiting ticket of the classes that an agent serves, where that is the head of its class, as it nearly
-- always is. Only heads are looked at, so the cost does not go by how many wait. All that is unusual is left to
-- claim_behind.lua. It stands alone, and does by itself what hold in common.lua does: each claim pays for what stands here.
-- KEYS   as in keys.lua, then the sets of the classes that the agent serves
-- ARGV   agent, weight that the agent has room for, lease (ms), the version of the classes among which these are all
-- result {conversation, value in tickets}; nil if nothing waits for them or the first is too much; {"unusual"};
--        {"classes", version, classes} if these have changed since
local call = redis.call
local clock = call('TIME')
local millis = clock[1] * 1000 + math.floor(clock[2] / 1000)
local agent, book = ARGV[1], KEYS[4]
local now = call('HMGET', book, 'lease', 'version', 'a' .. agent)
local ends = now[1]
if ends and tonumber(ends) <= millis then return {'unusual'} end
if (now[2] or '') ~= ARGV[4] then return {'classes', now[2] or '', call('HGET', book, 'classes') or ''} end

local set, first, score = KEYS[6], nil, nil
if not set then return false end
if #KEYS == 6 then
  first = call('ZRANGE', set, 0, 0)[1]
else
  for i = 6, #KEYS do
    local head = call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
    local at = tonumber(head[2])
    if at and at == score then return {'unusual'} end
    if at and (not first or at < score) then set, first, score = KEYS[i], head[1], at end
  end
end
if not first then return false end

local value = call('HGET', KEYS[2], first)
if not value or string.find(value, ',' .. agent .. ',', 1, true) then return {'unusual'} end
local weight = string.match(value, '^%d+ (%d+)')
local has = (now[3] or 0) + weight
if has > tonumber(ARGV[2]) then return false end
local till = millis + ARGV[3]
call('ZREM', set, first)
call('HSET', KEYS[3], first, string.format('%s %.0f %s', weight, till, agent))
if ends and tonumber(ends) <= till then
  call('HSET', book, 'a' .. agent, has)
else
  call('HSET', book, 'a' .. agent, has, 'lease', till)
end
return {first, value}
