-- All districts, with their versions and their local day.
select d.id, coalesce(d.cell_id, 0) as cell_id, d.scheme, d.time_zone, d.holds_from, d.synthetic,
       (now() at time zone d.time_zone)::date as today,
       d.map_version, coalesce(sum(v.data), 0) as data_version,
       (select max(k.day) from event_key k where k.district_id = d.id) as last_day
from district d left join district_version v on v.district_id = d.id
group by d.id order by d.id
