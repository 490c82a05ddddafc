-- Codes of a scheme that are or were those of any cell and begin in one of some ways. $1 scheme, $2 beginnings, one a line.
select distinct k.code
from string_to_table($2, E'\n') p (beginning)
join cell_code k on k.scheme = $1 and k.code collate "C" >= p.beginning and k.code collate "C" < p.beginning || '~' and upper_inf(k.recorded)
