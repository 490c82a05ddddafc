#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// Standing assignments that change nothing of who is responsible for a place: contact points (责任联系点) of leaders, and entrustments of enforcement (委托执法).
enum class Standing : std::uint8_t { contact_point, entrustment };

struct StandingFilter {
  std::int64_t district = 0;
  std::string cell;           // contact points: it and all within it; entrustments: the town
  std::string at;             // in force on this day; empty: all
  std::string known_at;       // an instant; empty: now
  std::int64_t person = 0;    // of contact points
  std::int64_t after = 0;
  int limit = 100;
};
/// Those of a cell that the caller may see, or of a district in which they may see anything, by id.
Result<Page> list_standing(storage::Pool& pool, const Principal& who, Standing what, const StandingFilter& filter);
/// A new one of a cell in the caller's area. Entrustments are kept by coordinators of the whole district.
Result<Written> create_standing(storage::Pool& pool, const Deed& deed, Standing what, const std::string& cell, const std::string& from, const std::string& body);
/// Corrects one, or ends it; `body` says what differs.
Result<Written> correct_standing(storage::Pool& pool, const Deed& deed, Standing what, std::int64_t district, std::int64_t id, const std::string& body);
Result<Written> withdraw_standing(storage::Pool& pool, const Deed& deed, Standing what, std::int64_t district, std::int64_t id, const std::string& reason);

}  // namespace gridward::service
