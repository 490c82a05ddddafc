-- Kept counts: what happened, counted per stamped chain and series, so that any window is two rows a chain.
-- tally holds what is folded, tally_pending what was written since; the truth is their sum.
create table series (
  id smallint generated always as identity primary key,
  kind text not null,       -- hazard_found, hazard_closed, inspection, patrol, accident
  source text not null default '',
  grade text not null default '',
  unique (kind, source, grade)
);

create table tally (
  district_id integer not null,
  series_id smallint not null references series,
  month date not null,
  chain_id integer not null references chain,
  before integer not null,       -- all before the month
  days integer[] not null,       -- of the month, cumulated: days[i] counts its days 1 to i
  primary key (district_id, series_id, month, chain_id)
);

-- The months that a series of a district has rows for: all its chains have one in each of them.
create table tally_span (
  district_id integer not null,
  series_id smallint not null references series,
  first_month date not null,
  last_month date not null,
  primary key (district_id, series_id)
);

create table tally_pending (
  district_id integer not null,
  series_id smallint not null,
  chain_id integer not null,
  day date not null,
  n integer not null
);
create index tally_pending_district on tally_pending (district_id);

-- What an as-of count adds to and takes from leaves: n events of a day that stand elsewhere on the map days in `valid`.
create table tally_move (
  district_id integer not null,
  series_id smallint not null references series,
  day date not null,
  stamped bigint not null,       -- 0: unplaced
  placed bigint not null,        -- 0: unplaced
  valid daterange not null,
  n integer not null
);
create index tally_move_district on tally_move using gist (district_id, valid);

-- Distinct enterprises visited: the days of a year, a bit each (bit 0 is 1 January).
create table visit_year (
  district_id integer not null,
  kind text not null check (kind in ('inspection', 'patrol')),
  year smallint not null,
  enterprise_id bigint not null,
  days bit(366) not null,
  primary key (district_id, kind, year, enterprise_id)
);
