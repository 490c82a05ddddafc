#include "service/tile_joined.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/risk.h"
#include "service/auth.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/key_regions.h"

namespace gridward::service {
namespace {

using Joined = TileMaps::Joined;

constexpr std::string_view kRiskHighest = "risk_highest";

map::Tags tags_of(const FigureRow& row) {
  map::Tags tags;
  for (const auto& [name, f] : row.figures) {
    if (f.value) tags.emplace_back(name, *f.value);
    else tags.emplace_back(name + "_reason", f.reason);
    tags.emplace_back(name + "_n", f.numerator);
    if (f.denominator) tags.emplace_back(name + "_d", *f.denominator);
    if (f.low) tags.emplace_back(name + "_low", *f.low);
    if (f.high) tags.emplace_back(name + "_high", *f.high);
  }
  return tags;
}

/// `risk_highest` and `risk_index` of a cell as the layer of risk has them.
map::Tags risk_tags(const FigureRow& row) {
  map::Tags tags;
  for (const auto& [name, f] : row.figures) {
    if (name == "risk_index") {
      if (f.value) tags.emplace_back("risk_index", *f.value);
      continue;
    }
    tags.emplace_back("enterprises", *f.denominator);
    if (!f.value) {
      tags.emplace_back("risk_reason", f.reason);
      continue;
    }
    const RiskGrade& grade = kRiskGrades[static_cast<std::size_t>(*f.value)];
    tags.insert(tags.end(), {{"risk", static_cast<std::int64_t>(*f.value)}, {"risk_zh", std::string(grade.zh)}, {"risk_colour", std::string(grade.colour)}, {"risk_letter", std::string(grade.letter)},
                             {"risk_rgb", std::string(grade.rgb)}, {"risk_n", f.numerator}});
  }
  return tags;
}

map::Tags tags_of(const HotspotArea& area, const FigureRow& row, bool moran) {
  const auto& local = moran ? area.moran_local : area.gi_star;
  map::Tags tags = {{"cluster", std::string(stats::cluster_name(local->cluster))}};
  if (!area.no_data.empty()) tags.emplace_back("no_data", area.no_data);
  for (const auto& [name, value] : {std::pair{"z", local->z}, {"p", local->p}, {"q", local->p_adjusted}, {"looked_at", area.value}})
    if (value) tags.emplace_back(name, *value);
  const map::Tags figure = tags_of(FigureRow{{}, {row.figures.front()}});
  tags.insert(tags.end(), figure.begin(), figure.end());
  return tags;
}

map::Tags tags_of(const KeyRegion& region) {
  map::Tags tags = {{"list", std::string(region.rank > 0 ? "ranked" : "insufficient")}};
  if (region.rank > 0)
    tags.insert(tags.end(), {{"rank", std::int64_t{region.rank}}, {"score", region.score.value}, {"score_low", region.score.low}, {"score_high", region.score.high}, {"distinguishable_from_next", region.distinguishable}});
  if (!region.reasons.empty()) {
    const RegionReason& first = region.reasons.front();
    tags.insert(tags.end(), {{"about", first.about}, {"reason_zh", first.sentence.zh}, {"reason_en", first.sentence.en}});
  }
  return tags;
}

/// All that the figures of a layer follow from beside the district's data.
std::string key_of(const LayerAsked& asked, const Shown& shown) {
  const FiguresAsked& f = *asked.figures;
  const Window window = settle(f.period, *parse_day(shown.district.today)).window;
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {}", asked.layer, asked.level, fmt::join(f.measures, ","), to_string(window.from), to_string(window.to), static_cast<int>(f.mode), f.as_of, f.known_at, f.source, f.grade,
                     shown.district.today);
}

/// The figures of all cells of a level in a district, whoever may see them.
Result<FigureTable> district_table(storage::Tx& tx, TileSources& sources, const Shown& shown, const FiguresAsked& figures, int level) {
  FiguresAsked asked = figures;
  asked.level = level;
  const auto ground = district_ground(shown.district, asked);
  if (!ground) return fail(ground.error());
  return table_on(tx, sources.figures, *ground, asked);
}

Result<Joined> figures_joined(TileSources& sources, const Shown& shown, const LayerAsked& asked) {
  return sources.figures.reads.read<Joined>([&](storage::Tx& tx) -> Result<Joined> {
    Joined out;
    const auto table = district_table(tx, sources, shown, *asked.figures, asked.level);
    if (!table && table.error().code == Errc::rule_violated) return out;  // its map begins after the day of the figures
    if (!table) return fail(table.error());
    for (const FigureRow& row : table->rows) out.emplace(row.cell.id, asked.kind == LayerKind::risk ? risk_tags(row) : tags_of(row));
    return out;
  });
}

/// The highest cells of a district of which the caller may see all, the larger first: what is compared is compared within one of them. Those alone that
/// have cells of the level in them.
std::vector<std::int64_t> compared_within(const Principal& who, const Shown& shown, const LevelMap& level) {
  const auto cells = cells_of(who, shown);
  if (!cells) return {shown.district.cell};
  std::vector<std::pair<int, std::int64_t>> found;
  for (const LevelMap::Said& said : level.said)
    for (int above = 1; above <= 3; ++above)
      if (std::ranges::find(*cells, said.way.at[above]) != cells->end() && said.way.at[above] != 0) {
        if (std::ranges::find(found, std::pair{above, said.way.at[above]}) == found.end()) found.emplace_back(above, said.way.at[above]);
        break;
      }
  std::ranges::sort(found);
  std::vector<std::int64_t> out;
  for (const auto& [above, cell] : found) out.push_back(cell);
  return out;
}

Result<Joined> hotspots_joined(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, std::int64_t within) {
  HotspotsAsked question = asked.hotspots;
  question.figures = *asked.figures;
  question.figures.within = std::to_string(within);
  question.figures.level = asked.level;
  question.at = day_of_map(asked, shown.district);
  const auto found = hotspots(sources.figures, who, question);
  if (!found) return fail(found.error());
  Joined out;
  for (std::size_t i = 0; i < found->areas.size(); ++i) out.emplace(found->table.rows[i].cell.id, tags_of(found->areas[i], found->table.rows[i], question.moran_local));
  return out;
}

Result<Joined> regions_joined(TileSources& sources, const Principal& who, const LayerAsked& asked, std::int64_t within) {
  FiguresAsked question = *asked.figures;
  question.within = std::to_string(within);
  question.level = asked.level;
  const auto found = key_regions(sources.figures, who, question);
  if (!found) return fail(found.error());
  Joined out;
  for (const auto* list : {&found->ranked, &found->insufficient})
    for (const KeyRegion& region : *list) out.emplace(region.row.cell.id, tags_of(region));
  return out;
}

/// How hot spots are looked for, as a text.
std::string key_of(const HotspotsAsked& h) {
  return fmt::format("{} {} {} {} {} {} {} {} {}", h.moran_local, static_cast<int>(h.value), static_cast<int>(h.linking.kind), h.linking.min_shared_m, h.linking.distance_m, h.permutations.value_or(-1),
                     h.seed ? std::to_string(*h.seed) : "", h.fdr, h.at);
}

/// What is compared among cells, within each that the caller sees whole.
Result<std::shared_ptr<const Joined>> compared(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const LevelMap& level) {
  const bool hot = asked.kind == LayerKind::hotspots;
  std::vector<std::shared_ptr<const Joined>> parts;
  for (const std::int64_t within : compared_within(who, shown, level)) {
    const std::string key = fmt::format("{} within {} {} {}", key_of(asked, shown), within, day_of_map(asked, shown.district), hot ? key_of(asked.hotspots) : "");
    auto part = sources.maps.joined(shown.district, key, [&]() -> Result<Joined> {
      auto made = hot ? hotspots_joined(sources, who, shown, asked, within) : regions_joined(sources, who, asked, within);
      // It did not live in the window, or its map begins later: of its cells nothing is said.
      if (!made && (made.error().code == Errc::not_found || made.error().code == Errc::rule_violated)) return Joined{};
      return made;
    });
    if (!part) return fail(part.error());
    parts.push_back(std::move(*part));
  }
  if (parts.size() == 1) return parts.front();
  auto all = std::make_shared<Joined>();
  for (const auto& part : parts) all->insert(part->begin(), part->end());
  return all;
}

/// How many of the areas that were compared are drawn.
Result<std::vector<OffMap>> areas_off_map(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  const auto drawn = level_map(sources, shown, asked, asked.level);
  if (!drawn) return fail(drawn.error());
  const auto joined = compared(sources, who, shown, asked, **drawn);
  if (!joined) return fail(joined.error());
  OffMap areas{shown.district.id, "areas", 0, static_cast<double>((*joined)->size())};
  for (const auto& area : (*drawn)->topology.areas()) areas.on_map += (*joined)->contains(area.cell) ? 1 : 0;
  areas.off_map -= areas.on_map;
  return std::vector{areas};
}

}  // namespace

Result<std::shared_ptr<const Joined>> joined_to(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const LevelMap& level) {
  static const auto none = std::make_shared<const Joined>();
  if (asked.kind == LayerKind::hotspots || asked.kind == LayerKind::key_regions) return compared(sources, who, shown, asked, level);
  if (!asked.figures || asked.figures->measures.empty()) return none;
  return sources.maps.joined(shown.district, key_of(asked, shown), [&] { return figures_joined(sources, shown, asked); });
}

map::Tags tags_of_missing(const LayerAsked& asked) {
  const std::string why = "not_in_window";
  if (asked.kind == LayerKind::risk) return {{"risk_reason", why}};
  if (asked.kind == LayerKind::hotspots) return {{"cluster", std::string(stats::cluster_name(stats::Cluster::no_data))}, {"no_data", why}};
  if (asked.kind == LayerKind::key_regions) return {{"list", std::string("none")}, {"about", why}};
  map::Tags tags;
  if (asked.figures)
    for (const std::string& m : asked.figures->measures) tags.emplace_back(m + "_reason", why);
  return tags;
}

std::vector<std::pair<std::string, std::string>> joined_fields(const LayerAsked& asked) {
  std::vector<std::pair<std::string, std::string>> fields = {{"id", "Number"}, {"code", "String"}, {"name", "String"}, {"level", "String"}, {"kind", "String"}};
  const auto add = [&](std::initializer_list<std::pair<std::string, std::string>> more) { fields.insert(fields.end(), more); };
  if (asked.kind == LayerKind::risk)
    add({{"risk", "Number: the highest grade of its enterprises, 1 重大 to 4 低; absent without one, with risk_reason"}, {"risk_zh", "String"}, {"risk_colour", "String: red, orange, yellow, blue"}, {"risk_letter", "String: R, O, Y, B"},
         {"risk_rgb", "String"}, {"risk_n", "Number: enterprises of that grade"}, {"enterprises", "Number"}, {"risk_index", "Number: the mean weight of the grades"}, {"risk_reason", "String: why there is no value"}});
  if (asked.kind == LayerKind::hotspots)
    add({{"cluster", "String: hot, cold, or HH, LL, HL, LH; not_significant, island; no_data"}, {"no_data", "String: why there is no value"}, {"z", "Number"}, {"p", "Number"}, {"q", "Number: p for the false discovery rate"}, {"looked_at", "Number: the value that is looked at"}});
  if (asked.kind == LayerKind::key_regions)
    add({{"list", "String: ranked, insufficient (not ranked and not safe), none"}, {"rank", "Number"}, {"score", "Number"}, {"score_low", "Number"}, {"score_high", "Number"}, {"distinguishable_from_next", "Boolean"},
         {"about", "String: of what the first reason is"}, {"reason_zh", "String"}, {"reason_en", "String"}});
  if (!asked.figures || asked.kind == LayerKind::risk || asked.kind == LayerKind::key_regions) return fields;
  for (const std::string& m : asked.figures->measures)
    for (const char* suffix : {"", "_n", "_d", "_low", "_high", "_reason"}) fields.emplace_back(m + suffix, std::string_view(suffix) == "_reason" ? "String: why there is no value" : "Number");
  return fields;
}

Result<std::vector<OffMap>> off_map_of(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  std::vector<OffMap> out;
  if (asked.kind == LayerKind::hotspots || asked.kind == LayerKind::key_regions) return areas_off_map(sources, who, shown, asked);
  if (!asked.figures || asked.figures->measures.empty()) return out;
  const int level = asked.level;
  const auto drawn = level_map(sources, shown, asked, level);
  if (!drawn) return fail(drawn.error());
  std::map<std::int64_t, bool> on_map;
  for (const auto& area : (*drawn)->topology.areas()) on_map[area.cell] = true;
  return sources.figures.reads.read<std::vector<OffMap>>([&](storage::Tx& tx) -> Result<std::vector<OffMap>> {
    const auto table = district_table(tx, sources, shown, *asked.figures, level);
    if (!table && table.error().code == Errc::rule_violated) return out;
    if (!table) return fail(table.error());
    const Day first = table->as_of.empty() ? table->period.window.from : *parse_day(table->as_of);
    const auto ways = sources.figures.cells.find(tx, shown.district, first, table->as_of.empty() ? table->period.window.to : first + std::chrono::days{1}, asked.figures->known_at);
    std::map<std::string, OffMap> sums;
    const auto add = [&](const FigureRow& row, bool is_row) {
      const auto listed = ways->find(row.cell.id);
      const bool mine = shown.whole || (listed != ways->end() && std::ranges::any_of(listed->second.ways, [&](const Way& way) { return may_see(who, shown, way); }));
      if (!mine) return;
      for (const auto& [measure, figure] : row.figures) {
        OffMap& sum = sums.try_emplace(measure, OffMap{shown.district.id, measure, 0, 0}).first->second;
        // How many enterprises have the highest grade of their cell does not add up; how many there are does.
        (is_row && on_map.contains(row.cell.id) ? sum.on_map : sum.off_map) += measure == kRiskHighest ? *figure.denominator : figure.numerator;
      }
    };
    for (const FigureRow& row : table->rows) add(row, true);
    for (const FigureRow& row : table->direct) add(row, false);
    if (table->unplaced) add(*table->unplaced, false);
    for (auto& [measure, sum] : sums) out.push_back(std::move(sum));
    return out;
  });
}

}  // namespace gridward::service
