#include "service/imports.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <set>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <sodium.h>

#include "base/day.h"
#include "domain/cell.h"
#include "service/recipe.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// A row of a file by what its columns are.
struct Record {
  const RecipeTable& table;
  const std::map<std::string, std::size_t>& index;  // what -> position
  const geo::Feature& feature;

  [[nodiscard]] std::string get(const std::string& what) const {
    std::string value;
    if (const auto at = index.find(what); at != index.end()) value = feature.values[at->second].value_or("");
    else if (const auto c = table.constants.find(what); c != table.constants.end()) value = c->second;
    if (const auto t = table.values.find(what); t != table.values.end()) {
      const auto v = t->second.find(value);
      value = v != t->second.end() ? v->second : t->second.contains("*") ? t->second.at("*") : value;
    }
    return value;
  }
};

std::string hex(std::string_view bytes) {
  std::string out = "\\x";
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

/// The point of a little-endian WKB as EWKT, or "".
std::string point_text(const std::optional<std::string>& wkb) {
  if (!wkb || wkb->size() != 21) return "";
  double xy[2];
  std::memcpy(xy, wkb->data() + 5, sizeof xy);
  return fmt::format("SRID=4490;POINT({:.17g} {:.17g})", xy[0], xy[1]);
}

/// The same key gives the same UUID (version 8 layout), so that an import can be repeated.
std::string uuid_of(const std::string& key) {
  std::array<unsigned char, 16> h{};
  crypto_generichash(h.data(), h.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr, 0);
  h[6] = static_cast<unsigned char>((h[6] & 0x0F) | 0x80);
  h[8] = static_cast<unsigned char>((h[8] & 0x3F) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += fmt::format("{:02x}", h[i]);
  }
  return out;
}

/// Writes the members of a JSON object; empty values are left out.
class Object {
 public:
  Object() { writer_.StartObject(); }
  void text(const char* key, const std::string& value) {
    if (value.empty()) return;
    writer_.Key(key);
    writer_.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
  }
  std::string finish() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  rapidjson::StringBuffer buffer_;
  Writer writer_{buffer_};
};

/// Imports one recipe in one transaction.
class Import {
 public:
  Import(storage::Tx& tx, const Recipe& recipe, const ImportOptions& options) : tx_(tx), recipe_(recipe), options_(options) {}

  Result<ImportReport> run() {
    find_district();
    tx_.script("set local statement_timeout = 0;"
               "create temp table incoming_cell (code text, name text, kind text, parent_code text, wkb bytea, area_m2 float8,"
               " valid_from date, valid_to date, facts jsonb) on commit drop;"
               "create temp table incoming (external_id text, row jsonb) on commit drop");
    for (const RecipeTable& table : recipe_.tables)
      if (auto done = import_table(table); !done) return fail(done.error());
    report_.written = !options_.dry_run && (report_.bad.empty() || options_.skip_bad);
    if (report_.written) {
      std::int64_t touched = 0;
      for (const auto& c : report_.counts) touched += c.added + c.changed + (options_.close_gone ? static_cast<std::int64_t>(c.gone.size()) : 0);
      if (touched > 0) {
        if (known_) tx_.run(sql::imports_replace, {std::to_string(district_), map_day_});
        tx_.script(fmt::format("select tally_rebuild({})", district_));
        tx_.run(sql::imports_note, {std::to_string(district_), options_.actor, recipe_.scheme, counts_json()});
      }
    }
    return report_;
  }

 private:
  void find_district() {
    const auto known = tx_.run(sql::districts_list);
    for (std::size_t i = 0; i < known.size(); ++i)
      if (known.text(i, "scheme") == recipe_.scheme) district_ = known.integer(i, "id");
    known_ = district_ != 0;
    map_day_ = !known_ || options_.from.empty() ? recipe_.holds_from : options_.from;
    if (!known_)
      district_ = tx_.run(sql::districts_create, {recipe_.scheme, recipe_.time_zone, recipe_.holds_from, recipe_.synthetic ? "true" : "false"}).integer(0, "id");
  }

  void bad(const RecipeTable& table, std::int64_t row, std::string column, std::string reason) {
    report_.bad.push_back({table.file.filename().string(), row, std::move(column), std::move(reason)});
  }

  Result<void> import_table(const RecipeTable& table) {
    counts_ = {table.kind, table.file.filename().string()};
    const int level = level_number(table.kind);
    tx_.script(level != 0 ? "truncate incoming_cell" : "truncate incoming");
    if (level == 0) load_enterprises();
    std::vector<std::vector<Param>> rows;
    std::set<std::string> keys;
    const auto take = [&](const Record& record) {
      if (!record.feature.problem.empty()) return bad(table, record.feature.row, "geometry", record.feature.problem);
      const std::string key = record.get(level != 0 ? "code" : "key");
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
    const auto merged = level != 0
        ? tx_.run(sql::imports_cells, {district, std::to_string(level), level == 4 ? recipe_.enterprise_scheme : recipe_.scheme, recipe_.scheme, map_day_})
        : tx_.run(sql::imports_events, {table.kind, district, options_.actor});
    counts_.added = merged.integer(0, "added");
    counts_.changed = merged.integer(0, "changed");
    counts_.same = merged.integer(0, "same");
    if (level != 0 && counts_.added < static_cast<std::int64_t>(rows.size())) {
      const auto gone = tx_.run(sql::imports_gone, {district, std::to_string(level), level == 4 ? recipe_.enterprise_scheme : recipe_.scheme, map_day_,
                                                    options_.close_gone ? "true" : "false"});
      for (std::size_t i = 0; i < gone.size(); ++i) counts_.gone.push_back(gone.text(i, "code"));
    }
    report_.counts.push_back(counts_);
    tx_.script("select statistics_refresh()");
    return {};
  }

  Result<void> read_rows(const RecipeTable& table, const std::function<void(const Record&)>& take) {
    std::map<std::string, std::size_t> index;
    if (table.file.empty()) {
      geo::Feature constant;
      take({table, index, constant});
      return {};
    }
    const auto fields = [&](const std::vector<std::string>& names) -> Result<void> {
      for (const auto& [what, column] : table.columns) {
        const auto at = std::ranges::find(names, column);
        if (at == names.end()) return fail(Errc::invalid_argument, table.file.filename().string() + ": it has no column \"" + column + "\" (for " + what + ").");
        index[what] = static_cast<std::size_t>(at - names.begin());
      }
      return {};
    };
    return geo::read_vector_file(table.file.string(), table.open, fields, [&](geo::Feature& feature) {
      take({table, index, feature});
      return true;
    });
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
      for (const char* what : {"address", "industry", "headcount", "risk_grade", "principal", "phone"}) object.text(what, record.get(what));
      facts = object.finish();
    }
    const bool shape = level < 4 && record.feature.wkb.has_value();
    return {record.get("code"), name, record.get("kind").empty() ? record.table.kind : record.get("kind"), or_null(record.get("parent")),
            shape ? Param{hex(*record.feature.wkb)} : Param{}, shape ? Param{fmt::format("{:.17g}", record.feature.area_m2)} : Param{},
            or_null(from), or_null(to), facts};
  }

  std::vector<Param> event_row(const Record& record, const std::string& key) {
    std::string day;
    if (!check_day(record, "day", day)) return {};
    if (day.empty()) return bad(record.table, record.feature.row, "day", "is empty"), std::vector<Param>{};
    Object object;
    object.text("id", uuid_of(recipe_.scheme + "\n" + record.table.kind + "\n" + key));
    object.text("day", day);
    object.text("location", point_text(record.feature.wkb));
    object.text("cell_code", record.get("cell_code"));
    if (const auto e = enterprises_.find(record.get("enterprise")); e != enterprises_.end()) object.text("enterprise_id", e->second);
    for (const char* what : {"due_on", "rectified_on", "closed_on"}) {
      std::string value;
      if (!check_day(record, what, value)) return {};
      if (!value.empty() && std::strcmp(what, "closed_on") == 0 && value < day)
        return bad(record.table, record.feature.row, what, "is before the day on which it was found"), std::vector<Param>{};
      object.text(what, value);
    }
    for (const char* what : {"source", "grade", "category", "description", "visit_kind", "result", "outcome", "officer", "deaths", "serious_injuries", "direct_loss_yuan"})
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
    Writer w(buffer);
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
  ImportReport report_;
  ImportCounts counts_;
  std::int64_t district_ = 0;
  bool known_ = false;   // the district was there before: its events may have to be placed anew
  std::string map_day_;  // from which changes of the map hold
  std::map<std::string, std::string> enterprises_;
};

}  // namespace

Result<ImportReport> import_recipe(storage::Pool& pool, const std::filesystem::path& path, const ImportOptions& options) {
  const auto recipe = read_recipe(path);
  if (!recipe) return fail(recipe.error());
  std::optional<ImportReport> unwritten;  // what a transaction that is rolled back on purpose found
  auto done = pool.write<ImportReport>([&](storage::Tx& tx) -> Result<ImportReport> {
    auto report = Import(tx, *recipe, options).run();
    if (!report || report->written) return report;
    unwritten = *report;
    return fail(Errc::rule_violated, "not written");
  });
  if (unwritten) return *unwritten;
  return done;
}

}  // namespace gridward::service
