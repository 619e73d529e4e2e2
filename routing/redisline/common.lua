-- Stands, after keys.lua, before every script that changes what waits or is held, or asks for it. Each settles first.
local function parse(value)
  local put, weight, since, head, class, except, ticket =
    string.match(value, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
  return {
    put = tonumber(put), weight = weight, since = tonumber(since), head = tonumber(head), class = class,
    except = except, ticket = ticket, value = value,
  }
end

local function read(conversation)
  local value = call('HGET', tickets, conversation)
  if value then return parse(value) end
end

-- note_class puts a class into the book, and when that grows long takes those out in which nobody waits any more. So the
-- version changes only when a class comes that is new, and not each time that one runs empty or fills again.
local function note_class(class)
  local classes = call('HGET', book, 'classes') or ''
  if string.find('\n' .. classes, '\n' .. class .. '\n', 1, true) then return end
  if #classes > 1000 then
    local left = {}
    for c in string.gmatch(classes, '[^\n]+') do
      if call('EXISTS', set_of(c)) == 1 then left[#left + 1] = c .. '\n' end
    end
    classes = table.concat(left)
  end
  call('HSET', book, 'classes', classes .. class .. '\n', 'version', string.format('%.0f', micros))
end

-- enter puts into the line.
local function enter(...)
  call('ZADD', line, ...)
  call('PERSIST', book)
end

-- wait puts into its class what is in the line.
local function wait(conversation, score, class)
  if call('ZADD', set_of(class), score, conversation) == 1 then note_class(class) end
end

-- holder returns the agent who holds it, what it weighs to them, and until when.
local function holder(conversation)
  local value = call('HGET', holders, conversation)
  if not value then return nil end
  local weight, till, agent = string.match(value, '^(%d+) (%d+) (.*)$')
  return agent, weight, tonumber(till)
end

local function write_holder(conversation, weight, till, agent)
  call('HSET', holders, conversation, string.format('%s %.0f %s', weight, till, agent))
end

-- renew lets a claim stand until then. ends is the book's lease.
local function renew(conversation, till, ends)
  local agent, weight = holder(conversation)
  write_holder(conversation, weight, till, agent)
  if not ends or till < tonumber(ends) then call('HSET', book, 'lease', till) end
end

-- unhold takes a held conversation from its agent; it is then in the line alone.
local function unhold(conversation, agent, weight)
  call('HDEL', holders, conversation)
  if call('HINCRBY', book, 'a' .. agent, -weight) <= 0 then call('HDEL', book, 'a' .. agent) end
  if call('EXISTS', holders) == 0 then call('HDEL', book, 'lease') end
end

local function put_back(conversation)
  local agent, weight = holder(conversation)
  unhold(conversation, agent, weight)
  local t = read(conversation)
  if t then wait(conversation, t.since - t.head, t.class) end
end

local function out(conversation, t)
  local agent, weight = holder(conversation)
  call('HDEL', tickets, conversation)
  call('ZREM', line, conversation)
  if agent then return unhold(conversation, agent, weight) end
  call('ZREM', set_of(t.class), conversation)
end

-- hold gives to the agent what waits in the set of a class. has is what they hold already; ends is the book's lease.
local function hold(conversation, set, weight, agent, has, lease, ends)
  local till = millis + lease
  call('ZREM', set, conversation)
  write_holder(conversation, weight, till, agent)
  if ends and tonumber(ends) <= till then
    call('HSET', book, 'a' .. agent, has + weight)
  else
    call('HSET', book, 'a' .. agent, has + weight, 'lease', till)
  end
end

-- settle brings back whose lease has ended, before anything else is done. It returns the book's lease. It looks at all that
-- are held, so the more they are the longer it is until it looks again: some milliseconds for hundreds.
local function settle()
  local ends = call('HGET', book, 'lease')
  if not ends or tonumber(ends) > millis then return ends end
  local all, next_end = call('HGETALL', holders), nil
  for i = 1, #all, 2 do
    local till = tonumber(string.match(all[i + 1], '^%d+ (%d+)'))
    if till <= millis then
      put_back(all[i])
    elseif not next_end or till < next_end then
      next_end = till
    end
  end
  if next_end then
    next_end = math.max(next_end, millis + math.floor(#all / 100))
    call('HSET', book, 'lease', next_end)
  end
  return next_end
end
