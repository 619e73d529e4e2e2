-- Holds the first waiting ticket of the classes that an agent serves, also where leases have ended, and where heads except
-- the agent or stand at the same place. It looks a few tickets far into each class.
-- KEYS   as in keys.lua, then the sets of the classes that the agent serves
-- ARGV   as for claim.lua, then how far to look
-- result as of claim.lua, but never {"unusual"}
local agent, free, lease, version, ahead = unpack(ARGV)
local me = ',' .. agent .. ','
local ends = settle()
local now = call('HMGET', book, 'version', 'a' .. agent)
local has = now[2] or 0
if (now[1] or '') ~= version then return {'classes', now[1] or '', call('HGET', book, 'classes') or ''} end

-- before is the order of the line: Lua's own comparison of strings would go by the server's locale.
local function before(a, b)
  local x, y = tonumber(a.list[a.at + 1]), tonumber(b.list[b.at + 1])
  if x ~= y then return x < y end
  return call('ZRANK', line, a.list[a.at]) < call('ZRANK', line, b.list[b.at])
end

local rows = {}
for i = 6, #KEYS do
  rows[#rows + 1] = {set = KEYS[i], at = 1, list = call('ZRANGE', KEYS[i], 0, ahead - 1, 'WITHSCORES')}
end

while true do
  local best
  for _, row in ipairs(rows) do
    if row.list[row.at] and (not best or before(row, best)) then best = row end
  end
  if not best then return false end
  local conversation = best.list[best.at]
  local t = read(conversation)
  if t and not string.find(t.except, me, 1, true) then
    if has + t.weight > tonumber(free) then return false end
    hold(conversation, best.set, t.weight, agent, has, lease, ends)
    return {conversation, t.value}
  end
  best.at = best.at + 2
end
