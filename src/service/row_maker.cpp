#include "service/row_maker.h"

#include <fmt/format.h>

#include "base/day.h"
#include "domain/cell.h"
#include "domain/code.h"
#include "service/object.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

/// What events of a kind have of their own: columns of their table, and what a recipe calls them.
const std::vector<std::string>& own_columns(const std::string& kind) {
  static const std::vector<std::string> visit = {"visit_kind", "result", "outcome", "officer", "department", "joint_id"};
  static const std::map<std::string, std::vector<std::string>> all = {
      {"hazard", {"due_on", "rectified_on", "reviewed_on", "closed_on", "source", "grade", "category", "description"}},
      {"inspection", visit},
      {"patrol", visit},
      {"accident", {"category", "deaths", "serious_injuries", "direct_loss_yuan"}}};
  return all.at(kind);
}

}  // namespace

std::vector<std::string> RowMaker::columns(const std::string& kind) {
  if (level_number(kind) != 0) return {"code", "name", "kind", "parent_code", "wkb", "area_m2", "valid_from", "valid_to", "facts"};
  if (kind == "person" || kind == "assignment") return {"external_id", "row"};
  std::vector<std::string> all = {"external_id", "id", "day", "location", "at_cell", "cell_code", "enterprise_id"};
  const auto& own = own_columns(kind);
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::string RowMaker::key_of(const Record& record) const {
  return level_number(record.table.kind) != 0 ? full(record.get("code")) : record.get("key");
}

StagedRow RowMaker::make(const Record& record, const std::string& key) {
  if (const int level = level_number(record.table.kind); level != 0) return cell(record, level);
  if (record.table.kind == "person") return person(record, key);
  if (record.table.kind == "assignment") return assignment(record, key);
  return event(record, key);
}

void RowMaker::map_changed() {
  placer_.reset();
  enterprises_.reset();
}

/// A code as the scheme writes it: filled up with zeros.
std::string RowMaker::full(std::string code) const {
  if (!code.empty() && code.size() < recipe_.code_length) code.resize(recipe_.code_length, '0');
  return code;
}

std::optional<std::string> RowMaker::day(const Record& record, const std::string& what) {
  std::string value = record.get(what).substr(0, 10);
  for (char& c : value)
    if (c == '/') c = '-';
  if (value.empty() || parse_day(value)) return value;
  bad_(record, what, "\"" + value + "\" is not a day");
  return std::nullopt;
}

StagedRow RowMaker::cell(const Record& record, int level) {
  const auto from = day(record, "from"), to = day(record, "to");
  if (!from || !to) return {};
  std::string name = record.get("name");
  if (name.empty()) name = record.get("code");
  Param facts;
  if (level == 4) {
    Object object;
    object.text("location", point_text(record.feature.wkb));
    for (const char* what : {"address", "industry", "headcount", "risk_grade", "principal", "phone", "lead_department"}) object.text(what, record.get(what));
    facts = object.finish();
  }
  const bool shape = level < 4 && record.feature.wkb.has_value();
  if (level < 4 && !record.feature.geometry.empty() && record.feature.geometry != "MULTIPOLYGON")
    return bad_(record, "geometry", "is a " + record.feature.geometry + ", not a polygon"), StagedRow{};
  const std::string code = full(record.get("code"));
  std::string kind = record.get("kind");
  if (kind.empty()) kind = kind_of_statistical_code(code, level);
  return {code, name, kind.empty() ? record.table.kind : kind, or_null(full(record.get("parent"))),
          shape ? Param{hex(*record.feature.wkb)} : Param{}, shape ? Param{fmt::format("{:.17g}", record.feature.area_m2)} : Param{},
          or_null(*from), or_null(*to), facts};
}

StagedRow RowMaker::person(const Record& record, const std::string& key) {
  Object object;
  for (const char* what : {"name", "phone"}) object.text(what, record.get(what));
  return {key, object.finish()};
}

StagedRow RowMaker::assignment(const Record& record, const std::string& key) {
  Object object;
  for (const char* what : {"from", "to"}) {
    const auto value = day(record, what);
    if (!value) return {};
    object.text(what, *value);
  }
  for (const char* what : {"cell", "post", "person", "acting"}) object.text(what, record.get(what));
  return {key, object.finish()};
}

StagedRow RowMaker::event(const Record& record, const std::string& key) {
  const auto on = day(record, "day");
  if (!on) return {};
  if (on->empty()) return bad_(record, "day", "is empty"), StagedRow{};
  std::int64_t at_cell = 0;
  if (const auto point = point_of(record.feature.wkb)) {
    if (!placer_) placer_.emplace(tx_, district_);
    at_cell = placer_->cell_at(*on, *point);
  }
  const std::string* unit = enterprise(record.get("enterprise"));
  StagedRow row = {key, uuid_of(recipe_.scheme + "\n" + record.table.kind + "\n" + key), on, or_null(point_text(record.feature.wkb)),
                   or_null(at_cell), or_null(record.get("cell_code")), unit == nullptr ? Param{} : Param{*unit}};
  for (const std::string& what : own_columns(record.table.kind)) {
    if (!what.ends_with("_on")) {
      row.push_back(or_null(record.get(what)));
      continue;
    }
    const auto value = day(record, what);
    if (!value) return {};
    if (what == "closed_on" && !value->empty() && *value < *on) return bad_(record, what, "is before the day on which it was found"), StagedRow{};
    row.push_back(or_null(*value));
  }
  return row;
}

const std::string* RowMaker::enterprise(const std::string& code) {
  if (code.empty()) return nullptr;
  if (!enterprises_) {
    enterprises_.emplace();
    const auto rows = tx_.run(sql::imports_enterprises, {recipe_.enterprise_scheme});
    for (std::size_t i = 0; i < rows.size(); ++i) enterprises_->emplace(rows.text(i, "code"), rows.text(i, "cell_id"));
  }
  const auto found = enterprises_->find(code);
  return found == enterprises_->end() ? nullptr : &found->second;
}

}  // namespace gridward::service
