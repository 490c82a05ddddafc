-- Takes rows that are no assignments out of incoming. $1 district, $2 scheme of areal cells, $3 of enterprises.
select external_id, what, value from incoming_bad_assignments($1::int, $2, $3)
