#include "service/outline.h"

#include <algorithm>

#include "sql.gen.h"

namespace gridward::service {

std::string Outline::since(const std::string& day) const {
  const auto after = std::ranges::upper_bound(changes, day);  // ISO days, so their order is that of time
  return after == changes.begin() ? "" : *std::prev(after);
}

Outline read_outline(storage::Tx& tx, std::int64_t district) {
  Outline out;
  const auto box = tx.run(sql::shapes_extent, {std::to_string(district)});
  if (!box.null(0, "west")) out.extent = {box.real(0, "west"), box.real(0, "south"), box.real(0, "east"), box.real(0, "north")};
  const auto days = tx.run(sql::shapes_epochs, {std::to_string(district)});
  for (std::size_t i = 0; i < days.size(); ++i) out.changes.push_back(days.text(i, "day"));
  const auto schemes = tx.run(sql::shapes_schemes, {std::to_string(district)});
  for (std::size_t i = 0; i < schemes.size(); ++i) out.schemes.push_back(schemes.text(i, "scheme"));
  return out;
}

}  // namespace gridward::service
