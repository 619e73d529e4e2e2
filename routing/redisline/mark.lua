-- The time after which a put or a drop is newer than what a reconcile is about to read.
-- KEYS   as in keys.lua
-- ARGV   none
-- result the time in microseconds, as text
return string.format('%.0f', micros)
