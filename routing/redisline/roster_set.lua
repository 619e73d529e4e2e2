-- Says how it stands with an agent, who thereby shows life.
-- KEYS   as in roster.lua
-- ARGV   agent, status, lease (ms), in how many ms a strain is halved, reason
-- result {agent, status, since, idle, lost, strain, rest, reason}
local agent, status, lease, halves, reason = unpack(ARGV)
local p = read(agent) or {status = '', since = 0, idle = 0, strain = 0, strain_at = 0, rest = 0}
if p.status ~= status then
  p.status, p.since = status, now
  if status == 'online' then p.idle = now end
end
if status == 'online' and reason == 'ready' then p.rest, reason = 0, '' end
p.reason, p.lost, p.till = reason, 0, now + lease
write(agent, p)
return told(agent, p, tonumber(halves))
