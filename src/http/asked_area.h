#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "http/request.h"
#include "http/router.h"
#include "service/known.h"

namespace gridward::http {

/// Where a request asks, as its parameters `within`, `cell`, `parent` and `district` say it: an answer follows from the districts of these alone.
struct AskedArea {
  std::set<std::int64_t> districts, cells;
  std::set<std::string> schemes;  // of codes: any district that has codes of the scheme may have it
  bool unclear = false;           // something else stands there

  [[nodiscard]] bool everywhere() const { return unclear || (districts.empty() && cells.empty() && schemes.empty()); }
};
[[nodiscard]] AskedArea find_asked_area(const Routed& routed, const Request& request);

/// The districts of an area as a tag has them, a line each with its versions and its local day; of all where the area is everywhere, one of its cells is not among `places`, or a scheme is of no district.
[[nodiscard]] std::string basis_of(const AskedArea& area, const service::Known::Places& places, const service::Known::State& state);

}  // namespace gridward::http
