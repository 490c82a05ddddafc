-- Assessment periods (考核期): figures of a cell for days that are over, drafted by one person and signed by another (签发). What was signed stays as it was told; it ends
-- only by a further signed document, which supersedes or withdraws it.
create table assessment (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,    -- lists go by it
  district_id integer not null references district,
  kind text not null check (kind in ('figures', 'withdrawal')),  -- withdrawal: has none of its own, and takes back `replaces`
  replaces uuid references assessment,        -- what it supersedes or withdraws
  cell_id bigint not null,                    -- whose figures
  areas bigint[] not null,                    -- that cell and those above it, on the last day of the period
  title text not null check (title <> ''),
  reason text not null check (reason <> ''),
  document_no text,
  from_day date not null,
  to_day date not null,                       -- the first day after
  mode text not null check (mode in ('as_was', 'as_of')),
  as_of date,
  levels text[] not null,
  measures text[] not null,
  source text,
  grade text,
  status text not null default 'draft' check (status in ('draft', 'signed', 'superseded', 'withdrawn', 'discarded')),
  author_id bigint not null references account,
  author text not null,
  created_at timestamptz not null default now(),
  revision integer not null default 1,        -- what If-Match names
  known_at timestamptz,                       -- the instant of knowledge of what was signed
  signed_at timestamptz,
  signer_id bigint references account,
  signed_by text,
  comment text,                               -- of who signed
  figures integer not null default 0,         -- how many were signed
  replaced_by uuid references assessment,     -- the signed document by which it ended
  check (from_day < to_day),
  check ((mode = 'as_of') = (as_of is not null)),
  check ((status in ('draft', 'discarded')) = (signed_at is null)),
  check ((status in ('superseded', 'withdrawn')) = (replaced_by is not null)),
  check (signer_id <> author_id),
  foreign key (district_id, cell_id) references cell (district_id, id)
);
create unique index assessment_district on assessment (district_id, seq);
create index assessment_signed on assessment (district_id, to_day) where (status = 'signed' and kind = 'figures');

-- A figure as it was answered when it was signed. `part`: of a cell, of what lies in a cell but in none of its children (direct), of what lies in none (unplaced).
create table assessment_figure (
  assessment uuid not null references assessment,
  n integer not null,                         -- its place in the answer
  level text not null,
  part text not null check (part in ('cell', 'direct', 'unplaced')),
  cell_id bigint not null,                    -- 0: unplaced
  scheme text,
  code text,
  name text,
  measure text not null,
  value double precision,
  unit text not null,
  numerator double precision not null,
  denominator double precision,
  denominator_unit text,
  low double precision,
  high double precision,
  reason text,
  detail text,                                -- JSON, as it was told
  records text,
  base_records text,
  primary key (assessment, n)
);
