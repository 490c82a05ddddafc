-- The hash chain of the trail: what has been changed, added or taken out behind its back no longer fits.

-- The hash of a row of the trail after that of the one before it (SHA-256).
create or replace function audit_hash(p_before bytea, a audit) returns bytea language sql immutable as $$
  select sha256(p_before || convert_to(jsonb_build_array(a.id, a.district_id, extract(epoch from a.at), a.actor, a.action, a.entity, a.entity_id, a.reason, a.before, a.after, a.request_id, a.tx::text)::text, 'UTF8'))
$$;

-- Seals what was written by transactions that ended before any that still runs began, in order of id. Returns how many rows. One server at a time.
create or replace function audit_seal_up() returns bigint
language plpgsql as $$
declare v_hash bytea; v_n bigint; v_from xid8; v_below xid8 := pg_snapshot_xmin(pg_current_snapshot()); v_count bigint := 0; a audit;
begin
  if not pg_try_advisory_xact_lock(7104) then return 0; end if;
  select n, hash, below into v_n, v_hash, v_from from audit_seal order by n desc limit 1;
  v_n := coalesce(v_n, 0); v_hash := coalesce(v_hash, '\x'); v_from := coalesce(v_from, '0'::xid8);
  for a in select * from audit where tx >= v_from and tx < v_below order by id loop
    v_n := v_n + 1; v_count := v_count + 1;
    v_hash := audit_hash(v_hash, a);
    insert into audit_seal (n, audit_id, hash, below) values (v_n, a.id, v_hash, v_below);
  end loop;
  return v_count;
end $$;

-- What does not fit: seals whose row is gone or another, or that are missing themselves, and rows that no seal knows though it should. Nothing, if all is well.
create or replace function audit_faults() returns table (n bigint, audit_id bigint, fault text)
language plpgsql as $$
declare v_hash bytea := '\x'; v_last bigint := 0; v_below xid8; s audit_seal; a audit;
begin
  for s in select * from audit_seal t order by t.n loop
    if s.n <> v_last + 1 then n := s.n; audit_id := s.audit_id; fault := format('seals %s to %s are missing', v_last + 1, s.n - 1); return next; end if;
    select * into a from audit t where t.id = s.audit_id;
    if a.id is null then n := s.n; audit_id := s.audit_id; fault := 'the row is gone'; return next;
    elsif audit_hash(v_hash, a) <> s.hash then n := s.n; audit_id := s.audit_id; fault := 'the row or a hash before it was changed'; return next; end if;
    v_hash := s.hash; v_last := s.n; v_below := s.below;
  end loop;
  return query select null::bigint, t.id, 'the row is older than the last seal, and has none'::text from audit t
    where t.tx < v_below and not exists (select from audit_seal x where x.audit_id = t.id) order by t.id;
end $$;
