-- Grants a role. $1 account, $2 role, $3 district or null (everywhere), $4 cell or null (all of it).
insert into account_grant (account_id, role, district_id, cell_id) values ($1, $2, $3, $4) on conflict do nothing
