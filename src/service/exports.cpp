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
  const sql::Query& query;
  bool event;
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
      {"cells", {sql::exports_cells, false, {{"id", integer}, {"level", integer}, {"kind"}, {"scheme"}, {"code"}, {"name"}, {"parent_code"}, {"valid_from", day}, {"valid_to", day}, {"area_m2", real}}}},
      {"enterprises", {sql::exports_enterprises, false, {{"id", integer}, {"scheme"}, {"code"}, {"name"}, {"cell_code"}, {"cell_name"}, {"industry"}, {"headcount", integer}, {"risk_grade", integer},
                                                         {"address"}, {"principal"}, {"valid_from", day}, {"valid_to", day}, {"lon", real}, {"lat", real}}}},
      {"hazards", {sql::exports_hazards, true, event_fields({{"source"}, {"grade"}, {"category"}, {"description"}, {"due_on", day}, {"rectified_on", day}, {"closed_on", day}})}},
      {"inspections", {sql::exports_inspections, true, event_fields(visit)}},
      {"patrols", {sql::exports_patrols, true, event_fields(visit)}},
      {"accidents", {sql::exports_accidents, true, event_fields({{"category"}, {"deaths", integer}, {"serious_injuries", integer}, {"direct_loss_yuan", real}})}}};
  return all;
}

geo::Table to_table(const storage::Rows& rows, const std::string& name, const Kind& kind, bool synthetic) {
  geo::Table table{name, true, kind.fields, {}};
  if (synthetic) table.fields.push_back({"data_note"});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    geo::Table::Row row;
    for (const geo::Field& field : kind.fields) row.values.push_back(rows.null(i, field.name.c_str()) ? std::nullopt : std::optional(rows.text(i, field.name.c_str())));
    if (synthetic) row.values.emplace_back("演示数据·合成");
    row.wkb = rows.bytes(i, "wkb");
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Result<ExportedFile> export_file(storage::Pool& pool, const Principal& who, const ExportAsked& asked) {
  const auto found = kinds().find(asked.what);
  if (found == kinds().end()) return fail(Error::field("what", "give cells, enterprises, hazards, inspections, patrols or accidents"));
  const Kind& kind = found->second;
  auto table = pool.write<geo::Table>([&](storage::Tx& tx) -> Result<geo::Table> {
    const auto cell = kind.event ? cell_in_window(tx, who, asked.cell, asked.from, asked.to) : visible_cell(tx, who, asked.cell, asked.at, false);
    if (!cell) return fail(cell.error());
    const std::string district = std::to_string(cell->district);
    const std::string day = local_day(tx, cell->district, asked.at);
    // The district whole is all of its rows, those that lie in no cell too.
    const storage::Param within = cell->level == 1 ? storage::Param{} : std::to_string(cell->id);
    const auto rows = kind.event ? tx.run(kind.query, {district, within, storage::or_null(asked.from).value_or("-infinity"), storage::or_null(asked.to).value_or("infinity")})
                                 : tx.run(kind.query, {district, day, within});
    if (rows.size() > kMostRows) return fail(Errc::too_large, fmt::format("These are {} rows, and a file may have {}: narrow the window.", rows.size(), kMostRows));
    tx.run(sql::exports_note, {district, who.username, fmt::format("{}.{} of cell {}, {} rows", asked.what, asked.format, cell->id, rows.size()), asked.request_id});
    bool synthetic = false;
    const auto all = tx.run(sql::districts_list);
    for (std::size_t i = 0; i < all.size(); ++i) synthetic = synthetic || (all.integer(i, "id") == cell->district && all.boolean(i, "synthetic"));
    return to_table(rows, asked.what, kind, synthetic);
  });
  if (!table) return fail(table.error());
  auto bytes = geo::write_file(*table, asked.format);
  if (!bytes) return fail(bytes.error());
  return ExportedFile{asked.what + "." + asked.format, geo::media_type_of(asked.format), std::move(*bytes)};
}

}  // namespace gridward::service
