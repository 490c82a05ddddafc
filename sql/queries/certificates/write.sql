-- Writes a certificate. $1 district, $2 id or null (a new one), $3 body, $4 actor, $5 request id. Returns the id.
select paper_write('certificate', $1::int, $2::bigint, certificate_row($1::int, $3::jsonb), $3::jsonb->>'reason', $4, $5) as id
