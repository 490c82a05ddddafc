-- The key under which ETags are sealed; the first is kept. $1 a fresh one.
insert into meta (key, value) values ('seal_key', $1) on conflict (key) do update set key = excluded.key returning value
