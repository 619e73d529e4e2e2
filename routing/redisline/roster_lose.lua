-- Ends an agent's lease.
-- KEYS   as in roster.lua
-- ARGV   agent
-- result 1; 0 if the agent is offline or not known
local p = read(ARGV[1])
if not p or p.status == 'offline' then return 0 end
p.till = now
write(ARGV[1], p)
return 1
