-- Puts so many into a leaky bucket, if they fit (GCRA). Times are microseconds of this Redis' clock.
-- KEYS   the bucket: the moment at which it is empty again; gone when that has passed
-- ARGV   how many, in what time one leaks out, how many it holds
-- result 0; else they did not fit, and this is how long to wait
local n, every, run = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local empty = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + n * every
local wait = empty - now - run * every
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', empty), 'PX', math.ceil((empty - now) / 1000))
return 0
