-- Holds the first waiting ticket of the classes that an agent serves, where that is the head of its class, as it nearly
-- always is. Only heads are looked at, so the cost does not go by how many wait. All that is unusual is left to
-- claim_behind.lua. It stands alone, and does by itself what hold in common.lua does: each claim pays for what stands here,
-- for each call, each key, and dearly for each number that Redis is handed as a number and not as a word.
-- KEYS   tickets, holders and book of keys.lua, then the sets of the classes that the agent serves
-- ARGV   agent, weight that the agent has room for, lease (ms), the version of the classes among which these are all
-- result {conversation, value in tickets}; nil if nothing waits for them or the first is too much; {"unusual"};
--        {"classes", version, classes} if these have changed since
local call = redis.call
local clock = call('TIME')
local millis = clock[1] * 1000 + clock[2] / 1000 -- what is written is cut to whole ones
local agent, book = ARGV[1], KEYS[3]
local mine = 'a' .. agent
local now = call('HMGET', book, 'lease', 'version', mine)
local ends, version, has = tonumber(now[1]), now[2] or '', now[3]
if ends and ends <= millis then return {'unusual'} end
if version ~= ARGV[4] then return {'classes', version, call('HGET', book, 'classes') or ''} end

local set, first, score = KEYS[4], nil, nil
if not set then return false end
if #KEYS == 4 then
  first = call('ZRANGE', set, '0', '0')[1]
else
  for i = 4, #KEYS do
    local head = call('ZRANGE', KEYS[i], '0', '0', 'WITHSCORES')
    local at = tonumber(head[2])
    if at and at == score then return {'unusual'} end
    if at and (not first or at < score) then set, first, score = KEYS[i], head[1], at end
  end
end
if not first then return false end

local value = call('HGET', KEYS[1], first)
if not value or string.find(value, ',' .. agent .. ',', 1, true) then return {'unusual'} end
local weight = string.match(value, '^%d+ (%d+)')
has = has and string.format('%d', has + weight) or weight
if tonumber(has) > tonumber(ARGV[2]) then return false end
local till = millis + ARGV[3]
local word = string.format('%d', till)
call('ZREM', set, first)
call('HSET', KEYS[2], first, weight .. ' ' .. word .. ' ' .. agent)
if ends and ends <= till then
  call('HSET', book, mine, has)
else
  call('HSET', book, mine, has, 'lease', word)
end
return {first, value}
