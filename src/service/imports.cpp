#include "service/imports.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/hex.h"
#include "domain/cell.h"
#include "service/basemap_import.h"
#include "service/checksums.h"
#include "service/import_rows.h"
#include "service/object.h"
#include "service/recipe.h"
#include "service/row_maker.h"
#include "service/table_reader.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

constexpr std::size_t kStagedAtOnce = 10000;
constexpr std::int64_t kMany = 1000;  // a table that grew by so much is looked at anew, so that what comes next is planned well

/// What is the same for all districts of a recipe.
struct Job {
  const Recipe& recipe;
  const ImportOptions& options;
  TableReader& reader;
  const std::string& files;  // their checksums, as JSON
};

/// Imports one district of a recipe, in the transaction of all.
class Import {
 public:
  /// `only`: the beginning of the codes of the district that this run is about, where a recipe has many.
  Import(storage::Tx& tx, const Job& job, std::string only) : tx_(tx), recipe_(job.recipe), options_(job.options), job_(job), only_(std::move(only)) {}

  Result<ImportReport> run() {
    if (auto found = find_district(); !found) return fail(found.error());
    if (options_.may && !options_.may(known_ ? district_ : 0)) return fail(Errc::forbidden, known_ ? "This district is not wholly in your area." : "A new district is for coordinators of everything.");
    tx_.script("set local statement_timeout = 0; set local work_mem = '64MB';"
               "create temp table if not exists incoming_cell (code text, name text, kind text, parent_code text, wkb bytea, area_m2 float8,"
               " valid_from date, valid_to date, facts jsonb) on commit drop;"
               "create temp table if not exists incoming (external_id text, row jsonb) on commit drop");
    hold_map();
    rows_.emplace(tx_, recipe_, district_, map_day_, [this](const Record& record, const std::string& column, Sentence reason) { bad(record.table, record.feature.row, column, std::move(reason)); });
    for (const RecipeTable& table : recipe_.tables)
      if (auto done = import_table(table); !done) return fail(done.error());
    if (recipe_.shape == "children") tx_.run(sql::imports_shape_from_children, {std::to_string(district_), map_day_});
    report_.written = !options_.dry_run && (report_.bad_total == 0 || options_.skip_bad);
    if (report_.written) finish();
    return report_;
  }

 private:
  Result<void> find_district() {
    const auto found = tx_.run(sql::districts_find, {recipe_.scheme, or_null(only_)});
    known_ = found.size() > 0;
    if (known_) district_ = found.integer(0, "id");
    map_day_ = !known_ ? recipe_.holds_from : !options_.from.empty() ? options_.from : !recipe_.changes_from.empty() ? recipe_.changes_from : recipe_.holds_from;
    if (known_) return {};
    if (!tx_.run(sql::imports_time_zone, {recipe_.time_zone}).boolean(0, "known"))
      return fail(Error::field("district.time_zone", "\"" + recipe_.time_zone + "\" is not known: give a name such as Asia/Shanghai"));
    district_ = tx_.run(sql::districts_create, {recipe_.scheme, recipe_.time_zone, recipe_.holds_from, recipe_.synthetic ? "true" : "false"}).integer(0, "id");
    return {};
  }

  /// Keeps the map of the district as it is while events are placed on it, or lets nobody else place events while it changes.
  void hold_map() {
    const bool changes = std::any_of(recipe_.tables.begin(), recipe_.tables.end(), [](const RecipeTable& t) { return level_number(t.kind) != 0; });
    tx_.run(sql::imports_hold_map, {std::to_string(district_), changes ? "true" : "false"});
  }

  bool closes() const { return options_.close_gone || recipe_.close_gone; }

  /// Brings what was written into the kept counts and the trail.
  void finish() {
    std::int64_t touched = 0, events = 0;
    for (const auto& c : report_.counts) {
      touched += c.added + c.changed + (closes() ? static_cast<std::int64_t>(c.gone.size()) : 0);
      if (RowMaker::is_event(c.table)) events += c.added;
    }
    if (touched == 0) return;
    options_.progress({"counting", 0, 0, 0});
    const std::string district = std::to_string(district_);
    if (known_) {
      tx_.run(sql::imports_replace, {district, map_day_});
      tx_.run(sql::imports_replace_enterprises, {district, map_day_});
    }
    tx_.run(sql::imports_fold, {district});
    if (events > kMany) tx_.run(sql::imports_statistics, {"events"});
    tx_.run(sql::imports_note, {district, options_.actor, recipe_.scheme, trail_json()});
  }

  /// Lists what a person should look at: known codes with another name, and names that come back under another code. Where
  /// the recipe says that a cell is its code and name, the first end here, and are new cells.
  void find_suspects(int level, const std::string& scheme) {
    const auto found = tx_.run(sql::imports_suspects, {std::to_string(district_), std::to_string(level), scheme, map_day_, recipe_.identity == "code and name" ? "true" : "false"});
    for (std::size_t i = 0; i < found.size(); ++i) counts_.suspects.push_back(found.text(i, "suspect"));
  }

  void bad(const RecipeTable& table, std::int64_t row, std::string column, Sentence reason) {
    if (++report_.bad_total <= static_cast<std::int64_t>(kMostListed))
      report_.bad.push_back({table.file.empty() ? "recipe.toml" : table.file.filename().string(), row, std::move(column), std::move(reason)});
  }

  /// Tells how far this is: the tables of the recipe are its steps.
  void tell(const RecipeTable& table, const std::string& doing, std::int64_t rows) const {
    const std::string name = table.file.empty() ? table.kind : table.file.filename().string();
    options_.progress({fmt::format("{}{}{}: {}", only_, only_.empty() ? "" : " ", name, doing), static_cast<std::int64_t>(report_.counts.size()), static_cast<std::int64_t>(recipe_.tables.size()), rows});
  }

  Result<void> import_table(const RecipeTable& table) {
    counts_ = {table.kind, table.file.filename().string()};
    tell(table, "reading", 0);
    const int level = level_number(table.kind);
    const auto staged = stage(table, level);
    if (!staged) return fail(staged.error());
    if (*staged == 0 && level != 0 && recipe_.each > 0) return {};
    tell(table, "merging", *staged);
    const std::string district = std::to_string(district_);
    const std::string scheme = level == 4 ? recipe_.enterprise_scheme : recipe_.scheme;
    if (level != 0 && known_) find_suspects(level, scheme);
    const auto merged = level != 0 ? tx_.run(sql::imports_cells, {district, std::to_string(level), scheme, recipe_.scheme, map_day_}) : merge(table.kind, district);
    counts_.added = merged.integer(0, "added");
    counts_.changed = merged.integer(0, "changed");
    counts_.same = merged.integer(0, "same");
    if (level != 0) rows_->map_changed();
    if (level != 0 && counts_.added < *staged) {
      const auto gone = tx_.run(sql::imports_gone, {district, std::to_string(level), scheme, map_day_, closes() ? "true" : "false"});
      for (std::size_t i = 0; i < gone.size(); ++i) counts_.gone.push_back(gone.text(i, "code"));
    }
    if (table.kind == "overlay_area") {
      const auto gone = tx_.run(sql::imports_overlay_areas_gone, {district, map_day_, closes() ? "true" : "false"});
      for (std::size_t i = 0; i < gone.size(); ++i) counts_.gone.push_back(gone.text(i, "code"));
    }
    report_.counts.push_back(counts_);
    if (level != 0 && counts_.added > kMany) tx_.run(sql::imports_statistics, {"cells"});
    return {};
  }

  storage::Rows merge(const std::string& kind, const std::string& district) {
    if (kind == "person") return tx_.run(sql::imports_people, {district});
    if (kind == "assignment") return tx_.run(sql::imports_assignments, {district, recipe_.scheme, recipe_.enterprise_scheme});
    if (kind == "certificate" || kind == "exemption" || kind == "contact_point" || kind == "overlay_holder") return tx_.run(sql::imports_papers, {kind, district});
    if (kind == "overlay_area") return tx_.run(sql::imports_overlay_areas, {district, map_day_});
    if (kind == "step") return tx_.run(sql::imports_steps, {district, options_.actor});
    return tx_.run(sql::imports_events, {kind, district, options_.actor});
  }

  /// Reads a table into its temporary table. Returns how many rows there are.
  Result<std::int64_t> stage(const RecipeTable& table, int level) {
    const bool event = RowMaker::is_event(table.kind);
    const std::string name = level != 0 ? "incoming_cell" : event ? "incoming_event" : "incoming";
    if (event) tx_.run(sql::imports_stage, {table.kind});
    else tx_.script("truncate " + name);
    const auto columns = RowMaker::columns(table.kind);
    std::vector<StagedRow> rows;
    std::int64_t staged = 0;
    const auto flush = [&] {
      if (!rows.empty()) tx_.copy(name, columns, rows);
      rows.clear();
    };
    std::map<std::string, std::int64_t> keys;  // of the rows that were taken
    std::int64_t seen = 0;
    rows_->begin(table);
    const auto read = job_.reader.read(table, only_, [&](const Record& record) {
      if (options_.most_rows > 0 && ++seen > options_.most_rows) return false;
      if (auto row = staged_row(record, keys); !row.empty()) rows.push_back(std::move(row));
      else return options_.skip_bad || report_.bad_total <= static_cast<std::int64_t>(kMostListed);
      if (++staged % 1000 == 0) tell(table, "reading", staged);
      if (rows.size() >= kStagedAtOnce && table.repeated != "union") flush();
      return true;
    });
    if (!read) return fail(read.error());
    if (options_.most_rows > 0 && seen > options_.most_rows) return fail(Errc::too_large, fmt::format("{} has more than {} rows: split it.", table.file.filename().string(), options_.most_rows));
    unite_parts(table, rows);
    flush();
    if (!keys.empty()) {
      counts_.first_key = keys.begin()->first;
      counts_.last_key = keys.rbegin()->first;
    }
    if (!event) tx_.script("analyze " + name);
    return staged - check_staged(table, level, keys);
  }

  /// The row of a record for its temporary table; empty where it cannot be used, or is there already.
  StagedRow staged_row(const Record& record, std::map<std::string, std::int64_t>& keys) {
    const geo::Feature& f = record.feature;
    counts_.repaired += f.repaired ? 1 : 0;
    if (!f.problem.empty()) return bad(record.table, f.row, f.problem_column, f.problem), StagedRow{};
    const std::string key = rows_->key_of(record);
    if (key.empty()) return {};
    const auto [at, fresh] = keys.emplace(key, f.row);
    if (!fresh) {
      ++counts_.repeated;
      if (record.table.repeated == "union" && f.wkb) parts_[key].push_back(*f.wkb);
      const std::string first = std::to_string(at->second);
      if (record.table.repeated == "error")
        bad(record.table, f.row, column_of(record.table, value_rules(record.table.kind).front().what),
            {"“" + key + "”在第" + first + "行已有（若以第一个为准，请写 repeated = \"first\"）", "\"" + key + "\" is in row " + first + " already (repeated = \"first\" takes the first)"});
      return {};
    }
    if (record.table.kind == "district" && recipe_.each == 0 && keys.size() > 1)
      return bad(record.table, f.row, column_of(record.table, "code"), {"是第二个区县：多个区县请在[district]中写 each", "is a second district: for many, give each in [district]"}), StagedRow{};
    StagedRow row = rows_->make(record, key);
    if (row.empty()) keys.erase(at);
    return row;
  }

  /// Gives rows whose key was repeated the shape that all of their parts have together.
  void unite_parts(const RecipeTable& table, std::vector<StagedRow>& rows) {
    constexpr std::size_t shape = 4, area = 5;  // of RowMaker::columns
    for (StagedRow& row : rows) {
      const auto parts = parts_.find(*row.front());
      if (parts == parts_.end()) continue;
      if (row[shape]) parts->second.push_back(from_hex(row[shape]->substr(2)));
      const auto whole = geo::unite(parts->second);
      if (!whole) {
        bad(table, 0, "geometry", {"“" + *row.front() + "”的各部分合并后没有面积", "the parts of \"" + *row.front() + "\" have no area together"});
        continue;
      }
      row[shape] = hex(whole->wkb);
      row[area] = fmt::format("{:.17g}", whole->area_m2);
    }
    parts_.clear();
  }

  /// Looks at what was staged as a whole. Returns how many rows were taken out again.
  std::int64_t check_staged(const RecipeTable& table, int level, const std::map<std::string, std::int64_t>& keys) {
    if (Sentence why = rows_->verdict(); !why.empty()) bad(table, 0, "crs", std::move(why));
    for (std::string& suspect : rows_->suspects()) counts_.suspects.push_back(std::move(suspect));
    if (table.kind == "assignment") return check_assignments(table, keys);
    if (level == 0 && table.kind != "person" && !RowMaker::is_event(table.kind)) return check_papers(table, keys);
    if (level < 2) return 0;
    std::int64_t out = 0;
    const auto orphans = tx_.run(sql::imports_orphans, {std::to_string(district_), std::to_string(level), recipe_.scheme, map_day_});
    for (std::size_t i = 0; i < orphans.size(); ++i) {
      const std::string code = orphans.text(i, "code"), parent = orphans.text(i, "parent_code");
      if (orphans.boolean(i, "placed")) {
        counts_.suspects.push_back(fmt::format("{} names the parent {}, which is not known, and stands where its point lies / {}所写上级{}不存在，按坐标归属", code, parent, code, parent));
        continue;
      }
      ++out;
      if (orphans.boolean(i, "zero"))
        bad(table, keys.at(code), column_of(table, "parent"), {"“" + parent + "”似乎丢失了开头的0：请将该列设为文本格式后重新填写", "\"" + parent + "\" seems to have lost a zero in front: format the column as text and fill it again"});
      else
        bad(table, keys.at(code), column_of(table, "parent"), {"“" + parent + "”不是任何上级网格的代码：请核对，或把上级的表放在前面", "\"" + parent + "\" is not the code of a cell above: is it right, and does the table of the cells above come first?"});
    }
    return out;
  }

  std::int64_t check_assignments(const RecipeTable& table, const std::map<std::string, std::int64_t>& keys) {
    const std::map<std::string, Sentence> reasons = {{"post", {"不是任何岗位的代码", "is not the code of a post"}},
                                                     {"person", {"不是已知人员：请把人员表放在前面", "is not a person that is known: does the table of people come first?"}},
                                                     {"cell", {"当日没有该代码的网格，或该岗位不属于这一级", "is not the code of a cell of that day at the level of the post"}},
                                                     {"to", {"不晚于起始日期（止日不含）", "is not later than the first day (it is the first day after)"}},
                                                     {"from", {"该岗位当时已有他人担任", "another holds this post on days of that time"}}};
    const auto wrong = tx_.run(sql::imports_bad_assignments, {std::to_string(district_), recipe_.scheme, recipe_.enterprise_scheme});
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      const std::string what = wrong.text(i, "what"), value = wrong.null(i, "value") ? "" : wrong.text(i, "value");
      const Sentence& reason = reasons.at(what);
      const bool quote = !value.empty();
      bad(table, keys.at(wrong.text(i, "external_id")), column_of(table, what), {quote ? "“" + value + "”" + reason.zh : reason.zh, quote ? "\"" + value + "\" " + reason.en : reason.en});
    }
    return static_cast<std::int64_t>(wrong.size());
  }

  std::int64_t check_papers(const RecipeTable& table, const std::map<std::string, std::int64_t>& keys) {
    const std::map<std::string, Sentence> reasons = {{"person", {"不是已知人员：请把人员表放在前面", "is not a person that is known: does the table of people come first?"}},
                                                     {"enterprise", {"不是已知企业：请把企业表放在前面", "is not an enterprise that is known: does the table of enterprises come first?"}},
                                                     {"cell", {"当日没有该代码的网格", "is not the code of a cell of that day"}},
                                                     {"area", {"该时段没有该代码的辖区：请把辖区表放在前面", "is not the code of an area of the overlay for all of that time: does the table of areas come first?"}},
                                                     {"hazard", {"不是已知隐患：请把隐患表放在前面", "is not a hazard that is known: does the table of hazards come first?"}},
                                                     {"key", {"已有另一步骤：已录入的不改；请更正隐患本身", "is there already as another step: what was entered stays; correct the hazard"}}};
    const auto wrong = tx_.run(sql::imports_bad_papers, {table.kind, std::to_string(district_)});
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      const std::string what = wrong.text(i, "what"), value = wrong.text(i, "value");
      bad(table, keys.at(wrong.text(i, "external_id")), column_of(table, what), {"“" + value + "”" + reasons.at(what).zh, "\"" + value + "\" " + reasons.at(what).en});
    }
    return static_cast<std::int64_t>(wrong.size());
  }

  /// What the trail keeps of this import: its files by checksum, and for each table how much and which keys.
  std::string trail_json() const {
    std::string tables;
    for (const auto& c : report_.counts) {
      Object keys;
      keys.text("table", c.table);
      keys.text("file", c.file);
      keys.text("first_key", c.first_key);
      keys.text("last_key", c.last_key);
      std::string one = keys.finish();
      one.pop_back();
      tables += (tables.empty() ? "" : ", ") + one + fmt::format(R"(, "added": {}, "changed": {}, "same": {}, "repeated": {}, "gone": {}}})", c.added, c.changed, c.same, c.repeated, c.gone.size());
    }
    return fmt::format(R"({{"files": {}, "tables": [{}], "bad_rows": {}}})", job_.files, tables, report_.bad_total);
  }

  storage::Tx& tx_;
  const Recipe& recipe_;
  const ImportOptions& options_;
  const Job& job_;
  const std::string only_;
  ImportReport report_;
  ImportCounts counts_;
  std::int64_t district_ = 0;
  bool known_ = false;   // the district was there before: its events may have to be placed anew
  std::string map_day_;  // from which changes of the map hold
  std::optional<RowMaker> rows_;
  std::map<std::string, std::vector<std::string>> parts_;  // key -> the shapes of its rows after the first
};

/// The files of a recipe, itself first, each with its checksum, as JSON. An import that is only tried needs none.
Result<std::string> checksums(const std::filesystem::path& path, const Recipe& recipe) {
  std::vector<std::filesystem::path> files = {path};
  for (const RecipeTable& table : recipe.tables)
    if (!table.file.empty())
      for (const auto& file : files_of(table.file)) files.push_back(file);
  std::set<std::filesystem::path> seen;
  std::string out;
  for (const auto& file : files) {
    if (!seen.insert(file).second) continue;
    const auto hash = sha256_of_file(file);
    if (!hash) return hash;
    Object one;
    one.text("name", file.filename().string());
    one.text("sha256", *hash);
    out += (out.empty() ? "" : ", ") + one.finish();
  }
  return "[" + out + "]";
}

}  // namespace

Result<ImportReport> import_recipe(storage::Pool& pool, const std::filesystem::path& path, const ImportOptions& options) {
  const auto recipe = read_recipe(path);
  if (!recipe) return fail(recipe.error());
  const auto files = options.dry_run ? Result<std::string>("[]") : checksums(path, *recipe);
  if (!files) return fail(files.error());
  std::optional<ImportReport> unwritten;  // what a transaction that is rolled back on purpose found
  auto done = pool.write<ImportReport>([&](storage::Tx& tx) -> Result<ImportReport> {
    if (!tx.run(sql::imports_claim, {options.waits ? "true" : "false"}).boolean(0, "claimed")) return fail(Errc::conflict, "Another import is running. Try again when it has ended.");
    ImportReport all;
    all.written = true;
    if (recipe->basemap) {
      auto report = import_basemap(tx, *recipe, options, *files);
      if (!report || report->written) return report;
      unwritten = std::move(*report);
      return fail(Errc::rule_violated, "not written");
    }
    const auto districts = district_codes(*recipe);
    if (!districts) return fail(districts.error());
    TableReader reader(*recipe, options.repair);
    const Job job{*recipe, options, reader, *files};
    for (const std::string& only : *districts) {
      auto report = Import(tx, job, only).run();
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
