#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/roster.h"
#include "service/assessment.h"
#include "service/figures.h"
#include "service/kept.h"
#include "service/map_cells.h"
#include "service/plan_loads.h"
#include "storage/database.h"

namespace gridward::service {

/// Events that would stand in another cell after a plan, as they are counted.
struct ReplacedCount {
  std::string kind, source, grade;  // of their series
  DayNumber day = 0;
  std::int64_t before = 0, after = 0;  // leaves; 0: unplaced
  double n = 0;
};

/// The same of hazards, by how they went.
struct ReplacedCourse {
  DayNumber found = 0, closed = kNever;
  std::int64_t before = 0, after = 0;
  int n = 0;
};

/// What a district would be after a plan, on its day: the cells with their ways up, and what differs of the register and of where events stand. Figures of any
/// window before and after it come of one reading of what is kept.
struct Foreseen {
  MapCells::Ptr cells;                                   // after it, and after what is scheduled before it
  std::unordered_map<std::int64_t, Enterprise> changed;  // enterprises, as they would be
  std::vector<ReplacedCount> counts;
  std::vector<ReplacedCourse> courses;
  std::vector<std::int64_t> touched;      // areal cells of which something changes, with those that they belong to before and after
  std::int64_t affected_enterprises = 0;  // that would be in another village or town
  std::vector<std::int64_t> affected;     // the first of them, by cell
  PlanLoads loads;
  std::string problems;  // a JSON array; what is told is of what could be carried out
  std::string effects;   // a JSON object

  /// An enterprise as it would be; nullptr where the plan leaves it as it is.
  [[nodiscard]] const Enterprise* find(std::int64_t cell) const {
    const auto found = changed.find(cell);
    return found == changed.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::size_t bytes() const;
};
using ForeseenPtr = std::shared_ptr<const Foreseen>;  // shared with the requests that use it

/// A plan whose outcome is asked for.
struct PlanState {
  std::string id, day;
  std::string key;           // tells apart what is foreseen of it on one version of its district
  bool recurrences = false;  // whether counts of what came again are asked for: each is found from the events
};

/// What plans would do, by the data version of their district and their own state: a plan is carried out once for all comparisons of it, and rolled back.
class ForeseenPlans {
 public:
  ForeseenPlans();
  /// What a plan would do on the district that `tx` sees.
  Result<ForeseenPtr> find(storage::Tx& tx, storage::Pool& writes, FigureSources& sources, const District& district, const PlanState& plan);
  /// The staff of a day after it.
  Result<std::shared_ptr<const Staff>> staff(storage::Pool& writes, const District& district, const PlanState& plan, const std::string& day);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes() + staff_.bytes(); }

 private:
  Kept<Foreseen> kept_;
  Kept<Staff> staff_;
};

}  // namespace gridward::service
