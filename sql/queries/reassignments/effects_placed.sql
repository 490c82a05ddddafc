-- What a plan that has just been carried out changes hands, the open hazards among it. $1 id, $2 what it does of the register, a JSON object.
select ($2::jsonb || reassignment_handed($1::uuid))::text as doc
