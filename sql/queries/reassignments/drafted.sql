-- Notes what the new operations of a plan are drafted upon. $1 id, $2 that, $3 problems, both as carry.sql found them.
select operations_drafted($1::uuid, $2::jsonb, $3::jsonb)
