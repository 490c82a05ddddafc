#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "domain/roster.h"
#include "service/district_map.h"
#include "service/figures.h"
#include "stats/balance.h"
#include "storage/database.h"

namespace gridward::service {

/// What work is reckoned at in a district on a day: the scale `workload` of its weights, in minutes.
struct WorkMinutes {
  double inspection = 0, patrol = 0, travel = 0, follow_up = 0;
  [[nodiscard]] double of_visit(VisitKind kind) const { return (kind == VisitKind::inspection ? inspection : patrol) + travel; }
};

/// The work that a cell makes in a window, what lies below it included.
struct CellWork {
  std::int64_t enterprises = 0, open_hazards = 0;
  std::array<std::int64_t, 2> visits{};  // due in the window, by kind
  /// Σ visits due · (t_visit(kind) + t_travel) + open hazards · t_follow, in minutes.
  [[nodiscard]] double minutes(VisitKind kind, const WorkMinutes& at) const;
  void add(const CellWork& other);
};

/// The work of the cells of a district on a day. A visit is due as the visit rules say (domain/roster), on each due day of the window if nobody came in between;
/// exempt days are none.
struct DistrictWork {
  WorkMinutes minutes;
  DaySpan window;
  std::map<std::int64_t, CellWork> cells;  // of each areal cell, those below it included
};

/// `days`: of the window that begins with `day`.
DistrictWork read_work(storage::Tx& tx, Rosters& rosters, const District& district, const DistrictMap& map, const std::string& day, int days);

/// Someone with the cells that they visit in a post: safety officers patrol their villages, enforcement officers inspect in their towns. Of what several hold
/// each has an equal part.
struct Carrier {
  std::int64_t person = 0;
  std::string name, post;
  std::vector<std::int64_t> cells;
  int acting = 0;  // of the cells
  double enterprises = 0, visits = 0, open_hazards = 0, minutes = 0;
};

/// Who holds what, a row a person and post; and how many hold each cell's post.
struct HeldPosts {
  std::vector<Carrier> people;
  std::map<std::pair<std::int64_t, std::string>, int> holders;
};

/// The minutes that hold in a district on a day.
[[nodiscard]] WorkMinutes read_minutes(storage::Tx& tx, std::int64_t district, const std::string& day);
/// Who holds the visiting posts of a district on a day, without their loads; `wanted`: which cells and posts.
[[nodiscard]] HeldPosts read_held(storage::Tx& tx, std::int64_t district, const std::string& day, const std::function<bool(std::int64_t cell, const std::string& post)>& wanted);
/// How many hazards were found before each of two days and not closed before it, by the leaf in which they stand on a map; 0: in none.
struct OpenHazards {
  std::map<std::int64_t, std::int64_t> before, later;
};
/// Those on the map of a day (YYYY-MM-DD), from kept counts: two days take no longer than one.
[[nodiscard]] OpenHazards read_open_hazards(storage::Tx& tx, std::int64_t district, const std::string& map_day, Day before, Day later);
/// Adds what an enterprise makes in a window to the leaf in which it lies on the first day; one that is not active then makes nothing.
void add_work(const Enterprise& e, const VisitRules& rules, DaySpan window, std::map<std::int64_t, CellWork>& leaves);
/// Adds what someone's cells make to their load.
void put_load(Carrier& carrier, const HeldPosts& held, const std::map<std::int64_t, CellWork>& work, const WorkMinutes& minutes, VisitKind kind);

struct WorkloadAsked {
  std::string within, at, post;  // post empty: both
  int days = 365;
};

struct Workload {
  Cell within;
  std::string at;
  DistrictWork work;
  std::vector<Carrier> people;                  // by post, the busiest first
  std::map<std::string, stats::Spread> spread;  // by post
  std::map<std::string, double> unheld;         // by post: minutes of cells that nobody holds
};

/// The load of everyone who visits within a cell on a day, for one who may see it; not_found or forbidden otherwise.
Result<Workload> workload(FigureSources& sources, const Principal& who, const WorkloadAsked& asked);

/// The post that makes visits of a kind, and at which level.
struct VisitingPost {
  const char* post;
  VisitKind kind;
  int level;
};
inline constexpr VisitingPost kVisitingPosts[] = {{"enforcement_officer", VisitKind::inspection, 2}, {"safety_officer", VisitKind::patrol, 3}};

}  // namespace gridward::service
