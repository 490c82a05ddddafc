#include "service/ground.h"

#include "service/cells.h"

namespace gridward::service {
namespace {

/// The day of the map that is asked for; empty: each its own.
Result<std::string> map_day_of(const FiguresAsked& asked, const District& district) {
  const std::string day = asked.mode == Mode::as_is ? district.today : asked.mode == Mode::as_of ? asked.as_of : "";
  if (!day.empty() && day < district.holds_from) return fail(Errc::rule_violated, "The map of this district begins on " + district.holds_from + ": give a day from then on.");
  return day;
}

/// The cell, as of the last day of the days on which it lived. Where it did not live in them it is said whether that is for the map's sake or its own.
Result<Cell> cell_of(storage::Tx& tx, const Principal& who, const std::string& text, Window days) {
  auto cell = cell_in_window(tx, who, text, to_string(days.from), to_string(days.to));
  if (cell || cell.error().code != Errc::not_found) return cell;
  const auto ever = cell_in_window(tx, who, text, "", "");
  if (!ever) return fail(ever.error());
  const auto district = district_of(tx, ever->district);
  if (!district) return fail(district.error());
  if (to_string(days.to) <= district->holds_from)
    return fail(Errc::rule_violated, "The map of this district begins on " + district->holds_from + ": choose a window that ends after it, or mode=as_is, which counts by the map of today.");
  return fail(Errc::not_found, "This cell did not exist in that time: choose a window in which it did (/api/v1/cells/" + std::to_string(ever->id) + "/history).");
}

}  // namespace

Result<Ground> find_ground(storage::Tx& tx, const Principal& who, const FiguresAsked& asked) {
  Ground out;
  // Which day it is in the district is known with its cell, and which days the period has with the day.
  const bool in_window = asked.mode == Mode::as_was && !asked.period.current;
  auto within = in_window ? cell_of(tx, who, asked.within, asked.period.days) : cell_in_window(tx, who, asked.within, "", "");
  if (!within) return fail(within.error());
  if (within->level > asked.level || asked.level > 3) return fail(Error::field("level", "must be district, town or village, and not above the cell of `within`"));
  const auto district = district_of(tx, within->district);
  if (!district) return fail(district.error());
  out.today = *parse_day(district->today);
  out.period = settle(asked.period, out.today);
  if (asked.mode == Mode::as_was && asked.period.current) {
    within = cell_of(tx, who, asked.within, out.period.window);
    if (!within) return fail(within.error());
  }
  const auto map_day = map_day_of(asked, *district);
  if (!map_day) return fail(map_day.error());
  out.within = *within;
  out.district = *district;
  out.map_day = *map_day;
  return out;
}

Result<Ground> district_ground(const District& district, const FiguresAsked& asked) {
  const auto map_day = map_day_of(asked, district);
  if (!map_day) return fail(map_day.error());
  Ground out;
  out.within.id = district.cell;
  out.within.district = district.id;
  out.within.level = 1;
  out.district = district;
  out.map_day = *map_day;
  out.today = *parse_day(district.today);
  out.period = settle(asked.period, out.today);
  return out;
}

}  // namespace gridward::service
