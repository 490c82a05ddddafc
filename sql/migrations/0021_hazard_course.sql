-- How long hazards take is read from what is kept of it, no longer from the events.
drop index hazard_course;

-- How hazards went: per stamped chain and year of finding, an entry for each day, days taken, source and grade, in that order. The truth is this and what is pending.
create table hazard_course (
  district_id integer not null,
  chain_id integer not null references chain,
  year smallint not null,
  fold bigint not null,           -- the one that wrote it: who keeps courses in memory reads what is newer
  found smallint[] not null,      -- the day of the year, from 1
  took integer[] not null,        -- days from finding to closing; -1: open
  series_id smallint[] not null,  -- that of hazard_found
  n integer[] not null,
  primary key (district_id, chain_id, year)
);
create index hazard_course_fold on hazard_course (district_id, fold);
create table course_fold (district_id integer primary key, fold bigint not null);

-- What is counted as hazard_followed and hazard_recurred, by the enterprise and category of which it is: another hazard of theirs may change it.
create table recurrence (
  district_id integer not null,
  enterprise_id bigint not null,
  category text not null,
  chain_id integer not null,
  series_id smallint not null,
  day date not null,              -- of closing
  n integer not null
);
create index recurrence_of on recurrence (district_id, enterprise_id, category);
-- Of hazards that can recur.
alter table tally_pending add column enterprise_id bigint, add column category text;
drop function if exists counted_row(text, jsonb);
