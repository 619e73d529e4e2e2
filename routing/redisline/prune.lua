-- Takes out tickets that wait no more, unless they were put since the mark.
-- KEYS   as in keys.lua
-- ARGV   mark (µs), then the conversations
-- result how many it took out
settle()
local mark, gone = tonumber(ARGV[1]), 0
for i = 2, #ARGV do
  local t = read(ARGV[i])
  if t and t.put < mark then
    out(ARGV[i], t)
    gone = gone + 1
  end
end
return gone
