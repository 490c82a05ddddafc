-- What became of a delivery, by who still has the receiver. $1 its id, $2 lease, $3 up to where it is delivered, or null, $4 what went wrong, or null. After the nth failure in a
-- row it is tried again in 2^(n-1) seconds, and within an hour at the latest.
update webhook set lease = null, leased_until = null, delivered_up_to = coalesce($3::bigint, delivered_up_to),
  delivered_at = case when $4::text is null and $3::bigint is not null then now() else delivered_at end,
  failures = case when $4::text is null then 0 else failures + 1 end, failing_since = case when $4::text is not null then coalesce(failing_since, now()) end, last_error = $4::text,
  next_at = case when $4::text is null then now() else now() + least(3600, power(2, least(failures, 12))) * interval '1 second' end
where id = $1::bigint and lease = $2::uuid
