#include "http/figure_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "http/encode_figure.h"
#include "service/known.h"

namespace gridward::http {
namespace {

using Value = std::optional<std::string>;
using enum geo::FieldType;

Value given(const std::string& text) { return text.empty() ? Value{} : Value{text}; }

/// Written shortest that reads back the same; what is no number is not there.
Value number(const std::optional<double>& n) { return n && std::isfinite(*n) ? Value{fmt::format("{}", *n)} : Value{}; }

std::string_view mode_name(service::Mode mode) {
  switch (mode) {
    case service::Mode::as_was: return "as_was";
    case service::Mode::as_is: return "as_is";
    case service::Mode::as_of: return "as_of";
  }
  return "";
}

/// What all rows of an answer share, as columns: name, Chinese name for the notes, value.
struct Shared {
  const char *name, *chinese;
  geo::FieldType type;
  Value value;
};

std::vector<Shared> shared_of(const service::FiguresAsked& asked, const FigureTable& figures, const District& district) {
  std::vector<Shared> all = {{"from", "时间窗起", day, to_string(figures.period.window.from)},
                             {"to", "时间窗止（不含）", day, to_string(figures.period.window.to)},
                             {"mode", "归属口径", text, std::string(mode_name(asked.mode))},
                             {"as_of", "归属日期", day, given(figures.as_of)},
                             {"known_at", "认知时点", text, given(asked.known_at)},
                             {"data_until", "数据截至", day, given(district.last_day)}};
  for (const TableComparison& c : figures.compared) {
    const bool year = c.with == Comparison::year_before;
    all.push_back({year ? "year_before" : "previous", year ? "同比时间窗" : "环比时间窗", text, c.reason.empty() ? to_string(c.window.from) + "/" + to_string(c.window.to) : c.reason});
  }
  if (!asked.source.empty()) all.push_back({"source", "隐患来源", text, asked.source});
  if (!asked.grade.empty()) all.push_back({"grade", "隐患等级", text, asked.grade});
  if (district.synthetic) all.push_back({"data_note", "数据性质", text, kSynthetic});
  return all;
}

/// A measure of the answer; `label` where its values are classes that have names, `detail` where any row tells more than its numbers, `smoothed` where rows are compared.
struct Measure {
  std::string name;
  bool label = false, detail = false, smoothed = false;
};

std::vector<Measure> measures_of(const FigureTable& figures) {
  std::vector<Measure> measures;
  const auto look = [&](const FigureRow& row) {
    for (const auto& [name, figure] : row.figures) {
      auto found = std::ranges::find(measures, name, &Measure::name);
      if (found == measures.end()) found = measures.insert(measures.end(), {name});
      found->label = found->label || !figure.label.empty();
      found->detail = found->detail || !figure.detail.empty();
      found->smoothed = found->smoothed || figure.small_area;
    }
  };
  for (const auto* rows : {&figures.rows, &figures.direct}) std::ranges::for_each(*rows, look);
  if (figures.unplaced) look(*figures.unplaced);
  return measures;
}

/// The columns of small areas, after the measure's name, and their values.
constexpr std::pair<const char*, geo::FieldType> kSmallAreaColumns[] = {{"_smoothed", real}, {"_smoothed_low", real}, {"_smoothed_high", real}, {"_flags", text}, {"_standardised", real}, {"_outside", text}};

void add_small_area(geo::Table::Row& row, const std::optional<SmallArea>& area) {
  if (!area) {
    row.values.resize(row.values.size() + std::size(kSmallAreaColumns));
    return;
  }
  const stats::Smoothed& s = area->smoothed;
  row.values.insert(row.values.end(), {number(s.rate), number(s.low), number(s.high), given(fmt::format("{}", fmt::join(flags_of(*area), " "))), number(area->standardised)});
  const auto [side, level] = outside_of(*area);
  row.values.push_back(!area->funnel.limits ? Value{} : level ? fmt::format("{} {}", side, *level) : std::string(side));
}

void add_row(geo::Table& table, const std::vector<Measure>& measures, const std::vector<TableComparison>& compared, const std::vector<Shared>& shared, const FigureRow& from, const char* part) {
  const Cell& c = from.cell;
  geo::Table::Row row;
  row.values = {part, c.id == 0 ? Value{} : Value{std::to_string(c.id)}, given(c.scheme), given(c.code), given(c.name), given(std::string(level_name(c.level))), given(c.kind)};
  for (const Shared& s : shared) row.values.push_back(s.value);
  for (const Measure& measure : measures) {
    const auto found = std::ranges::find(from.figures, measure.name, [](const auto& one) { return one.first; });
    const Figure f = found == from.figures.end() ? Figure{} : found->second;
    row.values.insert(row.values.end(), {number(f.value), number(f.numerator), number(f.denominator), number(f.low), number(f.high), given(f.reason), given(f.unit)});
    if (measure.label) row.values.push_back(given(f.label));
    if (measure.detail) row.values.push_back(given(f.detail));
    for (const TableComparison& other : compared) {
      const auto beside = std::ranges::find(f.earlier, other.with, &Earlier::with);
      const Earlier e = beside == f.earlier.end() ? Earlier{} : *beside;
      row.values.insert(row.values.end(), {number(e.value), number(e.change), number(e.change_low), number(e.change_high), number(e.ratio), number(e.ratio_low), number(e.ratio_high), given(e.reason)});
    }
    if (measure.smoothed) add_small_area(row, f.small_area);
  }
  table.rows.push_back(std::move(row));
}

}  // namespace

Result<District> district_of(const Call& call, const FigureTable& figures) {
  const auto districts = call.context.known.districts();
  if (!districts) return fail(districts.error());
  const std::int64_t id = !figures.rows.empty() ? figures.rows.front().cell.district : figures.unplaced ? figures.unplaced->cell.district : 0;
  const auto district = std::ranges::find(**districts, id, &District::id);
  return district == (*districts)->end() ? District{} : *district;
}

geo::Table figure_table(const service::FiguresAsked& asked, const FigureTable& figures, const District& district) {
  const auto shared = shared_of(asked, figures, district);
  geo::Table table;
  table.fields = {{"part"}, {"id", integer}, {"scheme"}, {"code"}, {"name"}, {"level"}, {"kind"}};
  for (const Shared& s : shared) {
    table.fields.push_back({s.name, s.type});
    if (s.value) table.notes.emplace_back(fmt::format("{} {}", s.chinese, s.name), *s.value);
  }
  for (const auto& [name, evidence] : figures.evidence)
    if (evidence && !evidence->no_evidence.zh.empty()) table.notes.emplace_back(name, evidence->no_evidence.zh + " " + evidence->no_evidence.en);
  const auto measures = measures_of(figures);
  for (const Measure& m : measures) {
    for (const auto& [suffix, type] : {std::pair{"", real}, {"_n", real}, {"_d", real}, {"_low", real}, {"_high", real}, {"_reason", text}, {"_unit", text}}) table.fields.push_back({m.name + suffix, type});
    if (m.label) table.fields.push_back({m.name + "_label"});
    if (m.detail) table.fields.push_back({m.name + "_detail"});
    for (const TableComparison& c : figures.compared)
      for (const auto& [suffix, type] : {std::pair{"", real}, {"_change", real}, {"_change_low", real}, {"_change_high", real}, {"_ratio", real}, {"_ratio_low", real}, {"_ratio_high", real}, {"_reason", text}})
        table.fields.push_back({fmt::format("{}_{}{}", m.name, comparison_name(c.with), suffix), type});
    if (!m.smoothed) continue;
    for (const auto& [suffix, type] : kSmallAreaColumns) table.fields.push_back({m.name + suffix, type});
  }
  for (const FigureRow& row : figures.rows) add_row(table, measures, figures.compared, shared, row, "cell");
  for (const FigureRow& row : figures.direct) add_row(table, measures, figures.compared, shared, row, "direct");
  if (figures.unplaced) add_row(table, measures, figures.compared, shared, *figures.unplaced, "unplaced");
  return table;
}

}  // namespace gridward::http
