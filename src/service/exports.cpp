#include "service/exports.h"

#include <map>

#include <fmt/format.h>

#include "geo/write_file.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using enum geo::FieldType;
constexpr std::size_t kMostRows = 1'000'000;

struct Kind {
  const char* event;  // null: not one
  std::vector<geo::Field> fields;
};

std::vector<geo::Field> event_fields(std::vector<geo::Field> own) {
  std::vector<geo::Field> all = {{"id"}, {"day", day}, {"at"}, {"enterprise_code"}, {"enterprise"}, {"cell_code"}, {"cell_name"}, {"rule"}};
  all.insert(all.end(), own.begin(), own.end());
  all.insert(all.end(), {{"lon", real}, {"lat", real}});
  return all;
}

const std::map<std::string, Kind>& kinds() {
  static const std::vector<geo::Field> visit = {{"visit_kind"}, {"result"}, {"outcome"}, {"officer"}};
  static const std::map<std::string, Kind> all = {
      {"cells", {nullptr, {{"id", integer}, {"level", integer}, {"kind"}, {"scheme"}, {"code"}, {"name"}, {"parent_code"}, {"valid_from", day}, {"valid_to", day}, {"area_m2", real}}}},
      {"overlay_areas", {nullptr, {{"id", integer}, {"overlay"}, {"overlay_name"}, {"kind"}, {"code"}, {"name"}, {"valid_from", day}, {"valid_to", day}, {"area_m2", real}}}},
      {"enterprises", {nullptr, {{"id", integer}, {"scheme"}, {"code"}, {"name"}, {"cell_code"}, {"cell_name"}, {"industry"}, {"headcount", integer}, {"risk_grade", integer},
                                                         {"address"}, {"principal"}, {"valid_from", day}, {"valid_to", day}, {"lon", real}, {"lat", real}}}},
      {"hazards", {"hazard", event_fields({{"source"}, {"grade"}, {"category"}, {"description"}, {"due_on", day}, {"rectified_on", day}, {"closed_on", day}})}},
      {"inspections", {"inspection", event_fields(visit)}},
      {"patrols", {"patrol", event_fields(visit)}},
      {"accidents", {"accident", event_fields({{"grade"}, {"category"}, {"deaths", integer}, {"serious_injuries", integer}, {"direct_loss_yuan", real}})}}};
  return all;
}

geo::Table to_table(const storage::Rows& rows, const ExportAsked& asked, const Kind& kind, const District& district) {
  geo::Table table{asked.what, true, kind.fields, {}, {}};
  if (district.synthetic) table.fields.push_back({"data_note"});
  for (const auto& [name, value] : {std::pair{"网格 cell", asked.cell}, {"地图日期 at", asked.at}, {"时间窗起 from", asked.from}, {"时间窗止（不含） to", asked.to},
                                    {"数据截至 data_until", district.last_day}, {"数据性质 data_note", std::string(district.synthetic ? kSynthetic : "")}})
    if (!value.empty()) table.notes.emplace_back(name, value);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    geo::Table::Row row;
    for (const geo::Field& field : kind.fields) row.values.push_back(rows.null(i, field.name.c_str()) ? std::nullopt : std::optional(rows.text(i, field.name.c_str())));
    if (district.synthetic) row.values.emplace_back(kSynthetic);
    row.wkb = rows.bytes(i, "wkb");
    table.rows.push_back(std::move(row));
  }
  return table;
}

storage::Rows read_rows(storage::Tx& tx, const Kind& kind, const ExportAsked& asked, const Cell& cell) {
  const std::string district = std::to_string(cell.district), id = std::to_string(cell.id), most = std::to_string(kMostRows + 1);
  const storage::Param within = cell.level == 1 ? storage::Param{} : id;  // the district whole is all of its rows, those that lie in no cell too
  if (kind.event != nullptr)
    return tx.run(sql::exports_events, {kind.event, district, cell.level == 4 ? storage::Param{} : within, cell.level == 4 ? storage::Param{id} : storage::Param{},
                                        storage::or_null(asked.from), storage::or_null(asked.to), most});
  const std::string day = local_day(tx, cell.district, asked.at);
  // Right after an import nothing may be known of these tables yet, and to look up each row of one in the others then takes minutes.
  tx.script("set local enable_nestloop = off");
  if (asked.what == "overlay_areas") return tx.run(sql::exports_overlay_areas, {district, day, within});
  return asked.what == "cells" ? tx.run(sql::exports_cells, {district, day, within}) : tx.run(sql::exports_enterprises, {district, day, within, most});
}

}  // namespace

Result<ExportedFile> export_file(storage::Pool& reads, storage::Pool& writes, const Principal& who, const ExportAsked& asked) {
  const auto found = kinds().find(asked.what);
  if (found == kinds().end()) return fail(Error::field("what", "give cells, overlay_areas, enterprises, hazards, inspections, patrols or accidents"));
  const Kind& kind = found->second;
  std::int64_t district = 0;
  const auto table = reads.read<geo::Table>([&](storage::Tx& tx) -> Result<geo::Table> {
    const auto cell = kind.event != nullptr ? cell_in_window(tx, who, asked.cell, asked.from, asked.to) : visible_cell(tx, who, asked.cell, asked.at, false);
    if (!cell) return fail(cell.error());
    district = cell->district;
    const auto rows = read_rows(tx, kind, asked, *cell);
    if (rows.size() > kMostRows) return fail(Errc::too_large, fmt::format("A file may have {} rows, and these are more: narrow the window or take a part.", kMostRows));
    const auto whole = district_of(tx, district);
    if (!whole) return fail(whole.error());
    return to_table(rows, asked, kind, *whole);
  });
  if (!table) return fail(table.error());
  auto bytes = geo::write_file(*table, asked.format);
  if (!bytes) return fail(bytes.error());
  const auto noted = writes.write<int>([&](storage::Tx& tx) -> Result<int> {
    tx.run(sql::exports_note, {std::to_string(district), who.username, fmt::format("{}.{} of {}, {} rows", asked.what, asked.format, asked.cell, table->rows.size()), asked.request_id});
    return 0;
  });
  if (!noted) return fail(noted.error());
  return ExportedFile{asked.what + "." + asked.format, geo::media_type_of(asked.format), std::move(*bytes)};
}

}  // namespace gridward::service
