-- Folds what is pending in the districts that have much of it.
select fold(district_id) from (
  select district_id from tally_pending group by district_id having count(*) >= 500) d
