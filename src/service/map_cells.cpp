#include "service/map_cells.h"

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{128} << 20;

MapCells::Ptr read_cells(storage::Tx& tx, std::int64_t district, Day from, Day to, const std::string& known_at) {
  auto cells = std::make_shared<MapCells::Cells>();
  const auto rows = tx.run(sql::figures_cells, {std::to_string(district), to_string(from), to_string(to), storage::or_null(known_at)});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    MapCells::Listed& listed = (*cells)[rows.integer(i, "id")];
    Cell& c = listed.cell;
    c.id = rows.integer(i, "id");
    c.district = district;
    c.level = static_cast<int>(rows.integer(i, "level"));
    c.name = rows.text(i, "name");
    c.kind = rows.text(i, "kind");
    c.scheme = rows.text(i, "scheme");
    c.code = rows.text(i, "code");
    if (!rows.null(i, "area_m2")) c.area_m2 = c.area_m2.value_or(0) + rows.real(i, "area_m2");
    Way way;
    way.at[1] = rows.integer(i, "district_cell");
    way.at[2] = rows.integer(i, "town_cell");
    way.at[c.level] = c.id;
    listed.ways.push_back(way);
    listed.last = rows.boolean(i, "last");
  }
  return cells;
}

}  // namespace

MapCells::MapCells() : kept_(kMostBytes, [](const Cells& cells) { return cells.size() * (sizeof(Cells::value_type) + 120); }) {}

MapCells::Ptr MapCells::find(storage::Tx& tx, const District& district, Day from, Day to, const std::string& known_at) {
  if (!known_at.empty()) return read_cells(tx, district.id, from, to, known_at);
  const auto epoch = tx.run(sql::figures_epoch, {std::to_string(district.id), to_string(from), to_string(to)});
  if (epoch.null(0, "since") || epoch.boolean(0, "changes")) return read_cells(tx, district.id, from, to, "");
  return kept_.find({district.id, district.map_version, epoch.text(0, "since")}, [&] { return read_cells(tx, district.id, from, from + std::chrono::days{1}, ""); });
}

}  // namespace gridward::service
