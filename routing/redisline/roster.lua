-- Stands before every script of the roster, all of which get the same key.
-- KEYS 1 agents   hash: agent to "status since idle until lost strain strain_at rest reason". since, idle, until (end of the
--                 lease), strain_at and rest are milliseconds of this Redis' clock, 0 for never; lost is 1 or 0; strain is
--                 what it was at strain_at, in hundredths; reason is as Go wrote it, perhaps empty
local call = redis.call
local agents = KEYS[1]
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- read returns an agent as they are now: who showed no life until the end of their lease is offline since then, and lost.
local function read(agent)
  local value = call('HGET', agents, agent)
  if not value then return nil end
  local p = {}
  p.status, p.since, p.idle, p.till, p.lost, p.strain, p.strain_at, p.rest, p.reason =
    string.match(value, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
  for _, name in ipairs({'since', 'idle', 'till', 'lost', 'strain', 'strain_at', 'rest'}) do p[name] = tonumber(p[name]) end
  if p.status ~= 'offline' and p.till <= now then p.status, p.since, p.lost = 'offline', p.till, 1 end
  return p
end

local function write(agent, p)
  call('HSET', agents, agent, string.format('%s %.0f %.0f %.0f %.0f %.6f %.0f %.0f %s',
    p.status, p.since, p.idle, p.till, p.lost, p.strain, p.strain_at, p.rest, p.reason))
end

-- left is what is left of a strain that is halved in so many milliseconds.
local function left(p, halves) return p.strain * 2 ^ (-math.max(0, now - p.strain_at) / halves) end

-- told is an agent as Go reads it.
local function told(agent, p, halves)
  return {agent, p.status, p.since, p.idle, p.lost, math.floor(left(p, halves) + 0.5), p.rest, p.reason}
end
