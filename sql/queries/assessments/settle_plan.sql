-- Brings up to date where events stand after a plan that was carried out, to be rolled back. $1 plan.
select reassigned_settle(district_id) from reassignment where id = $1::uuid
