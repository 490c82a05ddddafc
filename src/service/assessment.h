#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/roster.h"
#include "service/rosters.h"
#include "storage/database.h"

namespace gridward::service {

/// The weights of grades that hold on a day.
struct Weights {
  std::array<double, 5> risk{};  // by risk grade; [0]: enterprises without one
  double general = 1, major = 1;  // hazards
  std::array<double, 4> accident{1, 1, 1, 1};  // accidents: ordinary, larger, serious, extraordinary
};

/// What is known of the posts of a district on a day.
class Staff {
 public:
  Staff() = default;
  Staff(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at);
  /// Why a cell's required posts are not all filled by someone with the certificate that they need: "vacant:POST" or "no_certificate:POST".
  [[nodiscard]] std::vector<std::string> faults(std::int64_t cell, int level) const;
  /// How many people hold a post of a cell.
  [[nodiscard]] std::int64_t people(std::int64_t cell, const std::string& post) const;

 private:
  struct Held {
    std::int64_t people = 0;
    bool qualified = false;
  };
  std::vector<std::pair<std::string, int>> required_;
  std::map<std::pair<std::int64_t, std::string>, Held> held_;
};

/// The window of a figure as the register is looked at through it.
struct AssessedWindow {
  std::int64_t district = 0, data_version = 0;
  DaySpan window;
  std::optional<DayNumber> map_day;  // none: where each stood on its own last day
  DayNumber today = 0;               // the first day that is not over
  std::string known_at;
};

/// What an enterprise counts for in a window: one answer for the figures and for the lists behind them.
struct Assessed {
  Standing standing;
  bool exempt = false;
  bool in_scope = false;  // active on the last day of the window, and not exempt then
  double exposure = 0;    // the part of the window on which it was active
  int headcount = -1;
  int risk_grade = 0;
  double risk_weight = 0;
  struct Visits {
    bool visited = false;  // in scope, with a completed visit in the window
    Duty duty;
    int overdue_days = 0;  // 0: it is not overdue, or out of scope
    int above_cap = 0;
  };
  std::array<Visits, 2> visits;
  [[nodiscard]] const Visits& of(VisitKind kind) const { return visits[static_cast<std::size_t>(kind)]; }
};

/// Looks at the enterprises of a district through a window.
class Assessment {
 public:
  Assessment(storage::Tx& tx, Rosters& rosters, const AssessedWindow& window);
  /// Calls `each` for every enterprise that was active in the window.
  void each(const std::function<void(const Enterprise&, const Assessed&)>& each) const;
  /// What an enterprise counts for in the window; nullopt where it was not active in it.
  [[nodiscard]] std::optional<Assessed> assess(const Enterprise& e) const;
  [[nodiscard]] const std::vector<Enterprise>& enterprises() const { return roster_->enterprises; }
  [[nodiscard]] const Weights& weights() const { return weights_; }
  [[nodiscard]] DaySpan window() const { return window_.window; }

 private:
  [[nodiscard]] Assessed look_at(const Enterprise& e, Standing standing) const;

  const AssessedWindow window_;
  RosterPtr roster_;
  Weights weights_;
};

/// The weights that hold in a district on a day, as known at an instant.
Weights read_weights(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at);

}  // namespace gridward::service
