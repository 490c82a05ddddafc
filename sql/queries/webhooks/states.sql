-- How many receivers are in which state.
select count(*) filter (where webhook_state(w) = 'ok') as ok, count(*) filter (where webhook_state(w) = 'failing') as failing, count(*) filter (where webhook_state(w) = 'dead') as dead
from webhook w where ended_at is null
