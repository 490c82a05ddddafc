#pragma once

#include <memory>
#include <string>
#include <vector>

#include "domain/roster.h"
#include "service/kept.h"
#include "storage/database.h"

namespace gridward::service {

/// The enterprises of a district with all their history, and the rules by which they are visited.
struct Roster {
  std::vector<Enterprise> enterprises;  // by cell
  VisitRules rules;
  [[nodiscard]] std::size_t bytes() const;
};
using RosterPtr = std::shared_ptr<const Roster>;  // shared with the requests that use it

/// Rosters by data version, and by the instant of knowledge.
class Rosters {
 public:
  Rosters();
  /// The roster of a district at the data version that this transaction sees, as known at an instant (empty: now).
  RosterPtr find(storage::Tx& tx, std::int64_t district, std::int64_t data_version, const std::string& known_at);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  Kept<Roster> kept_;
};

}  // namespace gridward::service
