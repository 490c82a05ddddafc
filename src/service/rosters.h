#pragma once

#include <map>
#include <memory>
#include <mutex>
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
  /// nullptr for a cell that never lived.
  [[nodiscard]] const Enterprise* find(std::int64_t cell) const;
  [[nodiscard]] std::size_t bytes() const;
};
using RosterPtr = std::shared_ptr<const Roster>;  // shared with the requests that use it

/// The lives, parents and facts of some enterprises as this transaction sees them, by cell; neither exemptions nor visits.
std::vector<Enterprise> read_enterprises(storage::Tx& tx, std::int64_t district, const std::vector<std::int64_t>& cells);

/// Rosters by data version, and by the instant of knowledge. Of the present one only the years of visits that were written since are read anew, as long as the
/// register itself is the same, since that changes seldom and visits are noted all day.
class Rosters {
 public:
  Rosters();
  /// The roster of a district at the data version that this transaction sees, as known at an instant (empty: now).
  RosterPtr find(storage::Tx& tx, std::int64_t district, std::int64_t data_version, const std::string& known_at);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  /// What was read last of a district. Two transactions that read at once may put theirs in either order, since each says what it has seen; one that sees less than
  /// what is here reads for itself.
  struct Last {
    std::int64_t data_version = 0, register_version = 0;
    std::string seen_below;  // visits of earlier transactions are in it
    RosterPtr roster;
  };
  RosterPtr follow(storage::Tx& tx, std::int64_t district, std::int64_t data_version);

  Kept<Roster> kept_;
  std::mutex mutex_;
  std::map<std::int64_t, Last> last_;  // by district
};

}  // namespace gridward::service
