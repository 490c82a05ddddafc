-- The posts of a chain of responsibility, by level and rank.
select t.code as id, jsonb_build_object('code', t.code, 'level', (array['district', 'town', 'village', 'enterprise'])[t.level], 'name_zh', t.name_zh, 'name_en', t.name_en,
                                        'is_primary', t.is_primary, 'required', t.required, 'certificate', t.certificate)::text as doc
from post t order by t.level, t.rank
