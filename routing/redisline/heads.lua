-- The first waiting tickets of each class.
-- KEYS   as in keys.lua
-- ARGV   how many of each, 1 or more; how many in all
-- result {conversation, value in tickets, conversation, value, …}, class by class
local each, most = tonumber(ARGV[1]), tonumber(ARGV[2])
settle()
local classes = {}
for class in string.gmatch(call('HGET', book, 'classes') or '', '[^\n]+') do
  if call('EXISTS', set_of(class)) == 1 then classes[#classes + 1] = class end
end
each = math.max(1, math.min(each, math.floor(most / math.max(1, #classes))))
local result = {}
for i = 1, math.min(#classes, most) do
  for _, conversation in ipairs(call('ZRANGE', set_of(classes[i]), 0, each - 1)) do
    result[#result + 1] = conversation
    result[#result + 1] = call('HGET', tickets, conversation) or ''
  end
end
return result
