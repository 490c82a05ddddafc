-- The hash chain of the trail: what has been changed, added or taken out behind its back no longer fits.

-- The hash of a row of the trail after that of the one before it (SHA-256).
create or replace function audit_hash(p_before bytea, a audit) returns bytea language sql immutable as $$
  select sha256(p_before || convert_to(jsonb_build_array(a.id, a.district_id, extract(epoch from a.at), a.actor, a.action, a.entity, a.entity_id, a.reason, a.before, a.after, a.request_id, a.tx::text)::text, 'UTF8'))
$$;

-- Seals the rows of transactions from p_from on and before p_until that have no seal yet, in order of id, and notes that what began before p_below is sealed. Returns how many.
create or replace function audit_seal_rows(p_from xid8, p_until xid8, p_below xid8) returns bigint
language plpgsql as $$
declare v_hash bytea := '\x'; v_n bigint := 0; v_count bigint := 0; a audit;
begin
  select n, hash into v_n, v_hash from audit_seal order by n desc limit 1;
  v_n := coalesce(v_n, 0); v_hash := coalesce(v_hash, '\x');
  for a in select * from audit t where t.tx >= p_from and t.tx < p_until and not exists (select from audit_seal x where x.audit_id = t.id) order by t.id loop
    v_n := v_n + 1; v_count := v_count + 1;
    v_hash := audit_hash(v_hash, a);
    insert into audit_seal (n, audit_id, hash, below) values (v_n, a.id, v_hash, p_below);
  end loop;
  return v_count;
end $$;

-- Seals what was written by transactions that ended before any that still runs began. Returns how many rows. One server at a time.
create or replace function audit_seal_up() returns bigint
language plpgsql as $$
declare v_from xid8; v_below xid8 := pg_snapshot_xmin(pg_current_snapshot());
begin
  if not pg_try_advisory_xact_lock(7104) then return 0; end if;
  select below into v_from from audit_seal order by n desc limit 1;
  return audit_seal_rows(coalesce(v_from, '0'::xid8), v_below, v_below);
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

-- Mends what refers to numbers of transactions in a database that was restored into another cluster, where they begin anew: years of visits would be read again and again until
-- they had been passed, and what is new in the trail would seem long sealed. All of the old trail is sealed, for none of its transactions can still run. Called by migrate.
create or replace function transactions_renumbered() returns void
language plpgsql as $$
declare v_next xid8 := pg_snapshot_xmax(pg_current_snapshot()); v_below xid8 := pg_snapshot_xmin(pg_current_snapshot());
begin
  if not exists (select from audit where tx >= v_next) and not exists (select from visit_year where tx >= v_next)
     and not exists (select from audit_seal where below > v_next) then return; end if;
  perform pg_advisory_xact_lock(7104);
  update visit_year set tx = v_below where tx >= v_next;
  perform audit_seal_rows('0', '18446744073709551615', v_below);
  update audit_seal set below = v_below where n = (select max(n) from audit_seal);
end $$;
