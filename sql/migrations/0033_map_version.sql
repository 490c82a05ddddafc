-- The version of a map stands with its district. Whoever writes an event looks whether the map on which it was placed still holds, and read for it sixteen rows that other
-- writers of events are changing.
alter table district add column map_version bigint not null default 0;
update district d set map_version = coalesce((select sum(v.map) from district_version v where v.district_id = d.id), 0);
alter table district_version drop column map;
drop function if exists places(integer, bigint, geometry, text);  -- place_days() tells on which days to ask
-- Later migrations count versions too, before the functions are made anew.
create or replace function version_up(p_district integer, p_map boolean, p_register boolean) returns void
language plpgsql as $$
declare v_slot smallint := pg_backend_pid() % 16;
begin
  if p_map then update district set map_version = map_version + 1 where id = p_district; end if;
  update district_version set data = data + 1, register = register + p_register::int where district_id = p_district and slot = v_slot;
  if not found then
    insert into district_version as v (district_id, slot, data, register) values (p_district, v_slot, 1, p_register::int)
    on conflict (district_id, slot) do update set data = v.data + 1, register = v.register + excluded.register;
  end if;
end $$;
