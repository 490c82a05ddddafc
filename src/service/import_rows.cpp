#include "service/import_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include "base/hex.h"
#include "geo/write_sheet.h"

namespace gridward::service {

std::string Record::get(const std::string& what) const {
  std::string value;
  if (const auto at = index.find(what); at != index.end())
    for (const std::size_t& i : at->second) value += (&i == &at->second.front() ? "" : "|") + (i == kNoPosition ? std::to_string(feature.row) : feature.values[i].value_or(""));
  else if (const auto c = table.constants.find(what); c != table.constants.end()) value = c->second;
  if (const auto t = table.values.find(what); t != table.values.end()) {
    const auto v = t->second.find(value);
    value = v != t->second.end() ? v->second : t->second.contains("*") ? t->second.at("*") : value;
  }
  return value;
}

namespace {

/// The sum of numbers with | between them; of none, nothing.
ReadValue sum_of(const ValueRule& rule, const std::string& text) {
  std::optional<double> sum;
  for (std::string_view rest = text;;) {
    const auto end = rest.find('|');
    const ReadValue one = read_value(rule, std::string(rest.substr(0, end)));
    if (!one.problem.empty()) return one;
    if (!one.text.empty()) sum = sum.value_or(0) + std::strtod(one.text.c_str(), nullptr);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (!sum) return {};
  return {rule.writing == Writing::whole ? fmt::format("{:.0f}", *sum) : fmt::format("{:.2f}", *sum), {}};
}

}  // namespace

ReadValue Record::read(const ValueRule& rule) const {
  const std::string text = get(std::string(rule.what));
  const bool added = (rule.writing == Writing::whole || rule.writing == Writing::amount) && text.find('|') != std::string::npos;
  return added ? sum_of(rule, text) : read_value(rule, text);
}

std::string column_of(const RecipeTable& table, std::string_view what) {
  const auto named = table.columns.find(std::string(what));
  return named == table.columns.end() ? std::string(what) : fmt::format("{}", fmt::join(named->second, ", "));
}

std::string bad_rows_csv(const std::vector<BadRow>& bad) {
  geo::Table table;
  table.fields = {{"file"}, {"row", geo::FieldType::integer}, {"column"}, {"reason"}, {"原因"}};
  for (const BadRow& b : bad) table.rows.push_back({{b.file, std::to_string(b.row), b.column, b.reason.en, b.reason.zh}, ""});
  return geo::write_csv(table);
}

std::string hex(std::string_view bytes) { return "\\x" + to_hex(bytes); }

std::string full_code(const Recipe& recipe, std::string code) {
  if (!code.empty() && code.size() < recipe.code_length) code.resize(recipe.code_length, '0');
  return code;
}

std::optional<map::Point> point_of(const std::optional<std::string>& wkb) {
  if (!wkb || wkb->size() != 21) return std::nullopt;
  map::Point point;
  std::memcpy(&point, wkb->data() + 5, sizeof point);
  return point;
}

std::string point_text(const std::optional<std::string>& wkb) {
  const auto point = point_of(wkb);
  return point ? fmt::format("SRID=4490;POINT({:.17g} {:.17g})", point->x, point->y) : "";
}

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

bool is_uuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

Result<std::vector<std::string>> district_codes(const Recipe& recipe) {
  std::vector<std::string> out;
  if (recipe.each == 0) return std::vector<std::string>{""};
  for (const RecipeTable& table : recipe.tables) {
    if (table.kind != "district") continue;
    std::size_t code = 0;
    std::vector<std::pair<std::size_t, std::string>> where;
    const auto fields = [&](const std::vector<std::string>& names) -> Result<void> {
      const auto find = [&](const std::string& name) { return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()); };
      code = table.columns.contains("code") ? find(table.columns.at("code").front()) : names.size();
      if (code == names.size()) return fail(Errc::invalid_argument, table.file.filename().string() + ": the district table needs its code column.");
      for (const auto& [column, value] : table.where) where.emplace_back(find(column), value);
      return {};
    };
    const auto read = geo::read_vector_file(table.file.string(), table.open, fields, [&](geo::Feature& f) {
      const bool wanted = std::ranges::all_of(where, [&](const auto& w) { return w.first < f.values.size() && f.values[w.first].value_or("") == w.second; });
      const ReadValue read_code = wanted && f.values[code] ? read_value(*value_rule("district", "code"), *f.values[code]) : ReadValue{};
      if (read_code.text.size() >= recipe.each) out.push_back(read_code.text.substr(0, recipe.each));
      return true;
    });
    if (!read) return fail(read.error());
  }
  return out;
}

void add(ImportReport& all, const ImportReport& one) {
  all.written = all.written && one.written;
  all.bad_total += one.bad_total;
  for (const BadRow& b : one.bad)
    if (all.bad.size() < kMostListed) all.bad.push_back(b);
  for (const ImportCounts& c : one.counts) {
    const auto same = std::ranges::find_if(all.counts, [&](const ImportCounts& a) { return a.table == c.table && a.file == c.file; });
    if (same == all.counts.end()) {
      all.counts.push_back(c);
      continue;
    }
    same->added += c.added;
    same->changed += c.changed;
    same->same += c.same;
    same->repeated += c.repeated;
    same->repaired += c.repaired;
    if (!c.first_key.empty() && (same->first_key.empty() || c.first_key < same->first_key)) same->first_key = c.first_key;
    same->last_key = std::max(same->last_key, c.last_key);
    same->gone.insert(same->gone.end(), c.gone.begin(), c.gone.end());
    same->suspects.insert(same->suspects.end(), c.suspects.begin(), c.suspects.end());
  }
}

}  // namespace gridward::service
