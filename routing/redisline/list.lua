-- The first waiting tickets.
-- KEYS   as in keys.lua
-- ARGV   how many, 0 or more
-- result {total, conversation, value in tickets, conversation, value, …}
settle()
local result = {call('ZCARD', waiting)}
if ARGV[1] == '0' then return result end
for _, conversation in ipairs(call('ZRANGE', waiting, 0, ARGV[1] - 1)) do
  result[#result + 1] = conversation
  result[#result + 1] = call('HGET', tickets, conversation) or ''
end
return result
