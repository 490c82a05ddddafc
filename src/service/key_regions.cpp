#include "service/key_regions.h"

#include <algorithm>
#include <map>
#include <optional>

#include "service/comparisons.h"
#include "service/ground.h"
#include "service/region_words.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

/// One window with its scores. Kept in one place, as a Gathering refers to what was asked.
struct Look {
  FiguresAsked asked;
  RegionScores scores;
  RegionOrder order;
};

Look look_at(storage::Tx& tx, FigureSources& sources, const Ground& ground, const FiguresAsked& asked, Window window, const ScoreSetup& setup, const std::optional<Weights>& weights) {
  Look out{asked, {}, {}};
  out.asked.from = window.from;
  out.asked.to = window.to;
  out.asked.measures = score_measures(setup);
  out.scores = score_regions(tx, sources, Gathering{out.asked, ground.within, ground.district, ground.map_day}, setup, weights);
  out.order = order_regions(out.scores);
  return out;
}

KeyRegion make_region(Look& look, const Gathering& what, std::size_t i, const ScoreFloors& floors) {
  const std::int64_t id = look.scores.areas[i];
  const Sums& sums = look.scores.gathered.rows[id];
  const RegionScore& area = look.scores.scores[i];
  KeyRegion out;
  out.row = make_row(what, look.scores.gathered.cells->at(id).cell, sums, look.scores.gathered.weights, false);
  out.components = area.components;
  out.score = area.score;
  if (!area.standstill.reason.empty()) out.reasons.push_back(reason_of(area.standstill, floors, look.asked.to));
  for (RegionReason& reason : reasons_of(area, sums)) out.reasons.push_back(std::move(reason));
  return out;
}

/// Areas that cannot be ranked: those of which too little is known first, the larger the earlier.
void order_insufficient(std::vector<KeyRegion>& areas) {
  static const std::vector<std::string> reasons = {"little_inspection", "little_patrol", "few_enterprises", "no_enterprise", "ended"};
  const auto key = [](const KeyRegion& r) { return std::ranges::find(reasons, r.reasons.front().about) - reasons.begin(); };
  const auto size = [](const KeyRegion& r) {
    const auto found = std::ranges::find(r.row.figures, std::string("inspection_coverage"), [](const auto& f) { return f.first; });
    return found->second.denominator.value_or(0);
  };
  std::ranges::stable_sort(areas, [&](const KeyRegion& a, const KeyRegion& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return size(a) != size(b) ? size(a) > size(b) : a.row.cell.code < b.row.cell.code;
  });
}

void list_regions(Look& look, const Gathering& what, RegionTable& table) {
  for (const Ranked& r : look.order.order) {
    table.ranked.push_back(make_region(look, what, r.index, table.setup.floors));
    table.ranked.back().rank = r.rank;
    table.ranked.back().distinguishable = r.distinguishable;
  }
  for (std::size_t i = 0; i < look.scores.scores.size(); ++i)
    if (!look.scores.scores[i].standstill.reason.empty()) table.insufficient.push_back(make_region(look, what, i, table.setup.floors));
  order_insufficient(table.insufficient);
  table.level_with_first = look.order.level_with_first;
  table.evidence = look.scores.evidence;
}

/// What lies in none of the areas, so that all that is counted is somewhere.
void list_elsewhere(Look& look, const Gathering& what, RegionTable& table) {
  FigureTable rest = make_table(what, look.scores.gathered);
  table.version = rest.version;
  table.as_of = rest.as_of;
  table.elsewhere = std::move(rest.direct);
  if (rest.unplaced) table.elsewhere.push_back(std::move(*rest.unplaced));
}

/// Score and place of each area in another window.
void add_trend(RegionTable& table, const TableComparison& comparison, const Look* then) {
  std::map<std::size_t, int> places;
  if (then != nullptr)
    for (const Ranked& r : then->order.order) places[r.index] = r.rank;
  for (auto* list : {&table.ranked, &table.insufficient}) {
    for (KeyRegion& region : *list) {
      RegionTrend trend{comparison.with, {}, 0, comparison.reason};
      if (then != nullptr) {
        const auto found = then->scores.index.find(region.row.cell.id);
        if (found == then->scores.index.end()) {
          trend.reason = "no_such_cell";
        } else if (const std::string& why = then->scores.scores[found->second].standstill.reason; !why.empty()) {
          trend.reason = why;
        } else {
          trend.score = then->scores.scores[found->second].score.value;
          trend.rank = places.at(found->second);
        }
      }
      region.trend.push_back(trend);
    }
  }
}

/// The posts of all areas on a day, and who holds them.
void add_responsible(storage::Tx& tx, const Ground& ground, const std::string& known_at, RegionTable& table) {
  std::string ids;
  for (const auto* list : {&table.ranked, &table.insufficient})
    for (const KeyRegion& region : *list) ids += (ids.empty() ? "{" : ",") + std::to_string(region.row.cell.id);
  if (ids.empty()) return;
  const auto rows = tx.run(sql::score_holders, {std::to_string(ground.district.id), table.responsible_on, storage::or_null(known_at), ids + "}"});
  std::map<std::int64_t, std::vector<PostHolder>> held;
  for (std::size_t i = 0; i < rows.size(); ++i)
    held[rows.integer(i, "cell_id")].push_back({rows.text(i, "post"), rows.text(i, "name_zh"), rows.text(i, "name_en"), rows.integer(i, "person"), rows.text(i, "name"), rows.text(i, "phone"), rows.boolean(i, "acting")});
  for (auto* list : {&table.ranked, &table.insufficient})
    for (KeyRegion& region : *list) region.responsible = held[region.row.cell.id];
}

}  // namespace

Result<RegionTable> key_regions(FigureSources& sources, const Principal& who, const FiguresAsked& asked) {
  return sources.reads.read<RegionTable>([&](storage::Tx& tx) -> Result<RegionTable> {
    const auto ground = find_ground(tx, who, asked);
    if (!ground) return fail(ground.error());
    RegionTable table;
    table.period = ground->period;
    table.data_until = ground->district.last_day;
    table.synthetic = ground->district.synthetic;
    const Window window = ground->period.window;
    // A rule that is still to come does not judge the days up to today.
    const Day last = std::min(window.to - std::chrono::days{1}, std::max(window.from, ground->today));
    table.setup = read_score_setup(tx, ground->district.id, to_string(last), asked.known_at);
    Look now = look_at(tx, sources, *ground, asked, window, table.setup, {});
    const Gathering what{now.asked, ground->within, ground->district, ground->map_day};
    list_regions(now, what, table);
    list_elsewhere(now, what, table);
    for (const Comparison with : {Comparison::previous, Comparison::year_before}) {
      table.compared.push_back(find_comparison(tx, what, ground->period, with));
      const TableComparison& comparison = table.compared.back();
      if (!comparison.reason.empty()) {
        add_trend(table, comparison, nullptr);
        continue;
      }
      // By the rules and weights of now, so that a change of score is a change of the area.
      const Look then = look_at(tx, sources, *ground, asked, comparison.window, table.setup, now.scores.gathered.weights);
      add_trend(table, comparison, &then);
    }
    table.responsible_on = ground->map_day.empty() ? to_string(last) : ground->map_day;
    add_responsible(tx, *ground, asked.known_at, table);
    return table;
  });
}

}  // namespace gridward::service
