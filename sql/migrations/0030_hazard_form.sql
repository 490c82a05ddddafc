-- What the official tables say of hazards is counted where it is kept, no longer read from the events.
-- A hazard's part in the tables of a year, by chain and enterprise (0: of none): `counts` and `funds` are laid out as form_places() says, for every month, quarter and year up to a month
-- that a table can be of. The truth is this and what is pending.
create table hazard_form (
  district_id integer not null,
  year smallint not null,
  chain_id integer not null references chain,
  enterprise_id bigint not null,
  counts integer[] not null,
  funds bigint[] not null,        -- 0.01 yuan, of the months cumulated: funds[1 + m] is that of months 1 to m
  last_day date not null,         -- no day that is counted here comes after it
  primary key (district_id, year, chain_id, enterprise_id)
);

alter table tally_pending add column in_plan boolean, add column five_in_place boolean, add column funds_yuan numeric(16, 2), add column listed_on date, add column listed_by_province boolean;
drop function if exists counted_row(text, jsonb);
drop function if exists paired_columns(text);
