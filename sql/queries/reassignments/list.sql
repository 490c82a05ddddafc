-- Plans of a district, newest first. $1 district, $2 areas that they touch, as an array, or null, $3 status or null, $4 before this number, $5 how many, $6 only those that
-- somebody has not signed in time.
select r.seq as id, reassignment_doc(r)::text as doc from reassignment r
where r.district_id = $1::int and ($2::bigint[] is null or r.areas && $2::bigint[]) and ($3::text is null or reassignment_doc(r)->>'status' = $3::text)
  and (not $6::boolean or r.status = 'applied' and exists (select from reassignment_receipt s where s.plan = r.id and s.acknowledged_at is null and s.escalated_at is not null))
  and r.seq < $4::bigint order by r.seq desc limit $5::int
