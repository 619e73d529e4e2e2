-- All who are there or were not long ago, or those whom it is asked for.
-- KEYS   as in roster.lua
-- ARGV   in how many ms a strain is halved, for how long somebody is remembered after going (ms), then perhaps an agent
-- result {{agent, status, since, idle, lost, strain, rest, reason}, …}, in no order
local halves, memory, list = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for _, agent in ipairs(ARGV[3] and {ARGV[3]} or call('HKEYS', agents)) do
  local p = read(agent)
  if p and not ARGV[3] and p.status == 'offline' and now - p.since > memory then
    call('HDEL', agents, agent)
  elseif p then
    list[#list + 1] = told(agent, p, halves)
  end
end
return list
