-- Says how the house finds an agent to stand, who does not thereby show life.
-- KEYS   as in roster.lua
-- ARGV   agent, the status they had, the status, in how many ms a strain is halved, reason
-- result {agent, status, since, idle, lost, strain, rest, reason}; nothing if they do not have that status any more
local agent, was, status, halves, reason = unpack(ARGV)
local p = read(agent)
if not p or p.status ~= was then return {} end
if p.status ~= status then
  p.status, p.since = status, now
  if status == 'online' then p.idle = now end
end
p.reason = reason
write(agent, p)
return told(agent, p, tonumber(halves))
