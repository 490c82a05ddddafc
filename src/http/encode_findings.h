#pragma once

#include "http/encode.h"
#include "service/findings.h"

namespace gridward::http {

/// A finding as the contract has it.
[[nodiscard]] std::string encode_finding(const service::Finding& finding, std::int64_t district);
/// The same as a GeoJSON feature: the very ground of a gap or overlap, else its point.
[[nodiscard]] std::string encode_finding_feature(const service::Finding& finding, std::int64_t district);

}  // namespace gridward::http
