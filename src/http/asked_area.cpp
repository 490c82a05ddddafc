#include "http/asked_area.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace gridward::http {
namespace {

/// A whole number above 0; 0 for all else.
std::int64_t number_of(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n > 0 ? n : 0;
}

void add(std::string_view name, std::string_view value, AskedArea& area) {
  constexpr std::string_view cells[] = {"within", "cell", "parent"}, code = "code:";
  const bool cell = std::ranges::find(cells, name) != std::end(cells);
  if (!cell && name != "district") return;
  const auto colon = value.find(':', code.size());
  if (const std::int64_t n = number_of(value); n != 0) (cell ? area.cells : area.districts).insert(n);
  else if (cell && value.starts_with(code) && colon != std::string_view::npos) area.schemes.emplace(value.substr(code.size(), colon - code.size()));
  else area.unclear = true;
}

}  // namespace

AskedArea find_asked_area(const Routed& routed, const Request& request) {
  AskedArea area;
  for (const auto& [name, value] : routed.path) add(name, value, area);
  for (const auto& [name, value] : request.query) add(name, value, area);
  return area;
}

namespace {

/// Of each scheme that is asked for, the districts whose cells have codes of it; false where one is of none, so that nothing is known of where its codes may come to be.
bool add_districts_of(const std::set<std::string>& schemes, const service::Known::State& state, std::set<std::int64_t>& districts) {
  for (const std::string& scheme : schemes) {
    bool known = false;
    for (std::size_t i = 0; i < state.districts.size(); ++i) {
      if (!std::ranges::binary_search(state.outlines[i]->schemes, scheme)) continue;
      districts.insert(state.districts[i].id);
      known = true;
    }
    if (!known) return false;
  }
  return true;
}

}  // namespace

std::string basis_of(const AskedArea& area, const service::Known::Places& places, const service::Known::State& state) {
  std::set<std::int64_t> districts = area.districts;
  if (area.everywhere() || places.size() != area.cells.size() || !add_districts_of(area.schemes, state, districts)) return state.digest;
  for (const auto& [cell, district] : places) districts.insert(district);
  std::string basis;
  for (const District& d : state.districts)
    if (districts.contains(d.id)) basis += fmt::format("{} {} {} {}\n", d.id, d.map_version, d.data_version, d.today);
  return basis;
}

}  // namespace gridward::http
