-- Stands before every script of this package. All of them get the same keys, which are one team's and share its hash tag:
-- KEYS 1 waiting  sorted set: conversation by score, in milliseconds
--      2 held     sorted set: conversation by end of its lease, in milliseconds
--      3 tickets  hash: conversation to "put since head_start weight class except ticket": put (when it was put last) in
--                 microseconds, since and head_start in milliseconds, weight in hundredths, class as Ticket.Class has it,
--                 except "," or ",agent,agent,", ticket as Go wrote it
--      4 holders  hash: conversation to "weight agent": who holds it, and what it weighed when it was claimed
--      5 holds    hash: agent to the weight of the tickets held
--      6 dropped  sorted set: conversation by when it was dropped, in microseconds
--      7 heads    sorted set: class by the score of its first waiting ticket
-- and for each class in heads the sorted set "<heads>:<class>" of its waiting conversations by score. The names of these
-- are not declared: a script learns from heads which there are. They begin with a declared key and so have its hash tag, which
-- puts them into the same slot: a cluster serves them on the same node, moves them with it, and lets a script touch them.
-- A conversation in tickets is in waiting and in its class, or in held, never in both. Times are of this Redis' clock.
local call = redis.call
local waiting, held, tickets, holders, holds, dropped, heads = unpack(KEYS)
local clock = call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local millis = math.floor(micros / 1000)

local function parse(value)
  local put, since, head, weight, class, except, ticket =
    string.match(value, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
  return {
    put = tonumber(put), since = tonumber(since), head = tonumber(head), weight = weight, class = class,
    except = except, ticket = ticket, value = value,
  }
end

local function read(conversation)
  local value = call('HGET', tickets, conversation)
  if value then return parse(value) end
end

local function set_of(class) return heads .. ':' .. class end

-- note_head keeps what heads says of a class true.
local function note_head(class)
  local first = call('ZRANGE', set_of(class), 0, 0, 'WITHSCORES')
  if first[2] then call('ZADD', heads, first[2], class) else call('ZREM', heads, class) end
end

local function wait(conversation, score, class)
  call('ZADD', waiting, score, conversation)
  call('ZADD', set_of(class), score, conversation)
end

local function unwait(conversation, class)
  call('ZREM', waiting, conversation)
  call('ZREM', set_of(class), conversation)
end

-- holder returns the agent who holds it and what it weighs to them.
local function holder(conversation)
  local value = call('HGET', holders, conversation)
  if not value then return nil end
  local weight, agent = string.match(value, '^(%d+) (.*)$')
  return agent, weight
end

-- unhold takes a held conversation from its agent; it is then in neither set.
local function unhold(conversation, agent, weight)
  call('ZREM', held, conversation)
  call('HDEL', holders, conversation)
  if call('HINCRBY', holds, agent, -weight) <= 0 then call('HDEL', holds, agent) end
end

local function put_back(conversation)
  local agent, weight = holder(conversation)
  unhold(conversation, agent or '', weight or 0)
  local t = read(conversation)
  if not t then return end
  wait(conversation, t.since - t.head, t.class)
  note_head(t.class)
end

local function out(conversation, t)
  local agent, weight = holder(conversation)
  call('HDEL', tickets, conversation)
  if agent then
    unhold(conversation, agent, weight)
  else
    unwait(conversation, t.class)
    note_head(t.class)
  end
end

-- has_room tells whether the agent can hold so much more.
local function has_room(agent, weight, free)
  return (call('HGET', holds, agent) or 0) + weight <= tonumber(free)
end

-- hold gives to the agent what waits.
local function hold(conversation, t, agent, lease)
  unwait(conversation, t.class)
  note_head(t.class)
  call('ZADD', held, millis + lease, conversation)
  call('HSET', holders, conversation, t.weight .. ' ' .. agent)
  call('HINCRBY', holds, agent, t.weight)
end

-- Leases that have ended come back before anything else happens; what is beyond a hundred comes back with the next call.
for _, conversation in ipairs(call('ZRANGEBYSCORE', held, '-inf', millis, 'LIMIT', 0, 100)) do put_back(conversation) end
