#include "service/table_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gridward::service {

Result<void> TableReader::find_columns(const RecipeTable& table, const std::vector<std::string>& names, Layout& layout) {
  std::string missing;
  const auto position = [&](const std::string& column, const std::string& what) {
    const auto at = std::ranges::find(names, column);
    if (at == names.end()) missing = fmt::format("{}: it has no column \"{}\" (for {}); it has {}.", table.file.filename().string(), column, what, fmt::join(names, ", "));
    return static_cast<std::size_t>(at - names.begin());
  };
  for (const auto& [what, columns] : table.columns)
    for (const std::string& column : columns) layout.index[what].push_back(position(column, what));
  for (const auto& [column, value] : table.where) layout.where.emplace_back(position(column, "where"), value);
  if (!missing.empty()) return fail(Errc::invalid_argument, missing);
  return {};
}

Result<void> TableReader::read_file(const RecipeTable& table, Layout& layout, const std::function<void(geo::Feature&)>& each) const {
  geo::OpenOptions open = table.open;
  open.repair = repair_ || table.open.repair;
  const auto fields = [&](const std::vector<std::string>& names) { return find_columns(table, names, layout); };
  return geo::read_vector_file(table.file.string(), open, fields, [&](geo::Feature& feature) {
    const bool wanted = std::ranges::all_of(layout.where, [&](const auto& w) {
      const std::string value = feature.values[w.first].value_or("");
      return w.second == "*" ? !value.empty() : value == w.second;
    });
    if (wanted) each(feature);
    return true;
  });
}

Result<void> TableReader::read(const RecipeTable& table, const std::function<void(const Record&)>& take) {
  if (table.file.empty()) {
    const Layout nothing;
    const geo::Feature constants;
    take({table, nothing.index, constants});
    return {};
  }
  if (!keeps_) {
    Layout layout;
    return read_file(table, layout, [&](geo::Feature& feature) { take({table, layout.index, feature}); });
  }
  if (!kept_.contains(&table)) {
    Kept kept;
    if (auto read = read_file(table, kept.layout, [&](geo::Feature& feature) { kept.features.push_back(std::move(feature)); }); !read) return read;
    kept_.emplace(&table, std::move(kept));
  }
  const Kept& kept = kept_.at(&table);
  for (const geo::Feature& feature : kept.features) take({table, kept.layout.index, feature});
  return {};
}

}  // namespace gridward::service
