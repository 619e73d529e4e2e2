-- A sign of life of agents.
-- KEYS   as in roster.lua
-- ARGV   lease (ms), then the agents
-- result those of whom it is not known that they are there
local unknown = {}
for i = 2, #ARGV do
  local p = read(ARGV[i])
  if not p or p.lost == 1 then
    unknown[#unknown + 1] = ARGV[i]
  else
    p.till = now + ARGV[1]
    write(ARGV[i], p)
  end
end
return unknown
