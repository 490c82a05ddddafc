#include "service/basemap_import.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <sodium.h>

#include "base/hex.h"
#include "service/import_rows.h"
#include "service/object.h"
#include "service/table_reader.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;

constexpr std::size_t kStagedAtOnce = 10000;
constexpr const char* kLeftOut = "none";  // the class of rows that are not wanted

/// A checksum of the rows of a kind, in their order.
class Digest {
 public:
  Digest() { crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES); }
  void add(const std::string& text) {
    const std::string whole = std::to_string(text.size()) + ":" + text;
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(whole.data()), whole.size());
  }
  std::string finish() {
    std::string out(crypto_generichash_BYTES, '\0');
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return to_hex(out);
  }

 private:
  crypto_generichash_state state_{};
};

enum class Shape { none, point, line, area, other };

Shape shape_of(const geo::Feature& feature) {
  if (feature.geometry.empty()) return Shape::none;
  if (feature.geometry == "POINT") return Shape::point;
  if (feature.geometry == "LINESTRING" || feature.geometry == "MULTILINESTRING") return Shape::line;
  return feature.geometry == "MULTIPOLYGON" ? Shape::area : Shape::other;
}

/// Why a kind cannot have a shape; empty if it can.
Sentence misshapen(const std::string& kind, const geo::Feature& feature) {
  const Shape shape = shape_of(feature);
  if (shape == Shape::none) return {"没有图形", "has no shape"};
  if (kind == "water" ? shape == Shape::line || shape == Shape::area : shape == (kind == "place" ? Shape::point : kind == "land" ? Shape::area : Shape::line)) return {};
  const char* zh = kind == "place" ? "点" : kind == "land" ? "多边形" : kind == "water" ? "线或多边形" : "线";
  const char* en = kind == "place" ? "point" : kind == "land" ? "polygon" : kind == "water" ? "line or polygon" : "line";
  return {fmt::format("是{}，不是{}", feature.geometry, zh), fmt::format("is a {}, not a {}", feature.geometry, en)};
}

/// What a row that says no class is.
std::string usual_class(const std::string& kind, Shape shape) {
  if (kind == "water") return shape == Shape::line ? "river" : "water";
  return kind == "rail" ? "rail" : "";
}

class Import {
 public:
  Import(storage::Tx& tx, const Recipe& recipe, const ImportOptions& options, const std::string& files) : tx_(tx), recipe_(recipe), options_(options), files_(files) {}

  Result<ImportReport> run() {
    if (auto found = find_owner(); !found) return fail(found.error());
    if (options_.may && !options_.may(district_))
      return fail(Errc::forbidden, district_ != 0 ? "This district is not wholly in your area." : "A basemap of no district is for coordinators of everything: name yours by scheme in [basemap].");
    tx_.script("set local statement_timeout = 0; set local work_mem = '64MB';"
               "create temp table incoming_basemap (table_no int, row_no bigint, kind text, class text, name text, geom geometry) on commit drop");
    TableReader reader(recipe_, options_.repair);
    for (std::size_t i = 0; i < recipe_.tables.size(); ++i)
      if (auto staged = stage(reader, recipe_.tables[i], i); !staged) return fail(staged.error());
    report_.written = !options_.dry_run && (report_.bad_total == 0 || options_.skip_bad);
    if (report_.written) replace();
    return report_;
  }

 private:
  Result<void> find_owner() {
    const BasemapOwner& owner = *recipe_.basemap;
    if (owner.scheme.empty()) return {};
    const auto found = tx_.run(sql::districts_find, {owner.scheme, or_null(owner.code)});
    if (found.size() == 0) return fail(Error::field("basemap.scheme", "is of no district: import the district's cells first, or leave scheme out for a basemap of all"));
    district_ = found.integer(0, "id");
    return {};
  }

  void bad(const RecipeTable& table, std::int64_t row, std::string column, Sentence reason) {
    if (++report_.bad_total <= static_cast<std::int64_t>(kMostListed)) report_.bad.push_back({table.file.filename().string(), row, std::move(column), std::move(reason)});
  }

  void tell(const RecipeTable& table, const char* doing, std::int64_t rows) const {
    options_.progress({fmt::format("{}: {}", table.file.filename().string(), doing), static_cast<std::int64_t>(report_.counts.size()), static_cast<std::int64_t>(recipe_.tables.size()), rows});
  }

  /// Reads a table into the temporary one.
  Result<void> stage(TableReader& reader, const RecipeTable& table, std::size_t number) {
    static const std::vector<std::string> columns = {"table_no", "row_no", "kind", "class", "name", "geom"};
    counts_ = {table.kind, table.file.filename().string()};
    digests_[table.kind];
    std::vector<std::vector<storage::Param>> rows;
    std::int64_t seen = 0;
    const auto flush = [&] {
      if (!rows.empty()) tx_.copy("incoming_basemap", columns, rows);
      rows.clear();
    };
    const auto read = reader.read(table, "", [&](const Record& record) {
      if (options_.most_rows > 0 && ++seen > options_.most_rows) return false;
      if (auto row = staged_row(record, number); !row.empty()) {
        rows.push_back(std::move(row));
        if (counts_.added % 1000 == 0) tell(table, "reading", counts_.added);
      }
      if (rows.size() >= kStagedAtOnce) flush();
      return options_.skip_bad || report_.bad_total <= static_cast<std::int64_t>(kMostListed);
    });
    if (!read) return fail(read.error());
    if (options_.most_rows > 0 && seen > options_.most_rows) return fail(Errc::too_large, fmt::format("{} has more than {} rows: split it.", table.file.filename().string(), options_.most_rows));
    flush();
    const auto wrong = tx_.run(sql::imports_basemap_check, {std::to_string(number)});
    for (std::size_t i = 0; i < wrong.size(); ++i)
      bad(table, wrong.integer(i, "bad_row"), "geometry", wrong.boolean(i, "beyond") ? Sentence{"超出纬度85°，瓦片到不了那里", "reaches beyond 85° of latitude, where tiles end"} : Sentence{"线没有长度", "the line has no length"});
    counts_.added -= static_cast<std::int64_t>(wrong.size());
    report_.counts.push_back(counts_);
    return {};
  }

  /// The values of a record that are said of shapes; false where one cannot be used.
  bool read_said(const Record& record, std::string& class_of_it, std::string& name) {
    bool good = true;
    for (const char* what : {"class", "name"}) {
      const ValueRule& rule = *value_rule(record.table.kind, what);
      ReadValue read = record.read(rule);
      if (read.problem.empty() && rule.needed && read.text.empty()) read.problem = {"为空", "is empty"};
      if (!read.problem.empty()) bad(record.table, record.feature.row, column_of(record.table, what), std::move(read.problem)), good = false;
      (rule.what == "class" ? class_of_it : name) = std::move(read.text);
    }
    return good;
  }

  /// The row of a record for the temporary table; empty where it is not wanted, or cannot be used.
  std::vector<storage::Param> staged_row(const Record& record, std::size_t number) {
    const geo::Feature& f = record.feature;
    const std::string& kind = record.table.kind;
    if (record.get("class") == kLeftOut) return {};
    counts_.repaired += f.repaired ? 1 : 0;
    std::string class_of_it, name;
    const bool said = read_said(record, class_of_it, name);
    const Sentence why = !f.problem.empty() ? f.problem : misshapen(kind, f);
    if (!why.empty()) bad(record.table, f.row, f.problem.empty() ? "geometry" : f.problem_column, why);
    if (!said || !why.empty()) return {};
    if (class_of_it.empty()) class_of_it = usual_class(kind, shape_of(f));
    Digest& digest = digests_[kind];
    digest.add(class_of_it);
    digest.add(name);
    digest.add(*f.wkb);
    ++counts_.added;
    return {std::to_string(number), std::to_string(f.row), kind, class_of_it, or_null(name), to_hex(*f.wkb)};
  }

  /// Puts what was staged in the place of what was there, kind by kind.
  void replace() {
    const std::string district = std::to_string(district_);
    bool changed = false;
    for (auto& [kind, digest] : digests_) {
      options_.progress({"drawing " + kind, 0, 0, 0});
      const auto done = tx_.run(sql::imports_basemap_replace, {district_ == 0 ? storage::Param{} : district, kind, or_null(recipe_.basemap->credit), recipe_.synthetic ? "true" : "false", digest.finish()});
      const bool same = done.boolean(0, "same");
      changed = changed || !same;
      bool first = true;
      for (ImportCounts& counts : report_.counts) {
        if (counts.table != kind) continue;
        if (same) counts.same = std::exchange(counts.added, 0);
        else if (first && !done.null(0, "before")) counts.suspects.push_back(fmt::format("in the place of {0} shapes that were there / 替换原有的{0}个图形", done.integer(0, "before")));
        first = false;
      }
    }
    if (changed) tx_.run(sql::imports_basemap_note, {district_ == 0 ? storage::Param{} : district, options_.actor, recipe_.basemap->scheme.empty() ? "*" : recipe_.basemap->scheme, trail_json()});
  }

  /// What the trail keeps: the files by checksum, and how many rows of each became shapes.
  std::string trail_json() const {
    std::string tables;
    for (const ImportCounts& c : report_.counts) {
      Object one;
      one.text("table", c.table);
      one.text("file", c.file);
      one.text("shapes", std::to_string(c.added + c.same));
      tables += (tables.empty() ? "" : ", ") + one.finish();
    }
    return fmt::format(R"({{"files": {}, "tables": [{}], "bad_rows": {}}})", files_, tables, report_.bad_total);
  }

  storage::Tx& tx_;
  const Recipe& recipe_;
  const ImportOptions& options_;
  const std::string& files_;
  ImportReport report_;
  ImportCounts counts_;
  std::int64_t district_ = 0;  // whose it is; 0: of all
  std::map<std::string, Digest> digests_;  // kind -> of its rows
};

}  // namespace

Result<ImportReport> import_basemap(storage::Tx& tx, const Recipe& recipe, const ImportOptions& options, const std::string& files) { return Import(tx, recipe, options, files).run(); }

}  // namespace gridward::service
