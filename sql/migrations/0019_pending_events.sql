-- What is pending is an event in a row of its own, with all that its series are made of (counted_columns): which they are is settled when it is
-- folded or read. What was pending is counted anew after a migration.
drop table tally_pending;
create table tally_pending (
  district_id integer not null,
  chain_id integer not null,
  kind text not null,
  source text not null,
  grade text not null,
  day date not null,
  due_on date,
  closed_on date,
  reviewed_on date,
  n integer not null             -- 1: counted; -1: taken back; an import counts those that are alike together
);
create index tally_pending_district on tally_pending (district_id);
drop function if exists event_counts(text, jsonb);

-- Where a server that has the map in memory finds an event that names no enterprise: the leaf at its point on its day and the leaf's chain, if it knows
-- that, on the map of a version.
create type told_place as (map_version bigint, leaf bigint, chain_id integer);
drop function if exists event_record(text, integer, jsonb, text, text);
drop function if exists stamp(integer, timestamptz, jsonb);
