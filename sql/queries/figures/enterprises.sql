-- Enterprises per leaf: active on the last day of [$2, $3) where they stood on $4 (null: on that last day), how many of
-- them were inspected and patrolled, and the exposure in the window over its length. $1 district, $5 known at or null.
select leaf, count(*) filter (where active) as active, count(*) filter (where inspected) as inspected,
       count(*) filter (where patrolled) as patrolled, sum(days)::float8 / ($3::date - $2::date) as exposure
from enterprises_placed($1::int, $2::date, $3::date, $4::date, coalesce($5::timestamptz, 'infinity')) group by leaf
