#include "service/imports.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/day.h"
#include "domain/cell.h"
#include "domain/code.h"
#include "service/import_rows.h"
#include "service/recipe.h"
#include "service/snapshots.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

/// Imports one recipe in one transaction.
class Import {
 public:
  /// `only`: the beginning of the codes of the district that this run is about, where a recipe has many.
  Import(storage::Tx& tx, const Recipe& recipe, const ImportOptions& options, std::string only)
      : tx_(tx), recipe_(recipe), options_(options), only_(std::move(only)) {}

  Result<ImportReport> run() {
    find_district();
    if (options_.may && !options_.may(known_ ? district_ : 0)) return fail(Errc::forbidden, known_ ? "This district is not wholly in your area." : "A new district is for coordinators of everything.");
    tx_.script("set local statement_timeout = 0;"
               "create temp table if not exists incoming_cell (code text, name text, kind text, parent_code text, wkb bytea, area_m2 float8,"
               " valid_from date, valid_to date, facts jsonb) on commit drop;"
               "create temp table if not exists incoming (external_id text, row jsonb) on commit drop");
    for (const RecipeTable& table : recipe_.tables)
      if (auto done = import_table(table); !done) return fail(done.error());
    if (recipe_.shape == "children") tx_.run(sql::imports_shape_from_children, {std::to_string(district_), map_day_});
    report_.written = !options_.dry_run && (report_.bad.empty() || options_.skip_bad);
    if (report_.written) {
      std::int64_t touched = 0;
      for (const auto& c : report_.counts) touched += c.added + c.changed + (closes() ? static_cast<std::int64_t>(c.gone.size()) : 0);
      if (touched > 0) {
        options_.progress({"counting", 0, 0, 0});
        if (known_) tx_.run(sql::imports_replace, {std::to_string(district_), map_day_});
        tx_.script(fmt::format("select tally_rebuild({}), statistics_refresh()", district_));
        tx_.run(sql::imports_note, {std::to_string(district_), options_.actor, recipe_.scheme, counts_json()});
      }
    }
    return report_;
  }

 private:
  void find_district() {
    const auto found = tx_.run(sql::districts_find, {recipe_.scheme, or_null(only_)});
    known_ = found.size() > 0;
    if (known_) district_ = found.integer(0, "id");
    map_day_ = !known_ ? recipe_.holds_from : !options_.from.empty() ? options_.from : !recipe_.changes_from.empty() ? recipe_.changes_from : recipe_.holds_from;
    if (!known_)
      district_ = tx_.run(sql::districts_create, {recipe_.scheme, recipe_.time_zone, recipe_.holds_from, recipe_.synthetic ? "true" : "false"}).integer(0, "id");
  }

  bool closes() const { return options_.close_gone || recipe_.close_gone; }

  /// Lists what a person should look at: known codes with another name, and names that come back under another code. Where
  /// the recipe says that a cell is its code and name, the first end here, and are new cells.
  void find_suspects(int level, const std::string& scheme) {
    const auto found = tx_.run(sql::imports_suspects, {std::to_string(district_), std::to_string(level), scheme, map_day_, recipe_.identity == "code and name" ? "true" : "false"});
    for (std::size_t i = 0; i < found.size(); ++i) counts_.suspects.push_back(found.text(i, "suspect"));
  }

  void bad(const RecipeTable& table, std::int64_t row, std::string column, std::string reason) {
    report_.bad.push_back({table.file.filename().string(), row, std::move(column), std::move(reason)});
  }

  /// Tells how far this is: the tables of the recipe are its steps.
  void tell(const RecipeTable& table, const std::string& doing, std::int64_t rows) const {
    const std::string name = table.file.empty() ? table.kind : table.file.filename().string();
    options_.progress({fmt::format("{}{}{}: {}", only_, only_.empty() ? "" : " ", name, doing), static_cast<std::int64_t>(report_.counts.size()), static_cast<std::int64_t>(recipe_.tables.size()), rows});
  }

  Result<void> import_table(const RecipeTable& table) {
    counts_ = {table.kind, table.file.filename().string()};
    tell(table, "reading", 0);
    std::int64_t read_so_far = 0;
    const int level = level_number(table.kind);
    tx_.script(level != 0 ? "truncate incoming_cell" : "truncate incoming");
    if (level == 0) load_enterprises();
    std::vector<std::vector<Param>> rows;
    std::set<std::string> keys;
    const auto take = [&](const Record& record) {
      if (++read_so_far % 1000 == 0) tell(table, "reading", read_so_far);
      if (!record.feature.problem.empty()) return bad(table, record.feature.row, "geometry", record.feature.problem);
      const std::string key = level != 0 ? full(record.get("code")) : record.get("key");
      if (level != 0 && recipe_.each > 0 && key.compare(0, recipe_.each, only_) != 0) return;
      if (key.empty()) return bad(table, record.feature.row, level != 0 ? "code" : "key", "is empty");
      if (!keys.insert(key).second) {
        ++counts_.repeated;
        if (table.repeated != "first") bad(table, record.feature.row, "key", "\"" + key + "\" is there already (repeated = \"first\" takes the first)");
        return;
      }
      std::vector<Param> row = level != 0 ? cell_row(record, level) : event_row(record, key);
      if (!row.empty()) rows.push_back(std::move(row));
    };
    if (auto read = read_rows(table, take); !read) return read;
    if (rows.empty() && level != 0 && recipe_.each > 0) return {};
    tell(table, "merging", static_cast<std::int64_t>(rows.size()));
    std::size_t next = 0;
    const std::vector<std::string> columns = level != 0
        ? std::vector<std::string>{"code", "name", "kind", "parent_code", "wkb", "area_m2", "valid_from", "valid_to", "facts"}
        : std::vector<std::string>{"external_id", "row"};
    tx_.fill(level != 0 ? "incoming_cell" : "incoming", columns, [&](std::vector<Param>& row) {
      if (next == rows.size()) return false;
      row = std::move(rows[next++]);
      return true;
    });
    const std::string district = std::to_string(district_);
    const std::string scheme = level == 4 ? recipe_.enterprise_scheme : recipe_.scheme;
    if (level != 0 && known_) find_suspects(level, scheme);
    const auto merged = level != 0
        ? tx_.run(sql::imports_cells, {district, std::to_string(level), scheme, recipe_.scheme, map_day_})
        : table.kind == "person" ? tx_.run(sql::imports_people, {district})
        : table.kind == "assignment" ? tx_.run(sql::imports_assignments, {district, recipe_.scheme, recipe_.enterprise_scheme})
        : tx_.run(sql::imports_events, {table.kind, district, options_.actor});
    counts_.added = merged.integer(0, "added");
    counts_.changed = merged.integer(0, "changed");
    counts_.same = merged.integer(0, "same");
    if (level != 0) placer_.reset();  // the map is another one now
    if (level != 0 && counts_.added < static_cast<std::int64_t>(rows.size())) {
      const auto gone = tx_.run(sql::imports_gone, {district, std::to_string(level), scheme, map_day_, closes() ? "true" : "false"});
      for (std::size_t i = 0; i < gone.size(); ++i) counts_.gone.push_back(gone.text(i, "code"));
    }
    report_.counts.push_back(counts_);
    // A table that grew much is looked at anew, so that what comes next is planned well.
    if (counts_.added > 1000) tx_.script("select statistics_refresh()");
    return {};
  }

  Result<void> read_rows(const RecipeTable& table, const std::function<void(const Record&)>& take) {
    std::map<std::string, std::vector<std::size_t>> index;
    std::vector<std::pair<std::size_t, std::string>> where;
    if (table.file.empty()) {
      geo::Feature constant;
      take({table, index, constant});
      return {};
    }
    const auto fields = [&](const std::vector<std::string>& names) -> Result<void> {
      std::string missing;
      const auto position = [&](const std::string& column, const std::string& what) {
        const auto at = std::ranges::find(names, column);
        if (at == names.end()) missing = fmt::format("{}: it has no column \"{}\" (for {}); it has {}.", table.file.filename().string(), column, what, fmt::join(names, ", "));
        return static_cast<std::size_t>(at - names.begin());
      };
      for (const auto& [what, columns] : table.columns)
        for (const std::string& column : columns) index[what].push_back(position(column, what));
      for (const auto& [column, value] : table.where) where.emplace_back(position(column, "where"), value);
      if (!missing.empty()) return fail(Errc::invalid_argument, missing);
      return {};
    };
    geo::OpenOptions open = table.open;
    open.repair = options_.repair || table.open.repair;
    return geo::read_vector_file(table.file.string(), open, fields, [&](geo::Feature& feature) {
      const bool wanted = std::ranges::all_of(where, [&](const auto& w) {
        const std::string value = feature.values[w.first].value_or("");
        return w.second == "*" ? !value.empty() : value == w.second;
      });
      counts_.repaired += feature.repaired ? 1 : 0;
      if (wanted) take({table, index, feature});
      return true;
    });
  }

  /// A code as the scheme writes it: filled up with zeros.
  std::string full(std::string code) const {
    if (!code.empty() && code.size() < recipe_.code_length) code.resize(recipe_.code_length, '0');
    return code;
  }

  bool check_day(const Record& record, const char* what, std::string& value) {
    value = record.get(what).substr(0, 10);
    for (char& c : value)
      if (c == '/') c = '-';
    if (value.empty() || parse_day(value)) return true;
    bad(record.table, record.feature.row, what, "\"" + value + "\" is not a day");
    return false;
  }

  std::vector<Param> cell_row(const Record& record, int level) {
    std::string from, to;
    if (!check_day(record, "from", from) || !check_day(record, "to", to)) return {};
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
      return bad(record.table, record.feature.row, "geometry", "is a " + record.feature.geometry + ", not a polygon"), std::vector<Param>{};
    const std::string code = full(record.get("code"));
    std::string kind = record.get("kind");
    if (kind.empty()) kind = kind_of_statistical_code(code, level);
    return {code, name, kind.empty() ? record.table.kind : kind, or_null(full(record.get("parent"))),
            shape ? Param{hex(*record.feature.wkb)} : Param{}, shape ? Param{fmt::format("{:.17g}", record.feature.area_m2)} : Param{},
            or_null(from), or_null(to), facts};
  }

  std::vector<Param> person_row(const Record& record, const std::string& key) {
    Object object;
    for (const char* what : {"name", "phone"}) object.text(what, record.get(what));
    return {key, object.finish()};
  }

  std::vector<Param> assignment_row(const Record& record, const std::string& key) {
    Object object;
    for (const char* what : {"from", "to"}) {
      std::string day;
      if (!check_day(record, what, day)) return {};
      object.text(what, day);
    }
    for (const char* what : {"cell", "post", "person", "acting"}) object.text(what, record.get(what));
    return {key, object.finish()};
  }

  std::vector<Param> event_row(const Record& record, const std::string& key) {
    if (record.table.kind == "person") return person_row(record, key);
    if (record.table.kind == "assignment") return assignment_row(record, key);
    std::string day;
    if (!check_day(record, "day", day)) return {};
    if (day.empty()) return bad(record.table, record.feature.row, "day", "is empty"), std::vector<Param>{};
    Object object;
    object.text("id", uuid_of(recipe_.scheme + "\n" + record.table.kind + "\n" + key));
    object.text("day", day);
    object.text("location", point_text(record.feature.wkb));
    if (const auto point = point_of(record.feature.wkb)) {
      if (!placer_) placer_.emplace(tx_, district_);
      if (const std::int64_t cell = placer_->cell_at(day, *point); cell != 0) object.text("at_cell", std::to_string(cell));
    }
    object.text("cell_code", record.get("cell_code"));
    if (const auto e = enterprises_.find(record.get("enterprise")); e != enterprises_.end()) object.text("enterprise_id", e->second);
    for (const char* what : {"due_on", "rectified_on", "reviewed_on", "closed_on"}) {
      std::string value;
      if (!check_day(record, what, value)) return {};
      if (!value.empty() && std::strcmp(what, "closed_on") == 0 && value < day)
        return bad(record.table, record.feature.row, what, "is before the day on which it was found"), std::vector<Param>{};
      object.text(what, value);
    }
    for (const char* what : {"source", "grade", "category", "description", "visit_kind", "result", "outcome", "officer", "department", "joint_id", "deaths", "serious_injuries", "direct_loss_yuan"})
      object.text(what, record.get(what));
    return {key, object.finish()};
  }

  void load_enterprises() {
    if (!enterprises_.empty()) return;
    const auto rows = tx_.run(sql::imports_enterprises, {recipe_.enterprise_scheme});
    for (std::size_t i = 0; i < rows.size(); ++i) enterprises_.emplace(rows.text(i, "code"), rows.text(i, "cell_id"));
  }

  std::string counts_json() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> w(buffer);
    w.StartArray();
    for (const auto& c : report_.counts) {
      w.StartObject();
      w.Key("table");
      w.String(c.table.c_str());
      w.Key("added");
      w.Int64(c.added);
      w.Key("changed");
      w.Int64(c.changed);
      w.EndObject();
    }
    w.EndArray();
    return buffer.GetString();
  }

  storage::Tx& tx_;
  const Recipe& recipe_;
  const ImportOptions& options_;
  const std::string only_;
  ImportReport report_;
  ImportCounts counts_;
  std::int64_t district_ = 0;
  bool known_ = false;   // the district was there before: its events may have to be placed anew
  std::string map_day_;  // from which changes of the map hold
  std::map<std::string, std::string> enterprises_;
  std::optional<Placer> placer_;
};

}  // namespace

Result<ImportReport> import_recipe(storage::Pool& pool, const std::filesystem::path& path, const ImportOptions& options) {
  const auto recipe = read_recipe(path);
  if (!recipe) return fail(recipe.error());
  std::optional<ImportReport> unwritten;  // what a transaction that is rolled back on purpose found
  auto done = pool.write<ImportReport>([&](storage::Tx& tx) -> Result<ImportReport> {
    if (!tx.run(sql::imports_claim, {options.waits ? "true" : "false"}).boolean(0, "claimed")) return fail(Errc::conflict, "Another import is running. Try again when it has ended.");
    const auto districts = district_codes(*recipe);
    if (!districts) return fail(districts.error());
    ImportReport all;
    all.written = true;
    for (const std::string& only : *districts) {
      auto report = Import(tx, *recipe, options, only).run();
      if (!report) return report;
      add(all, *report);
    }
    if (all.written) return all;
    unwritten = all;
    return fail(Errc::rule_violated, "not written");
  });
  if (unwritten) return *unwritten;
  return done;
}

}  // namespace gridward::service
