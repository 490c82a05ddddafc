#pragma once

#include "domain/figure.h"
#include "service/figure_sums.h"

namespace gridward::service {

/// The highest risk grade of the enterprises of an area (就高): the value is that grade, 1 重大 red to 4 低 blue, the numerator how many have it. Without a grade
/// nobody has a colour: such enterprises are told in `detail`, and where there are only they, the area has none either (no_grade).
[[nodiscard]] Figure highest_risk(const Sums& sums);

/// The mean weight of the risk grades of the enterprises of an area that have one: beside the highest grade, which saturates to red.
[[nodiscard]] Figure risk_index(const Sums& sums, const Weights& weights);

}  // namespace gridward::service
