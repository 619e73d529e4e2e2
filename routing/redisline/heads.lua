-- The first waiting tickets of each class.
-- KEYS   as in common.lua
-- ARGV   how many of each, 1 or more; how many in all
-- result {conversation, value in tickets, conversation, value, …}, class by class
local result, each, most = {}, tonumber(ARGV[1]), tonumber(ARGV[2])
local classes = call('ZRANGE', heads, 0, most - 1)
each = math.max(1, math.min(each, math.floor(most / math.max(1, #classes))))
for _, class in ipairs(classes) do
  for _, conversation in ipairs(call('ZRANGE', set_of(class), 0, each - 1)) do
    result[#result + 1] = conversation
    result[#result + 1] = call('HGET', tickets, conversation) or ''
  end
end
return result
