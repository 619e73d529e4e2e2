-- Lets a claim stand for longer, or for less.
-- KEYS   as in keys.lua
-- ARGV   conversation, agent, lease (ms) from now on
-- result 1; 0 if the agent does not hold it
local ends = settle()
if holder(ARGV[1]) ~= ARGV[2] then return 0 end
renew(ARGV[1], millis + ARGV[3], ends)
return 1
