#include "service/period_figures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "service/figure_rows.h"
#include "service/ground.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    out.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

Param number(const std::optional<double>& n) { return n ? Param{fmt::format("{}", *n)} : Param{}; }

std::optional<double> number(const storage::Rows& rows, std::size_t i, const char* column) { return rows.null(i, column) ? std::nullopt : std::optional(rows.real(i, column)); }

void add_row(const std::string& level, const char* part, const FigureRow& row, std::vector<PeriodFigure>& out) {
  for (const auto& [measure, figure] : row.figures) out.push_back({level, part, row.cell, measure, figure});
}

/// The figures of some levels, gathered at once: what is counted is read once for all of them.
std::vector<PeriodFigure> count_levels(Tx& tx, FigureSources& sources, const Ground& ground, FiguresAsked asked, const std::vector<std::string>& levels) {
  asked.from = ground.period.window.from;
  asked.to = ground.period.window.to;
  const Gathering what{asked, ground.within, ground.district, ground.map_day};
  const Day first = what.map_day.empty() ? asked.from : *parse_day(what.map_day);
  const auto cells = sources.cells.find(tx, what.district, first, what.map_day.empty() ? asked.to : first + std::chrono::days{1}, asked.known_at);
  std::vector<Gathered> gathered(levels.size());
  std::vector<Gathered*> views;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    gathered[i].level = level_number(levels[i]);
    gathered[i].cells = cells;
    views.push_back(&gathered[i]);
  }
  gather(tx, sources, what, views);
  std::vector<PeriodFigure> out;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    asked.level = gathered[i].level;
    const FigureTable table = make_table(what, gathered[i]);
    for (const FigureRow& row : table.rows) add_row(levels[i], "cell", row, out);
    for (const FigureRow& row : table.direct) add_row(levels[i], "direct", row, out);
    if (table.unplaced) add_row(levels[i], "unplaced", *table.unplaced, out);
  }
  return out;
}

/// Equal but for what the order of a sum may leave in the last digits.
bool same(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::abs(*a - *b) <= 1e-9 * std::max({1.0, std::abs(*a), std::abs(*b)});
}

auto key_of(const PeriodFigure& f) { return std::tuple(f.level, f.part, f.cell.id, f.measure); }

}  // namespace

AssessmentPeriod read_period(Tx& tx, const std::string& id) {
  const auto row = tx.run(sql::assessments_asked, {id});
  AssessmentPeriod out;
  out.id = id;
  out.kind = row.text(0, "kind");
  out.status = row.text(0, "status");
  out.known_at = row.text(0, "known_at");
  out.district = row.integer(0, "district_id");
  out.cell = row.integer(0, "cell_id");
  out.levels = parts_of(row.text(0, "levels"));
  out.asked.measures = parts_of(row.text(0, "measures"));
  out.asked.within = std::to_string(out.cell);
  out.asked.period.days = {*parse_day(row.text(0, "from_day")), *parse_day(row.text(0, "to_day"))};
  out.asked.mode = row.text(0, "mode") == "as_of" ? Mode::as_of : Mode::as_was;
  out.asked.as_of = row.text(0, "as_of");
  out.asked.source = row.text(0, "source");
  out.asked.grade = row.text(0, "grade");
  return out;
}

Result<std::vector<PeriodFigure>> count_period(Tx& tx, FigureSources& sources, const AssessmentPeriod& period, const std::string& known_at, const std::string& level) {
  Principal anybody;
  anybody.grants = {{"auditor", period.district, 0}};
  std::vector<std::string> levels;
  std::ranges::copy_if(period.levels, std::back_inserter(levels), [&](const std::string& each) { return level.empty() || each == level; });
  FiguresAsked asked = period.asked;
  asked.level = 3;
  asked.known_at = known_at;
  const auto ground = find_ground(tx, anybody, asked);
  if (!ground) return fail(ground.error());
  return count_levels(tx, sources, *ground, asked, levels);
}

std::vector<PeriodFigure> read_signed(Tx& tx, const AssessmentPeriod& period, const std::string& level) {
  const auto rows = tx.run(sql::assessments_figures, {period.id});
  std::vector<PeriodFigure> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PeriodFigure f{rows.text(i, "level"), rows.text(i, "part"), {}, rows.text(i, "measure"), {}};
    if (!level.empty() && f.level != level) continue;
    f.cell.id = rows.integer(i, "cell_id");
    f.cell.district = period.district;
    f.cell.level = level_number(f.level);
    f.cell.scheme = rows.text(i, "scheme");
    f.cell.code = rows.text(i, "code");
    f.cell.name = rows.text(i, "name");
    f.figure.value = number(rows, i, "value");
    f.figure.unit = rows.text(i, "unit");
    f.figure.numerator = rows.real(i, "numerator");
    f.figure.denominator = number(rows, i, "denominator");
    f.figure.denominator_unit = rows.text(i, "denominator_unit");
    f.figure.low = number(rows, i, "low");
    f.figure.high = number(rows, i, "high");
    f.figure.reason = rows.text(i, "reason");
    f.figure.detail = rows.text(i, "detail");
    f.figure.records = rows.text(i, "records");
    f.figure.base_records = rows.text(i, "base_records");
    out.push_back(std::move(f));
  }
  return out;
}

void keep_figures(Tx& tx, const std::string& id, const std::vector<PeriodFigure>& figures) {
  std::vector<std::vector<Param>> rows;
  for (const PeriodFigure& a : figures) {
    const Figure& f = a.figure;
    rows.push_back({id, std::to_string(rows.size() + 1), a.level, a.part, std::to_string(a.cell.id), or_null(a.cell.scheme), or_null(a.cell.code), or_null(a.cell.name), a.measure, number(f.value), f.unit,
                    number(std::optional(f.numerator)), number(f.denominator), or_null(f.denominator_unit), number(f.low), number(f.high), or_null(f.reason), or_null(f.detail), or_null(f.records),
                    or_null(f.base_records)});
  }
  tx.copy("assessment_figure", {"assessment", "n", "level", "part", "cell_id", "scheme", "code", "name", "measure", "value", "unit", "numerator", "denominator", "denominator_unit", "low", "high", "reason", "detail",
                                "records", "base_records"}, rows);
}

bool differ(const Figure& a, const Figure& b) {
  return !same(a.value, b.value) || !same(a.numerator, b.numerator) || !same(a.denominator, b.denominator) || !same(a.low, b.low) || !same(a.high, b.high) || a.reason != b.reason || a.detail != b.detail;
}

std::vector<FigurePair> pair_figures(const std::vector<PeriodFigure>& one, const std::vector<PeriodFigure>& two) {
  std::map<std::tuple<std::string, std::string, std::int64_t, std::string>, const PeriodFigure*> left;
  for (const PeriodFigure& f : two) left.emplace(key_of(f), &f);
  std::vector<FigurePair> out;
  for (const PeriodFigure& f : one) {
    const auto found = left.find(key_of(f));
    out.push_back({&f, found == left.end() ? nullptr : found->second});
    if (found != left.end()) left.erase(found);
  }
  for (const PeriodFigure& f : two)
    if (left.contains(key_of(f))) out.push_back({nullptr, &f});
  return out;
}

}  // namespace gridward::service
