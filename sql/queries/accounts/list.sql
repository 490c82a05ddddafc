-- Accounts by id. $1 after, $2 how many, $3 id or null.
select a.id, a.person_id as person, account_doc(a)::text as doc from account a where a.id > $1::bigint and ($3::bigint is null or a.id = $3::bigint)
order by a.id limit $2::int
