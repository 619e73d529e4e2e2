-- Holds the first waiting ticket that an agent can serve. Of each class only the head is looked at, or a few behind it that
-- except the agent, so the cost does not go by how many wait.
-- KEYS   as in common.lua
-- ARGV   agent, weight that the agent has room for, lease (ms), how far to look in a class, 1 for a supervisor or 0, 1 if
--        the line's own team is theirs or 0, then ",word,word," of the agent's teams, skills, and languages ("," for all)
-- result {conversation, value in tickets}; nil if nothing waits for them or the first is too much
local agent, free, lease, ahead, supervisor, own, teams, skills, languages = unpack(ARGV)

-- all tells whether each word of the list "word,word," is among those of have.
local function all(list, have)
  for word in string.gmatch(list, '[^,]+') do
    if not string.find(have, ',' .. word .. ',', 1, true) then return false end
  end
  return true
end

local function any(list, have)
  for word in string.gmatch(list, '[^,]+') do
    if string.find(have, ',' .. word .. ',', 1, true) then return true end
  end
  return false
end

local function serves(class)
  local raised, language, asks, also = string.match(class, '^(%d)|([^|]*)|([^|]*)|(.*)$')
  return (raised == '0' or supervisor == '1') and (own == '1' or any(also, teams)) and all(asks, skills)
    and (language == '' or languages == ',' or string.find(languages, ',' .. language .. ',', 1, true))
end

-- first_in returns the first ticket of a class that does not except the agent, its score and itself.
local function first_in(class)
  local set, step = set_of(class), 1 -- the head, then the rest at once
  local me, from = ',' .. agent .. ',', 0
  while from < tonumber(ahead) do
    local some = call('ZRANGE', set, from, step - 1, 'WITHSCORES')
    for i = 1, #some, 2 do
      local t = read(some[i])
      if t and not string.find(t.except, me, 1, true) then return some[i], tonumber(some[i + 1]), t end
    end
    if #some < 2 * (step - from) then return nil end
    from, step = step, tonumber(ahead)
  end
end

-- before is the order of the line: Lua's own comparison of strings would go by the server's locale.
local function before(a, b) return call('ZRANK', waiting, a) < call('ZRANK', waiting, b) end

local best, best_score, best_ticket
local from, batch = 0, 16
repeat
  local classes = call('ZRANGE', heads, from, from + batch - 1, 'WITHSCORES')
  for i = 1, #classes, 2 do
    if best and tonumber(classes[i + 1]) > best_score then
      batch = 0
      break
    end
    if serves(classes[i]) then
      local conversation, score, t = first_in(classes[i])
      if conversation and (not best or score < best_score or score == best_score and before(conversation, best)) then
        best, best_score, best_ticket = conversation, score, t
      end
    end
  end
  from = from + batch
until #classes < 32 or batch == 0

if not best or not has_room(agent, best_ticket.weight, free) then return false end
hold(best, best_ticket, agent, tonumber(lease))
return {best, best_ticket.value}
