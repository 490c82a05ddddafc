-- Receivers by id. $1 district or null, $2 id or null, $3 after, $4 how many.
select w.id, w.district_id, webhook_doc(w)::text as doc from webhook w
where w.ended_at is null and ($1::int is null or w.district_id = $1::int) and ($2::bigint is null or w.id = $2::bigint) and w.id > $3::bigint order by w.id limit $4::int
