-- Whether the areal cells of a district stand on a day as on an earlier one: which there are, below which, with which shapes. $1 district, $2 earlier day, $3 day.
select not exists (
  select from (
    select cell_id, valid from cell_shape where district_id = $1::int and upper_inf(recorded)
    union all
    select p.cell_id, p.valid from cell_parent p where p.district_id = $1::int and upper_inf(p.recorded)
    union all
    select l.cell_id, l.valid from cell_life l where l.district_id = $1::int and upper_inf(l.recorded)) said
  join cell c on c.district_id = $1::int and c.id = said.cell_id and c.level <= 3
  where lower(said.valid) > $2::date and lower(said.valid) <= $3::date or upper(said.valid) > $2::date and upper(said.valid) <= $3::date) as same
