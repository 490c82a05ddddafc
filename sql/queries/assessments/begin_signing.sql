-- Claims a draft for its signature. $1 id, $2 version, $3 document number or null (the draft's), $4 account. Returns the instant of knowledge.
select assessment_begin_signing($1::uuid, $2, $3, $4::bigint) as known_at
