-- The figures of an assessment as they were signed, in the order of the answer. $1 id.
select level, part, cell_id, scheme, code, name, measure, value, unit, numerator, denominator, denominator_unit, low, high, reason, detail, records, base_records
from assessment_figure where assessment = $1::uuid order by n
