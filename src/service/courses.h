#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "domain/roster.h"
#include "service/kept.h"
#include "service/map_cells.h"
#include "storage/database.h"

namespace gridward::service {

/// Hazards that were found on one day and closed on one day (kNever: open).
struct Course {
  DayNumber found = 0, closed = kNever;
  std::int32_t series = 0;  // source and grade: that of hazard_found
  std::int32_t n = 0;
};

/// Where what is stamped with a leaf stands on some map days; 0: nowhere.
struct Elsewhere {
  std::int64_t stamped = 0, placed = 0;
  DaySpan valid;
};

/// The courses of a stamped chain, or of what stands elsewhere on some map days, and a year of finding, by day.
struct CourseBlock {
  std::int64_t chain = 0;
  int year = 0;
  Way way;
  std::optional<Elsewhere> elsewhere;
  std::vector<Course> courses;
};

/// The courses of all hazards of a district as they were folded, by chain and year.
struct CourseBook {
  std::int64_t fold = 0;
  std::vector<std::shared_ptr<const CourseBlock>> blocks;  // shared with the books of other folds
  [[nodiscard]] std::size_t bytes() const;
};

/// Books by fold. One that comes after another reads only the blocks that changed since: a window is then looked through in memory, which costs little however
/// many hazards there are, and a write makes nothing of it stale.
class CourseBooks {
 public:
  using Ptr = Kept<CourseBook>::Ptr;
  CourseBooks();
  /// The book of a district as this transaction sees it.
  Ptr find(storage::Tx& tx, std::int64_t district);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  Ptr newest(std::int64_t district);
  void note(std::int64_t district, const Ptr& book);

  Kept<CourseBook> kept_;
  std::mutex mutex_;
  std::map<std::int64_t, std::weak_ptr<const CourseBook>> newest_;  // by district; weak: kept_ decides what stays
};

}  // namespace gridward::service
