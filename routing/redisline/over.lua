-- How many more may stand in the line than were read: those that were dropped since the mark stood in what was read, too.
-- KEYS   as in keys.lua
-- ARGV   mark (µs), how many were read
-- result the number; 0 or less if there is none too many
return call('HLEN', tickets) + call('ZCOUNT', dropped, ARGV[1], '+inf') - ARGV[2]
