-- Receivers of notices: registering them, and who delivers to which.

-- How a receiver does: after eight failures in a row, which take four minutes, it counts as dead. It is tried on, every hour at last.
create or replace function webhook_state(w webhook) returns text language sql immutable as $$
  select case when w.failures = 0 then 'ok' when w.failures < 8 then 'failing' else 'dead' end
$$;

-- A receiver as it is told, without its secret.
create or replace function webhook_doc(w webhook) returns jsonb language sql stable as $$
  select jsonb_build_object('id', w.id, 'district', w.district_id, 'url', w.url, 'topics', to_jsonb(w.topics), 'state', webhook_state(w), 'delivered_up_to', w.delivered_up_to,
    'waiting', (select count(*) from (select from notice n where n.district_id = w.district_id and n.id > w.delivered_up_to and webhook_wants(w, n) limit 1000) x),
    'delivered_at', w.delivered_at, 'failures', w.failures, 'failing_since', w.failing_since, 'last_error', w.last_error,
    'next_at', case when w.failures > 0 then w.next_at end, 'created_at', w.created_at)
$$;

-- Registers a receiver, for what is written from now on. Returns its id.
create or replace function webhook_create(p_district integer, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  if not exists (select from district where id = p_district) then raise exception 'There is no district %.', p_district using errcode = 'GR404'; end if;
  insert into webhook (district_id, url, secret, topics, delivered_up_to)
  select p_district, p_body->>'url', p_body->>'secret', coalesce((select array_agg(t) from jsonb_array_elements_text(p_body->'topics') t), '{}'), h.id from notice_head h
  returning id into v_id;
  perform trail(p_district, p_actor, 'create', 'webhook', v_id::text, null, null, p_body - 'secret', p_request);
  return v_id;
end $$;

-- Ends a receiver.
create or replace function webhook_end(p_id bigint, p_actor text, p_request text) returns void
language plpgsql as $$
declare w webhook;
begin
  update webhook set ended_at = now(), secret = repeat('-', 16) where id = p_id and ended_at is null returning * into w;
  if w.id is null then raise exception 'There is no such webhook.' using errcode = 'GR404'; end if;
  perform trail(w.district_id, p_actor, 'end', 'webhook', p_id::text, null, jsonb_build_object('url', w.url), null, p_request);
end $$;

-- Whether a receiver wants a notice. What is for one account alone is sent to no receiver.
create or replace function webhook_wants(w webhook, n notice) returns boolean language sql immutable as $$
  select n.account_id is null and (w.topics = '{}' or n.topic = any (w.topics) or split_part(n.topic, '.', 1) = any (w.topics))
$$;

-- Takes a receiver for which something may wait and at which no other server is, for p_seconds. Its notices up to p_head are all there.
create or replace function webhook_claim(p_seconds integer) returns table (id bigint, url text, secret text, delivered_up_to bigint, kept_after bigint, head bigint, lease uuid)
language sql as $$
  update webhook w set lease = gen_random_uuid(), leased_until = now() + make_interval(secs => p_seconds)
  from notice_head h
  where w.id = (select c.id from webhook c where c.ended_at is null and c.next_at <= now() and coalesce(c.leased_until < now(), true) and c.delivered_up_to < (select x.id from notice_head x)
                order by c.next_at, c.id limit 1 for update skip locked)
  returning w.id, w.url, w.secret, w.delivered_up_to, h.kept_after, h.id, w.lease
$$;
