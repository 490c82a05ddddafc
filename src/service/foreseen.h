#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "service/assessment.h"
#include "service/figures.h"
#include "service/foreseen_register.h"
#include "service/kept.h"
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

/// What a district would be after a plan: its register, and where events stand. Figures of any window before and after it come of one reading of what is kept.
struct Foreseen {
  ForeseenRegisterPtr plan;
  std::unordered_map<std::int64_t, Enterprise> changed;  // enterprises, as they would be
  std::vector<std::int64_t> touched;      // areal cells of which something changes, with those that they belong to before and after
  std::int64_t affected_enterprises = 0;  // that would be in another village or town
  std::vector<std::int64_t> affected;     // the first of them, by cell
  std::vector<ReplacedCount> counts;
  std::vector<ReplacedCourse> courses;
  PlanLoads loads;
  std::string effects;  // a JSON object: those of the register, with open hazards and cases

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
  std::string key;                    // tells apart what is foreseen of it on one version of its district
  std::int64_t register_version = 0;  // of its district
  bool recurrences = false;           // whether counts of what came again are asked for: each is found from the events
};

/// A plan's state as a transaction sees it, and its district.
Result<std::pair<District, PlanState>> read_plan_state(storage::Tx& tx, std::int64_t district, const std::string& id);

/// A draft that was foreseen in the transaction that wrote it.
struct ForeseenDraft {
  std::int64_t district = 0;
  PlanState state;
  ForeseenRegister foreseen;
};

/// Carries out, in the transaction that changes a plan, its operations on the map that is foreseen for its day, takes that back, and notes what each was drafted upon. Throws
/// (rule_violated) where one cannot be carried out. What is found of the register, if it will be compared, is for ForeseenPlans::keep(); nothing where others changed it meanwhile.
Result<std::optional<ForeseenDraft>> foresee_draft(storage::Tx& tx, std::int64_t district, const std::string& id, bool compared);

/// What plans would do: of the register by its version, of events by the version of the data, and by the plans' own state. A plan is carried out once, when it is drafted, for
/// all comparisons of it while only events are written, or, where it lets events stand elsewhere, once more for each version of these; and rolled back.
class ForeseenPlans {
 public:
  ForeseenPlans();
  /// What a plan would do on the district that `tx` sees.
  Result<ForeseenPtr> find(storage::Tx& tx, storage::Pool& writes, FigureSources& sources, const District& district, const PlanState& plan);
  /// The staff of a day after it.
  Result<std::shared_ptr<const Staff>> staff(storage::Pool& writes, const District& district, const PlanState& plan, const std::string& day);
  /// Keeps what was foreseen in a transaction that was committed.
  void keep(ForeseenDraft draft);
  /// A plan was drafted or changed: its comparison will be asked for.
  void expect(const std::string& plan);
  /// Foresees plans that are expected to be compared, until told to stop; no more than a third of the time.
  void prepare(storage::Pool& writes, FigureSources& sources, const std::stop_token& stop);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return registers_.bytes() + kept_.bytes() + staff_.bytes() + open_.bytes(); }

 private:
  std::optional<std::string> next_expected(const std::stop_token& stop);

  Kept<ForeseenRegister> registers_;
  Kept<Foreseen> kept_;
  Kept<Staff> staff_;
  Kept<OpenHazards> open_;  // before a plan's day is over, and at any time: the same for all plans of a day
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::string> expected_;  // plans; few
};

}  // namespace gridward::service
