-- Stands before every script of a line but claim.lua; all of them get the same keys. They are one team's and share its hash tag:
-- KEYS 1 line     sorted set: conversation by score, in milliseconds; all that are in the line, waiting or held
--      2 tickets  hash: conversation to "put weight since head_start class except ticket": put (when it was put last) in
--                 microseconds, weight in hundredths, since and head_start in milliseconds, class as Ticket.Class has it,
--                 except "," or ",agent,agent,", ticket as Go wrote it
--      3 holders  hash: conversation to "weight till agent": who holds it until when, in milliseconds, and what it weighed
--                 when it was claimed. It is short: what is offered, or claimed for the moment of an append
--      4 book     hash: "a" and an agent to the weight of all they hold; "classes" to the classes that somebody may wait
--                 in, each with a line feed, and "version" to when they were changed last, in microseconds; "lease" to a
--                 time in milliseconds before which no lease is looked at
--      5 dropped  sorted set: conversation by when it was dropped, in microseconds
-- and for each class the sorted set "<line>:<class>" of its waiting conversations by score. To claim, these are declared
-- as further keys. Where a script learns only from a ticket or the book which class it is, they are not: but their names
-- begin with a declared key and so have its hash tag, which puts them into the same slot. A cluster keeps a slot on one node,
-- moves it as a whole, and lets a script touch any key in the slot of those that it declared.
-- A conversation in tickets is in line, and in its class or in holders, never in both. Times are of this Redis' clock.
local call = redis.call
local line, tickets, holders, book, dropped = unpack(KEYS)
local clock = call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local millis = math.floor(micros / 1000)

local function set_of(class) return line .. ':' .. class end
