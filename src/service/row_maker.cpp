#include "service/row_maker.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/day.h"
#include "base/hex.h"
#include "domain/cell.h"
#include "domain/code.h"
#include "service/object.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

constexpr std::size_t kEventColumns = 6;  // those that events of all kinds have come first in their rules

/// The value of something among those of a record.
const std::string& of(const std::string& kind, const std::vector<std::string>& said, std::string_view what) {
  static const std::string nothing;
  const auto rules = value_rules(kind);
  const auto at = std::ranges::find(rules, what, &ValueRule::what);
  return at == rules.end() ? nothing : said[static_cast<std::size_t>(at - rules.begin())];
}

bool all_digits(const std::string& text) { return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }); }

std::string day_after_today() { return to_string(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + std::chrono::days{1}); }

}  // namespace

RowMaker::RowMaker(storage::Tx& tx, const Recipe& recipe, std::int64_t district, std::string map_day, Bad bad)
    : tx_(tx), recipe_(recipe), district_(district), map_day_(std::move(map_day)), tomorrow_(day_after_today()), bad_(std::move(bad)) {}

std::vector<std::string> RowMaker::columns(const std::string& kind) {
  if (level_number(kind) != 0) return {"code", "name", "kind", "parent_code", "wkb", "area_m2", "valid_from", "valid_to", "facts"};
  if (!is_event(kind)) return {"external_id", "row"};
  std::vector<std::string> all = {"external_id", "id", "day", "location", "at_cell", "cell_code", "enterprise_id"};
  for (const ValueRule& rule : value_rules(kind).subspan(kEventColumns)) all.emplace_back(rule.what);
  return all;
}

bool RowMaker::is_event(const std::string& kind) { return kind == "hazard" || kind == "inspection" || kind == "patrol" || kind == "accident"; }

void RowMaker::begin(const RecipeTable& table) {
  table_ = &table;
  places_.reset();
  unknown_enterprises_ = unknown_cells_ = placeless_ = before_map_ = shapeless_ = {};
  any_shape_ = false;
}

void RowMaker::map_changed() {
  placer_.reset();
  places_.reset();
  enterprises_.reset();
  cell_codes_.reset();
}

PlaceJudge& RowMaker::places() {
  if (!placer_) placer_.emplace(tx_, district_);
  if (!places_) places_.emplace(tx_, district_, *placer_, table_->open.crs, level_number(table_->kind) == 4);
  return *places_;
}

std::string RowMaker::key_of(const Record& record) {
  const std::string what(value_rules(record.table.kind).front().what);  // code or key
  const ReadValue read = record.read(*value_rule(record.table.kind, what));
  if (!read.problem.empty()) refuse(record, what, read.problem);
  else if (read.text.find_first_not_of('|') == std::string::npos) refuse(record, what, {"为空", "is empty"});
  else if (record.table.kind == "overlay_area") return record.read(*value_rule("overlay_area", "overlay")).text + "/" + read.text;
  else return what == "code" ? full_code(recipe_, read.text) : read.text;
  return "";
}

std::optional<std::vector<std::string>> RowMaker::values(const Record& record) {
  std::vector<std::string> said;
  bool good = true;
  for (const ValueRule& rule : value_rules(record.table.kind)) {
    ReadValue read = record.read(rule);
    if (read.problem.empty() && rule.needed && read.text.empty()) read.problem = {"为空", "is empty"};
    if (!read.problem.empty()) {
      refuse(record, rule.what, std::move(read.problem));
      good = false;
    }
    said.push_back(std::move(read.text));
  }
  return good ? std::optional(std::move(said)) : std::nullopt;
}

StagedRow RowMaker::make(const Record& record, const std::string& key) {
  const auto said = values(record);
  if (!said) return {};
  if (const int level = level_number(record.table.kind); level != 0) return cell(record, *said, level);
  return is_event(record.table.kind) ? event(record, *said, key) : told(record, *said, key);
}

StagedRow RowMaker::told(const Record& record, const std::vector<std::string>& said, const std::string& key) {
  const std::string& kind = record.table.kind;
  const std::string &from = of(kind, said, "from"), &to = of(kind, said, "to");
  if (kind != "assignment" && !to.empty() && to <= from) return refuse(record, "to", {"不晚于起始日期（止日不含）", "is not later than the first day (it is the first day after)"}), StagedRow{};
  if (kind == "overlay_area" && record.feature.geometry != "MULTIPOLYGON")
    return bad_(record, "geometry", record.feature.geometry.empty() ? Sentence{"没有图形", "has no shape"} : Sentence{"是" + record.feature.geometry + "，不是多边形", "is a " + record.feature.geometry + ", not a polygon"}), StagedRow{};
  Object object;
  const auto rules = value_rules(kind);
  if (kind == "overlay_area") {
    object.text("code", said.front());
    object.text("wkb", to_hex(*record.feature.wkb));
    object.text("area_m2", fmt::format("{:.17g}", record.feature.area_m2));
  }
  for (std::size_t i = 1; i < rules.size(); ++i) object.text(std::string(rules[i].what).c_str(), said[i]);
  if (kind == "step") object.text("hazard_id", id_of("hazard", of(kind, said, "hazard")));
  if (kind == "exemption" || kind == "contact_point")
    if (const std::string* unit = enterprise(of(kind, said, "enterprise")); unit != nullptr) object.text("cell_id", *unit);
  return {key, object.finish()};
}

std::string RowMaker::id_of(const std::string& kind, const std::string& key) const { return uuid_of(recipe_.scheme + "\n" + kind + "\n" + key); }

bool RowMaker::check_cell(const Record& record, const std::vector<std::string>& said, int level) {
  const std::string& kind = record.table.kind;
  const std::string &from = of(kind, said, "from"), &to = of(kind, said, "to"), &code = of(kind, said, "code"), &parent = of(kind, said, "parent");
  if (!to.empty() && to <= (from.empty() ? map_day_ : from)) return refuse(record, "to", {"不晚于起始日期（止日不含）", "is not later than the first day (it is the first day after)"}), false;
  if (level < 4 && all_digits(code) && all_digits(parent) && !code.starts_with(parent) && ("0" + code).starts_with(parent))
    return refuse(record, "code", {"“" + code + "”似乎丢失了开头的0：请将该列设为文本格式后重新填写", "\"" + code + "\" seems to have lost a zero in front: format the column as text and fill it again"}), false;
  if (level < 4 && !record.feature.geometry.empty() && record.feature.geometry != "MULTIPOLYGON") {
    bad_(record, "geometry", {"是" + record.feature.geometry + "，不是多边形", "is a " + record.feature.geometry + ", not a polygon"});
    return false;
  }
  return true;
}

StagedRow RowMaker::cell(const Record& record, const std::vector<std::string>& said, int level) {
  if (!check_cell(record, said, level)) return {};
  const std::string& kind = record.table.kind;
  const auto get = [&](std::string_view what) -> const std::string& { return of(kind, said, what); };
  const std::string code = full_code(recipe_, get("code")), parent = full_code(recipe_, get("parent")), from = get("from");
  const bool shape = level < 4 && record.feature.wkb.has_value();
  any_shape_ = any_shape_ || shape;
  if (level < 4 && !shape) shapeless_.add(record.feature.row);
  Param facts;
  if (level == 4) {
    if (const auto point = point_of(record.feature.wkb)) {
      places().cell_at(record.feature.row, from.empty() ? map_day_ : from, *point);
      if (!places().problem().empty()) return refuse(record, "lon", places().problem()), StagedRow{};
      places().compare(parent);
    }
    Object object;
    object.text("location", point_text(record.feature.wkb));
    for (const char* what : {"address", "industry", "headcount", "risk_grade", "principal", "phone", "lead_department"}) object.text(what, get(what));
    facts = object.finish();
  }
  std::string named = get("kind");
  if (named.empty()) named = kind_of_statistical_code(code, level);
  return {code, get("name").empty() ? code : get("name"), named.empty() ? kind : named, or_null(parent), shape ? Param{hex(*record.feature.wkb)} : Param{},
          shape ? Param{fmt::format("{:.17g}", record.feature.area_m2)} : Param{}, or_null(from), or_null(get("to")), facts};
}

bool RowMaker::check_event_days(const Record& record, const std::vector<std::string>& said) {
  const std::string& kind = record.table.kind;
  const std::string& day = of(kind, said, "day");
  if (day > tomorrow_) return refuse(record, "day", {"“" + day + "”在将来", "\"" + day + "\" is in the future"}), false;
  if (kind == "hazard") {
    for (const char* step : {"registered_on", "graded_on", "ordered_on", "rectified_on", "reviewed_on", "closed_on", "listed_on", "unlisted_on", "transferred_on"}) {
      const std::string& then = of(kind, said, step);
      if (!then.empty() && then < day) return refuse(record, step, {"早于发现日期", "is before the day on which it was found"}), false;
    }
  }
  if (day < recipe_.holds_from) before_map_.add(record.feature.row);
  return true;
}

StagedRow RowMaker::event(const Record& record, const std::vector<std::string>& said, const std::string& key) {
  if (!check_event_days(record, said)) return {};
  const std::string& kind = record.table.kind;
  const std::string &day = of(kind, said, "day"), &named = of(kind, said, "enterprise"), code = full_code(recipe_, of(kind, said, "cell_code"));
  const std::string* unit = enterprise(named);
  if (unit == nullptr && !named.empty()) unknown_enterprises_.add(record.feature.row);
  if (!code.empty() && !known_cell(code)) unknown_cells_.add(record.feature.row);
  std::int64_t at_cell = 0;
  const auto point = point_of(record.feature.wkb);
  if (point && day >= recipe_.holds_from) {
    at_cell = places().cell_at(record.feature.row, day, *point);
    if (!places().problem().empty()) return refuse(record, "lon", places().problem()), StagedRow{};
    places().compare(code);
  } else if (!point && unit == nullptr && code.empty()) {
    placeless_.add(record.feature.row);
  }
  const std::string& source = of(kind, said, "source");
  if (!of(kind, said, "visit_id").empty() && source != "inspection" && source != "patrol")
    return refuse(record, "visit_id", {"写了检查，但来源既不是检查也不是巡查", "names a visit, but its source is neither inspection nor patrol"}), StagedRow{};
  StagedRow row = {key, id_of(kind, key), day, or_null(point_text(record.feature.wkb)), or_null(at_cell), or_null(code), unit == nullptr ? Param{} : Param{*unit}};
  const auto rules = value_rules(kind);
  for (std::size_t i = kEventColumns; i < said.size(); ++i) {
    const bool named_by_key = !said[i].empty() && !is_uuid(said[i]) && (rules[i].what == "visit_id" || rules[i].what == "joint_id");
    row.push_back(named_by_key ? Param{id_of(rules[i].what == "visit_id" ? source : "joint", said[i])} : or_null(said[i]));
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

bool RowMaker::known_cell(const std::string& code) {
  if (!cell_codes_) {
    cell_codes_.emplace();
    const auto rows = tx_.run(sql::imports_cell_codes, {std::to_string(district_), recipe_.scheme});
    for (std::size_t i = 0; i < rows.size(); ++i) cell_codes_->insert(rows.text(i, "code"));
  }
  return cell_codes_->contains(code);
}

Sentence RowMaker::verdict() const { return places_ ? places_->verdict() : Sentence{}; }

std::vector<std::string> RowMaker::suspects() const {
  std::vector<std::string> out = places_ ? places_->suspects() : std::vector<std::string>();
  const auto note = [&](const RowsSeen& rows, const char* en, const char* zh) {
    if (rows.count > 0) out.push_back(fmt::format("{} {} ({}) / {}行{}", rows.count, en, rows.rows(), rows.count, zh));
  };
  note(unknown_enterprises_, "name an enterprise that is not known, and count by point or code", "所写企业不存在，按坐标或代码归属");
  note(unknown_cells_, "give the code of a cell that is not known", "所写网格代码不存在");
  note(placeless_, "say no place at all, and count as unplaced", "没有任何位置信息，计入“未定位”");
  note(before_map_, "happened before the map holds, and count as unplaced", "发生在地图生效之前，计入“未定位”");
  if (any_shape_) note(shapeless_, "have no shape, unlike the others", "没有图形（其他行有）");
  return out;
}

}  // namespace gridward::service
