-- Stands before every script of this package. All of them get the same keys, which are one team's and share its hash tag:
-- KEYS 1 waiting  sorted set: conversation by score, in milliseconds
--      2 held     sorted set: conversation by end of its lease, in milliseconds
--      3 tickets  hash: conversation to "since head_start put ticket"; since and head_start in milliseconds, put (when it
--                 was put last) in microseconds, ticket as Go wrote it
--      4 holders  hash: conversation to the agent who holds it
--      5 holds    hash: agent to the number of tickets held
--      6 dropped  sorted set: conversation by when it was dropped, in microseconds
-- A conversation in tickets is in waiting or in held, never in both. Times are of this Redis' clock.
local waiting, held, tickets, holders, holds, dropped = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local millis = math.floor(micros / 1000)

local function read(conversation)
  local value = redis.call('HGET', tickets, conversation)
  if not value then return nil end
  local since, head, put, ticket = string.match(value, '^(%S+) (%S+) (%S+) (.*)$')
  return {since = tonumber(since), head = tonumber(head), put = tonumber(put), ticket = ticket, value = value}
end

local function write(conversation, since, head, put, ticket)
  redis.call('HSET', tickets, conversation, string.format('%.0f %.0f %.0f %s', since, head, put, ticket))
  if redis.call('HEXISTS', holders, conversation) == 0 then
    redis.call('ZADD', waiting, since - head, conversation)
  end
end

-- unhold takes a held conversation from its agent; it is then in neither set.
local function unhold(conversation, agent)
  redis.call('ZREM', held, conversation)
  redis.call('HDEL', holders, conversation)
  if redis.call('HINCRBY', holds, agent, -1) <= 0 then redis.call('HDEL', holds, agent) end
end

local function put_back(conversation, agent)
  unhold(conversation, agent)
  local t = read(conversation)
  if t then redis.call('ZADD', waiting, t.since - t.head, conversation) end
end

local function out(conversation)
  local agent = redis.call('HGET', holders, conversation)
  if agent then unhold(conversation, agent) end
  redis.call('ZREM', waiting, conversation)
  return redis.call('HDEL', tickets, conversation)
end

local function held_by(agent)
  return tonumber(redis.call('HGET', holds, agent) or 0)
end

-- hold gives to the agent what waits.
local function hold(conversation, agent, lease)
  redis.call('ZREM', waiting, conversation)
  redis.call('ZADD', held, millis + lease, conversation)
  redis.call('HSET', holders, conversation, agent)
  redis.call('HINCRBY', holds, agent, 1)
end

-- Leases that have ended come back before anything else happens; what is beyond a hundred comes back with the next call.
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', held, '-inf', millis, 'LIMIT', 0, 100)) do
  put_back(conversation, redis.call('HGET', holders, conversation))
end
