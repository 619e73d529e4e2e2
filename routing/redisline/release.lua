-- Puts back at its old place what the agent holds.
-- KEYS   as in keys.lua
-- ARGV   conversation, agent
-- result 1; 0 if the agent does not hold it
settle()
if holder(ARGV[1]) ~= ARGV[2] then return 0 end
put_back(ARGV[1])
return 1
