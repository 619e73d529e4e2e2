-- The first waiting tickets.
-- KEYS   as in keys.lua
-- ARGV   how many, 0 or more
-- result {total, conversation, value in tickets, conversation, value, …}
settle()
local most, are_held = tonumber(ARGV[1]), call('HLEN', holders)
local result = {call('ZCARD', line) - are_held}
if most == 0 then return result end
for _, conversation in ipairs(call('ZRANGE', line, 0, most + are_held - 1)) do
  if #result > 2 * most then break end
  if are_held == 0 or call('HEXISTS', holders, conversation) == 0 then
    result[#result + 1] = conversation
    result[#result + 1] = call('HGET', tickets, conversation) or ''
  end
end
return result
