-- Forgets some of the notices that are older. $1 days.
select notices_forget($1::int) as forgotten
