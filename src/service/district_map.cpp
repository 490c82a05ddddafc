#include "service/district_map.h"

#include <algorithm>

#include "sql.gen.h"

namespace gridward::service {

const DistrictMap::Area* DistrictMap::find(std::int64_t cell) const {
  const auto found = index.find(cell);
  return found == index.end() ? nullptr : &areas[found->second];
}

FindingCell DistrictMap::cell(std::int64_t id) const {
  const Area* area = find(id);
  return area == nullptr ? FindingCell{id, 0, "", ""} : area->cell;
}

std::vector<std::int64_t> DistrictMap::way(std::int64_t cell) const {
  std::vector<std::int64_t> out;
  for (const Area* area = find(cell); area != nullptr && out.size() < 4; area = find(area->parent)) out.push_back(area->cell.id);
  return out;
}

bool DistrictMap::below(std::int64_t cell, std::int64_t above) const {
  const auto up = way(cell);
  return std::ranges::find(up, above) != up.end();
}

bool DistrictMap::same_ground(const DistrictMap& other) const {
  return std::ranges::equal(areas, other.areas, [](const Area& a, const Area& b) { return a.cell.id == b.cell.id && a.parent == b.parent && a.wkb == b.wkb; });
}

DistrictMap read_district_map(storage::Tx& tx, std::int64_t district, const std::string& day) {
  const auto rows = tx.run(sql::findings_cells, {std::to_string(district), day});
  DistrictMap map;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t id = rows.integer(i, "id"), parent = rows.integer(i, "parent_id");
    const DistrictMap::Area* above = map.find(parent);  // read already, as its level is above
    DistrictMap::Area area;
    area.cell.id = id;
    area.cell.level = static_cast<int>(rows.integer(i, "level"));
    area.cell.code = rows.text(i, "code");
    area.cell.name = rows.text(i, "name");
    area.scheme = rows.text(i, "scheme");
    area.parent = parent;
    area.wkb = rows.bytes(i, "wkb");
    area.depth = above == nullptr ? 0 : above->depth + 1;
    map.areas.push_back(std::move(area));
    map.index.emplace(id, map.areas.size() - 1);
  }
  return map;
}

}  // namespace gridward::service
