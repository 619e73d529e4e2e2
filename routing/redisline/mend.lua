-- Adds the tickets that are missing and replaces those that differ, unless they were put or dropped since the mark.
-- KEYS   as in common.lua
-- ARGV   mark (µs), then for each ticket: conversation, since (ms), head start (ms), weight, class, except, ticket
-- result {added, changed}
local mark, added, changed, classes = tonumber(ARGV[1]), 0, 0, {}
for i = 2, #ARGV, 7 do
  local conversation, since, head = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local weight, class, except, ticket = ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6]
  local old = read(conversation)
  if not old then
    if tonumber(call('ZSCORE', dropped, conversation) or 0) < mark then
      write(conversation, nil, since, head, 0, weight, class, except, ticket)
      added, classes[class] = added + 1, true
    end
  elseif old.put < mark and (old.since ~= since or old.head ~= head or old.ticket ~= ticket) then
    write(conversation, old, since, head, old.put, weight, class, except, ticket)
    changed, classes[class], classes[old.class] = changed + 1, true, true
  end
end
for class in pairs(classes) do note_head(class) end
return {added, changed}
