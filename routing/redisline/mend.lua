-- Adds the tickets that are missing and replaces those that differ, unless they were put or dropped since the mark.
-- KEYS   as in common.lua
-- ARGV   mark (µs), then for each ticket: conversation, since (ms), head start (ms), ticket
-- result {added, changed}
local mark, added, changed = tonumber(ARGV[1]), 0, 0
for i = 2, #ARGV, 4 do
  local conversation, since, head, ticket = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 3]
  local old = read(conversation)
  if not old then
    if tonumber(redis.call('ZSCORE', dropped, conversation) or 0) < mark then
      write(conversation, since, head, 0, ticket)
      added = added + 1
    end
  elseif old.put < mark and (old.since ~= since or old.head ~= head or old.ticket ~= ticket) then
    write(conversation, since, head, old.put, ticket)
    changed = changed + 1
  end
end
return {added, changed}
