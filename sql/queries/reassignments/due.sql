-- The scheduled plans whose day has come, in their order.
select r.id from reassignment r join district d on d.id = r.district_id
where r.status = 'scheduled' and r.effective_on <= (now() at time zone d.time_zone)::date order by r.effective_on, r.scheduled_at
