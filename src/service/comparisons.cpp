#include "service/comparisons.h"

#include <map>

#include "sql.gen.h"
#include "stats/rates.h"

namespace gridward::service {
namespace {

std::int64_t whole(double n) { return static_cast<std::int64_t>(n); }

/// Change and ratio of two values, with intervals where the figures are counts or shares.
void set_change(Earlier& e, const Figure& now, const Figure& then) {
  e.change = *now.value - *then.value;
  if (!now.label.empty()) return;  // so many classes; they have no ratio
  if (*then.value != 0) e.ratio = *now.value / *then.value;
  else e.reason = "nothing_before";
  if (!now.family) return;
  if (*now.family == stats::Family::binomial) {
    const auto difference = stats::share_difference(whole(now.numerator), whole(*now.denominator), whole(then.numerator), whole(*then.denominator));
    e.change_low = difference.low;
    e.change_high = difference.high;
    return;
  }
  const double base = now.denominator.value_or(1), base_then = then.denominator.value_or(1);
  const auto difference = stats::rate_difference(whole(now.numerator), base, whole(then.numerator), base_then);
  e.change_low = difference.low;
  e.change_high = difference.high;
  const auto ratio = stats::rate_ratio(whole(now.numerator), base, whole(then.numerator), base_then);
  e.ratio_low = ratio.low;
  e.ratio_high = ratio.high;
}

using Rows = std::map<std::int64_t, const FigureRow*>;

Rows by_cell(const std::vector<FigureRow>& rows) {
  Rows out;
  for (const FigureRow& row : rows) out[row.cell.id] = &row;
  return out;
}

void put_beside(FigureRow& row, const FigureRow* then, const TableComparison& comparison) {
  for (std::size_t i = 0; i < row.figures.size(); ++i) {
    Figure& now = row.figures[i].second;
    now.earlier.push_back(compare(now, then == nullptr ? nullptr : &then->figures[i].second, comparison.with));
    if (!comparison.reason.empty()) now.earlier.back().reason = comparison.reason;
  }
}

}  // namespace

TableComparison find_comparison(storage::Tx& tx, const Gathering& what, const Period& period, Comparison with) {
  const ComparedWindow found = compared_window(period, with, *parse_day(what.district.today));
  TableComparison out{with, found.window, std::string(found.basis), std::string(found.reason)};
  if (!out.reason.empty()) return out;
  if (what.map_day.empty() && to_string(out.window.from) < what.district.holds_from) {
    out.reason = "map_begins_later";
    return out;
  }
  const auto rows = tx.run(sql::figures_begin, {std::to_string(what.district.id)});
  if (rows.null(0, "month") || to_string(out.window.from) < rows.text(0, "month")) out.reason = "records_begin_later";
  return out;
}

Earlier compare(const Figure& now, const Figure* then, Comparison with) {
  Earlier e;
  e.with = with;
  if (then == nullptr) {
    e.reason = "no_such_cell";
    return e;
  }
  e.value = then->value;
  e.numerator = then->numerator;
  e.denominator = then->denominator;
  e.low = then->low;
  e.high = then->high;
  e.records = then->records;
  e.base_records = then->base_records;
  if (!then->value) e.reason = then->reason;
  else if (!now.value) e.reason = now.reason;
  else set_change(e, now, *then);
  return e;
}

void put_beside(FigureTable& table, const TableComparison& comparison, const FigureTable* then) {
  table.compared.push_back(comparison);
  const Rows rows = then == nullptr ? Rows{} : by_cell(then->rows), direct = then == nullptr ? Rows{} : by_cell(then->direct);
  const auto find = [](const Rows& all, const FigureRow& row) {
    const auto found = all.find(row.cell.id);
    return found == all.end() ? nullptr : found->second;
  };
  for (FigureRow& row : table.rows) put_beside(row, find(rows, row), comparison);
  for (FigureRow& row : table.direct) put_beside(row, find(direct, row), comparison);
  if (table.unplaced) put_beside(*table.unplaced, then != nullptr && then->unplaced ? &*then->unplaced : nullptr, comparison);
}

}  // namespace gridward::service
