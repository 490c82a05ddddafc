#pragma once

#include "geo/write_file.h"
#include "http/encode.h"
#include "service/assessments.h"
#include "service/plan_alters.h"

namespace gridward::http {

/// The figures of an assessment as signed and as known now; `differing`: those alone that differ.
void encode(Json& json, const service::RestatedFigures& figures, bool differing);
/// The same as a flat table, a row a figure.
[[nodiscard]] geo::Table assessment_table(const service::RestatedFigures& figures, bool differing, bool synthetic);

/// What a plan would alter of signed assessments.
void encode(Json& json, const service::PlanAlters& alters);

}  // namespace gridward::http
