-- Starts an agent's idle time anew, and adds to their strain and breather.
-- KEYS   as in roster.lua
-- ARGV   agent, strain, the most there is, in how many ms it is halved, rest (ms)
-- result 1; 0 if the agent is not known
local agent, strain, most, halves, rest = unpack(ARGV)
local p = read(agent)
if not p then return 0 end
p.strain, p.strain_at = math.min(left(p, tonumber(halves)) + strain, tonumber(most)), now
if tonumber(rest) > 0 then p.rest = math.max(p.rest, now + rest) end
if p.status ~= 'offline' then p.idle = now end
write(agent, p)
return 1
