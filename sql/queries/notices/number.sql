-- Numbers what waits in the outbox. $1 how many rows at most. Returns how many were taken.
select notices_number($1::int) as taken
