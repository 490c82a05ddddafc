#include "service/import_rows.h"

#include "base/hex.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <sodium.h>

namespace gridward::service {

std::string Record::get(const std::string& what) const {
  std::string value;
  if (const auto at = index.find(what); at != index.end())
    for (const std::size_t i : at->second) value += (i == at->second.front() ? "" : "|") + feature.values[i].value_or("");
  else if (const auto c = table.constants.find(what); c != table.constants.end()) value = c->second;
  if (const auto t = table.values.find(what); t != table.values.end()) {
    const auto v = t->second.find(value);
    value = v != t->second.end() ? v->second : t->second.contains("*") ? t->second.at("*") : value;
  }
  return value;
}

std::string hex(std::string_view bytes) { return "\\x" + to_hex(bytes); }

std::string bad_rows_csv(const std::vector<BadRow>& bad) {
  const auto quoted = [](const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
  };
  std::string text = "\xEF\xBB\xBF" "file,row,column,reason\r\n";
  for (const BadRow& b : bad) text += fmt::format("{},{},{},{}\r\n", quoted(b.file), b.row, quoted(b.column), quoted(b.reason));
  return text;
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
      if (wanted && f.values[code]) out.push_back(f.values[code]->substr(0, recipe.each));
      return true;
    });
    if (!read) return fail(read.error());
  }
  return out;
}

void add(ImportReport& all, const ImportReport& one) {
  all.written = all.written && one.written;
  all.bad.insert(all.bad.end(), one.bad.begin(), one.bad.end());
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
