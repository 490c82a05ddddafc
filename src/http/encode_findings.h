#pragma once

#include "http/encode.h"
#include "service/plan_findings.h"

namespace gridward::http {

/// A finding as the contract has it.
[[nodiscard]] std::string encode_finding(const service::Finding& finding, std::int64_t district);
/// The same as a GeoJSON feature: the very ground of a gap or overlap, else its point.
[[nodiscard]] std::string encode_finding_feature(const service::Finding& finding, std::int64_t district);
/// What stands in the way of a plan, and what it makes of the findings.
[[nodiscard]] std::string encode_validation(const service::PlanValidation& validation);

}  // namespace gridward::http
