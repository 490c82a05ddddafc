-- The schemes of the codes that the cells of a district have had, on any day, in byte order. $1 district.
select distinct scheme collate "C" as scheme from cell_code where district_id = $1::int order by 1
