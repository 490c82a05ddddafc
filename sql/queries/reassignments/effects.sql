-- What a plan that has just been carried out changes hands of the register: enterprises and posts. $1 id.
select reassignment_effects($1::uuid)::text as doc
