#include <map>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/code.h"
#include "service/findings_parts.h"
#include "service/object.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

Finding finding(const char* kind, Severity severity, int level, std::vector<FindingCell> cells) {
  Finding f;
  f.kind = kind;
  f.severity = severity;
  f.level = level;
  f.cells = std::move(cells);
  return f;
}

/// The operation that gives a cell another code, as JSON.
std::string recode(std::int64_t cell, const std::string& scheme, const std::string& code) {
  Object out;
  out.text("kind", "recode");
  out.text("cell", std::to_string(cell));
  out.text("scheme", scheme);
  out.text("code", code);
  return out.finish();
}

/// Codes of a scheme that are or were given and begin as those of some cells could.
std::set<std::string> read_used_codes(storage::Tx& tx, const std::string& scheme, const std::set<std::string>& prefixes) {
  std::set<std::string> out;
  const auto rows = tx.run(sql::findings_codes_used, {scheme, fmt::format("{}", fmt::join(prefixes, "\n"))});
  for (std::size_t i = 0; i < rows.size(); ++i) out.insert(rows.text(i, "code"));
  return out;
}

/// Gives each bad code a repair: one that nobody has or had, of the district's scheme and under the parent's code; one for a cell, whatever is wrong with its own.
void propose_codes(storage::Tx& tx, const DistrictMap& map, const std::string& scheme, std::span<Finding> bad) {
  std::set<std::string> prefixes;
  const auto areas_of = [&](const Finding& f) { const DistrictMap::Area* area = map.find(f.cells.front().id); return std::pair(area, area == nullptr ? nullptr : map.find(area->parent)); };
  for (const Finding& f : bad)
    if (const auto [area, parent] = areas_of(f); parent != nullptr) prefixes.insert(is_statistical_code(parent->cell.code) ? parent->cell.code.substr(0, area->cell.level == 2 ? 6 : 9) : area->cell.code);
  if (prefixes.empty()) return;
  std::set<std::string> used = read_used_codes(tx, scheme, prefixes);
  std::map<std::int64_t, std::string> proposed;
  for (Finding& f : bad) {
    const auto [area, parent] = areas_of(f);
    if (parent == nullptr) continue;
    const auto [mine, fresh] = proposed.try_emplace(area->cell.id);
    if (fresh) {
      const bool fits = f.kind == "code_scheme" && !used.contains(area->cell.code) && code_fits_parent(area->cell.code, parent->cell.code, parent->cell.level);
      mine->second = fits ? area->cell.code : free_code(area->cell.code, parent->cell.code, area->cell.level, used);
      used.insert(mine->second);
    }
    if (!mine->second.empty()) f.repair = recode(area->cell.id, scheme, mine->second);
  }
}

}  // namespace

void find_misplaced(storage::Tx& tx, const DistrictMap& map, const map::Snapshot& ground, std::int64_t district, const std::string& day, std::vector<Finding>& out) {
  const auto rows = tx.run(sql::findings_enterprises, {std::to_string(district), day});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FindingCell self{rows.integer(i, "id"), 4, rows.text(i, "code"), rows.text(i, "name")};
    const std::int64_t parent = rows.integer(i, "parent_id");
    std::vector<FindingCell> cells = {self};
    if (parent != 0) cells.push_back(map.cell(parent));
    if (rows.null(i, "x")) {
      out.push_back(finding("enterprise_unlocated", Severity::note, 4, std::move(cells)));
      continue;
    }
    const geo::LonLat at{rows.real(i, "x"), rows.real(i, "y")};
    const std::int64_t there = ground.cell_at({at.lon, at.lat});
    if (there == 0) {
      out.emplace_back(finding("enterprise_outside", Severity::error, 4, std::move(cells))).at = at;
    } else if (parent != 0 && !map.below(there, parent) && !map.below(parent, there)) {
      cells.push_back(map.cell(there));
      Finding& f = out.emplace_back(finding("enterprise_elsewhere", Severity::warning, 4, std::move(cells)));
      f.at = at;
      f.repair = fmt::format(R"({{"kind":"move_enterprise","cell":"{}","parent":"{}","cause":"data_wrong"}})", self.id, there);
    }
  }
}

void find_unmanned(storage::Tx& tx, const DistrictMap& map, std::int64_t district, const std::string& day, const FindingOptions& options, std::vector<Finding>& out) {
  const auto deputies = tx.run(sql::findings_deputies, {std::to_string(district), day});
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> deputy;  // by parent and post
  for (std::size_t i = 0; i < deputies.size(); ++i) deputy[{deputies.integer(i, "parent_id"), deputies.text(i, "post")}] = deputies.integer(i, "person_id");
  const auto vacant = tx.run(sql::findings_vacant, {std::to_string(district), day});
  for (std::size_t i = 0; i < vacant.size(); ++i) {
    Finding& f = out.emplace_back(finding("vacant_post", Severity::error, static_cast<int>(vacant.integer(i, "level")), {map.cell(vacant.integer(i, "cell_id"))}));
    f.post = vacant.text(i, "post");
    f.post_name = {vacant.text(i, "name_zh"), vacant.text(i, "name_en")};
    f.count = vacant.integer(i, "cells");
    const DistrictMap::Area* area = map.find(f.cells.front().id);
    const auto found = area == nullptr || f.level == 4 ? deputy.end() : deputy.find({area->parent, f.post});
    if (found != deputy.end()) f.repair = fmt::format(R"({{"kind":"assign","cell":"{}","post":"{}","person":{},"acting":true}})", area->cell.id, f.post, found->second);
  }
  const auto held = tx.run(sql::findings_certificates, {std::to_string(district), day, std::to_string(options.certificate_days)});
  for (std::size_t i = 0; i < held.size(); ++i) {
    const FindingCell cell = map.cell(held.integer(i, "cell_id"));
    const bool missing = held.null(i, "until");
    Finding& f = out.emplace_back(finding(missing ? "certificate_missing" : "certificate_ends", missing ? Severity::error : Severity::warning, cell.level, {cell}));
    f.post = held.text(i, "post");
    f.post_name = {held.text(i, "name_zh"), held.text(i, "name_en")};
    f.why = held.text(i, "certificate");
    f.person = held.integer(i, "person_id");
    f.person_name = held.text(i, "name");
    f.day = held.text(i, "until");
    if (held.null(i, "deputy")) continue;
    const std::string replaced = held.boolean(i, "is_primary") ? "" : fmt::format(R"(,"replacing":{})", f.person);
    f.repair = fmt::format(R"({{"kind":"assign","cell":"{}","post":"{}","person":{},"acting":true{}}})", cell.id, f.post, held.integer(i, "deputy"), replaced);
  }
}

void find_bad_codes(storage::Tx& tx, const DistrictMap& map, const District& district, const std::string& day, std::vector<Finding>& out) {
  const std::size_t first = out.size();
  for (const DistrictMap::Area& area : map.areas) {
    if (area.scheme != district.scheme) out.emplace_back(finding("code_scheme", Severity::warning, area.cell.level, {area.cell})).why = area.scheme;
    const DistrictMap::Area* parent = map.find(area.parent);
    if (parent != nullptr && area.scheme == parent->scheme && !code_fits_parent(area.cell.code, parent->cell.code, parent->cell.level))
      out.push_back(finding("code_prefix", Severity::warning, area.cell.level, {area.cell, parent->cell}));
  }
  const auto reused = tx.run(sql::findings_codes, {std::to_string(district.id), day});
  for (std::size_t i = 0; i < reused.size(); ++i) {
    const FindingCell cell = map.cell(reused.integer(i, "cell_id"));
    out.emplace_back(finding("code_reused", Severity::warning, cell.level, {cell, map.cell(reused.integer(i, "former"))})).day = reused.text(i, "until");
  }
  propose_codes(tx, map, district.scheme, std::span(out).subspan(first));
}

}  // namespace gridward::service
