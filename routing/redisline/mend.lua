-- Adds the tickets that are missing and replaces those that differ, unless they were put or dropped since the mark. It
-- asks and writes in one go each: it is what brings back a line of a million.
-- KEYS   as in keys.lua
-- ARGV   mark (µs), then for each ticket: conversation, what follows "put " in tickets, class, score
-- result {added, changed}
settle()
local mark = tonumber(ARGV[1])
local conversations = {}
for i = 2, #ARGV, 4 do conversations[#conversations + 1] = ARGV[i] end
if #conversations == 0 then return {0, 0} end
local values = call('HMGET', tickets, unpack(conversations))
local any_dropped, any_held = call('EXISTS', dropped) == 1, call('EXISTS', holders) == 1

local function put_time(value) return tonumber(string.match(value, '^%d+')) end

local function is_new(conversation)
  return not any_dropped or tonumber(call('ZSCORE', dropped, conversation) or 0) < mark
end

local added, changed, done = 0, 0, {}
local written, places, of_class = {}, {}, {}
for i, conversation in ipairs(conversations) do
  local rest, class, score, value = ARGV[4 * i - 1], ARGV[4 * i], ARGV[4 * i + 1], values[i]
  local put
  if done[conversation] then
    put = nil -- it stands there twice: the first counts
  elseif not value then
    if is_new(conversation) then put, added = '0', added + 1 end
  elseif string.sub(value, string.find(value, ' ', 1, true) + 1) ~= rest and put_time(value) < mark then
    put, changed = string.match(value, '^%d+'), changed + 1
  end
  done[conversation] = true
  if put then
    written[#written + 1], written[#written + 2] = conversation, put .. ' ' .. rest
    places[#places + 1], places[#places + 2] = score, conversation
    if not any_held or call('HEXISTS', holders, conversation) == 0 then
      local old = value and parse(value)
      if old and old.class ~= class then call('ZREM', set_of(old.class), conversation) end
      local set = of_class[class] or {}
      of_class[class] = set
      set[#set + 1], set[#set + 2] = score, conversation
    end
  end
end
if #written > 0 then
  call('HSET', tickets, unpack(written))
  enter(unpack(places))
end
for class, set in pairs(of_class) do
  call('ZADD', set_of(class), unpack(set))
  note_class(class)
end
return {added, changed}
