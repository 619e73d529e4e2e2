-- Lets a claim stand for longer.
-- KEYS   as in common.lua
-- ARGV   conversation, agent, lease (ms) from now on
-- result 1; 0 if the agent does not hold it
if holder(ARGV[1]) ~= ARGV[2] then return 0 end
call('ZADD', held, millis + tonumber(ARGV[3]), ARGV[1])
return 1
