-- The days on which enterprises were visited, a row a year: from when to when as days since 1970-01-01, its days as hexadecimal bits (the first
-- is 1 January; four bytes of length before them), and those with a further visit. $1 district, $2 the transaction from which on they were written, or null (all).
select v.kind, v.enterprise_id as cell_id, make_date(v.year, 1, 1) - date '1970-01-01' as start, make_date(v.year + 1, 1, 1) - date '1970-01-01' as until,
       encode(bit_send(v.days), 'hex') as days, case when v.more = '{}' then '' else substr(v.more::text, 2) end as more
from visit_year v where v.district_id = $1::int and ($2::text is null or v.tx >= $2::text::xid8) order by v.enterprise_id, v.year
