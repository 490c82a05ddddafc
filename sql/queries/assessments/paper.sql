-- An assessment as its paper names it: what is told of it, with names and days of its district. $1 id.
select (assessment_doc(a) || jsonb_build_object(
  'district_name', cell_label(a.district_id, d.cell_id, a.to_day - 1), 'cell_label', cell_label(a.district_id, a.cell_id, a.to_day - 1), 'synthetic', d.synthetic, 'today', (now() at time zone d.time_zone)::date,
  'author_name', coalesce((select x.display_name from account x where x.id = a.author_id), a.author), 'drafted_on', (a.created_at at time zone d.time_zone)::date,
  'signer_name', coalesce((select x.display_name from account x where x.id = a.signer_id), a.signed_by), 'signed_on', (a.signed_at at time zone d.time_zone)::date,
  'known_text', to_char(a.known_at at time zone d.time_zone, 'YYYY-MM-DD HH24:MI:SS'), 'last_day', a.to_day - 1))::text as doc
from assessment a join district d on d.id = a.district_id where a.id = $1::uuid
