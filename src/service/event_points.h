#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/day.h"
#include "base/result.h"
#include "domain/cell.h"
#include "domain/roster.h"
#include "geo/gcj02.h"
#include "service/kept.h"
#include "service/map_cells.h"
#include "storage/database.h"

namespace gridward::service {

/// An event as it stands now: where and when it was, and what it is chosen by.
struct EventPoint {
  using Id = std::array<unsigned char, 16>;
  geo::LonLat at;  // both infinite where it has no place
  Id id{};
  std::int64_t enterprise = 0;  // 0: it names none
  DayNumber day = 0, closed = kNever;
  std::uint32_t chain = 0;                                             // into its year's chains
  std::uint32_t source = 0, grade = 0, category = 0, result = 0, outcome = 0;  // into its year's texts

  [[nodiscard]] bool placed() const { return at.lat <= 90; }
};
[[nodiscard]] std::string text_of(const EventPoint::Id& id);

/// The events of a kind in a year, from south to north and on a parallel from west to east; those without a place come last. Immutable.
struct EventYear {
  struct Chain {
    std::int64_t id = 0;
    Way way;
  };
  std::vector<EventPoint> points;
  std::vector<std::string> texts{""};  // the first is of what is not said
  std::vector<Chain> chains;

  /// Those between two parallels.
  [[nodiscard]] std::span<const EventPoint> between(double south, double north) const;
  [[nodiscard]] std::size_t bytes() const;
};

/// Which events are meant.
struct PointFilter {
  std::string kind;  // hazard, inspection, patrol, accident
  Window window{};
  std::string open_at;                  // of hazards: open on this day, instead of found in the window; empty: not so
  std::string source, grade, category;  // of hazards; empty: all
};

/// What of a year a filter chooses. To be used while both live.
class ChosenEvents {
 public:
  /// `cells`: of what is assigned to them or below them alone, or is at one of them as an enterprise; none: of all.
  ChosenEvents(const EventYear& year, const PointFilter& filter, const std::optional<std::vector<std::int64_t>>& cells);
  [[nodiscard]] bool has(const EventPoint& p) const {
    if (none_ || (by_opening_ ? p.day > from_ || p.closed <= from_ : p.day < from_ || p.day >= to_)) return false;
    if ((source_ != 0 && p.source != source_) || (grade_ != 0 && p.grade != grade_) || (category_ != 0 && p.category != category_)) return false;
    return cells_ == nullptr || reached_[p.chain] != 0 || is_at(p.enterprise);
  }
  /// Whether a hazard is open at the end of what is asked.
  [[nodiscard]] bool is_open(const EventPoint& p) const { return by_opening_ ? p.closed > from_ : p.closed >= to_; }

 private:
  [[nodiscard]] bool is_at(std::int64_t enterprise) const;

  bool none_ = false, by_opening_ = false;
  DayNumber from_ = 0, to_ = 0;
  std::uint32_t source_ = 0, grade_ = 0, category_ = 0;
  const std::vector<std::int64_t>* cells_ = nullptr;
  std::vector<char> reached_;  // of chains
};

/// The events of districts in memory, by kind and year. After a write only what was written is read, as the trail says which events those are; when the map has
/// changed, or something was imported, which changes its version too, the years that are asked for are read anew. What was used longest ago goes when there is too much.
class EventPoints {
 public:
  using Year = std::shared_ptr<const EventYear>;  // shared with the requests that use it
  using Years = std::vector<Year>;

  /// The years in which the events of a filter can lie, as they are at the district's data version or later. Waits while somebody else reads the same: not to be called
  /// with a connection in hand.
  Result<Years> find(storage::Pool& pool, const District& district, const PointFilter& filter);
  [[nodiscard]] KeptState state();

 private:
  struct Entry {
    Year year;
    std::uint64_t used = 0;
  };
  /// What is known of a kind in a district.
  struct Followed {
    std::int64_t map_version = -1, data_version = -1;
    std::string seen_below;  // events of earlier transactions are in it
    std::map<int, Entry> years;
  };
  struct Shelf {
    std::mutex reading;
    Followed known;
  };
  /// The first and the last of some years.
  using Span = std::pair<int, int>;

  std::shared_ptr<Shelf> shelf(std::int64_t district, const std::string& kind);
  static void follow(storage::Tx& tx, std::int64_t district, const std::string& kind, Followed& known);
  static void read_missing(storage::Tx& tx, std::int64_t district, const std::string& kind, Span span, Followed& known);
  std::optional<Years> take(Shelf& shelf, std::int64_t data_version, Span span);
  Years put(Shelf& shelf, Followed known, Span span);
  void keep_within_bounds();

  std::mutex mutex_;
  std::map<std::pair<std::int64_t, std::string>, std::shared_ptr<Shelf>> shelves_;
  std::uint64_t uses_ = 0, hits_ = 0, misses_ = 0;
};

}  // namespace gridward::service
