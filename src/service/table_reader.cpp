#include "service/table_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/cell.h"

namespace gridward::service {

geo::OpenOptions TableReader::options_of(const RecipeTable& table) const {
  geo::OpenOptions open = table.open;
  open.repair = repair_ || table.open.repair;
  return open;
}

Result<void> TableReader::find_columns(const RecipeTable& table, const std::vector<std::string>& names, Layout& layout) const {
  Error error{Errc::invalid_argument, "", {}};
  std::vector<std::string> missing;
  const auto position = [&](const std::string& column, const std::string& field) {
    const auto at = std::ranges::find(names, column);
    if (column == kRowNumber && at == names.end()) return kNoPosition;
    if (at == names.end()) missing.push_back(column);
    const auto count = std::ranges::count(names, column);
    if (count != 1) error.fields.push_back({table.name + "." + field, fmt::format("{} has {} column \"{}\"", table.file.filename().string(), count == 0 ? "no" : "more than one", column)});
    return static_cast<std::size_t>(at - names.begin());
  };
  for (const auto& [what, columns] : table.columns)
    for (const std::string& column : columns) layout.index[what].push_back(position(column, "columns." + what));
  for (const auto& [column, value] : table.where) layout.where.emplace_back(position(column, "where"), value);
  if (error.fields.empty()) return {};
  for (const FieldError& f : error.fields) error.detail += f.field + ": " + f.detail + "; ";
  const int header = missing.empty() ? 0 : geo::find_header(table.file.string(), options_of(table), missing);
  error.detail += header > 0 ? fmt::format("row {} has the names: give header = {} in the recipe.", header, header) : fmt::format("it has {}.", fmt::join(names, ", "));
  return fail(std::move(error));
}

Result<void> TableReader::read_file(const RecipeTable& table, Layout& layout, const std::function<bool(geo::Feature&)>& each) const {
  const auto fields = [&](const std::vector<std::string>& names) { return find_columns(table, names, layout); };
  return geo::read_vector_file(table.file.string(), options_of(table), fields, [&](geo::Feature& feature) {
    const bool wanted = std::ranges::all_of(layout.where, [&](const auto& w) {
      const std::string value = feature.values[w.first].value_or("");
      return w.second == "*" ? !value.empty() : value == w.second;
    });
    return !wanted || each(feature);
  });
}

std::string TableReader::district_of(const Record& record) const {
  const char* what = level_number(record.table.kind) != 0 ? "code" : "cell_code";
  const ValueRule* rule = value_rule(record.table.kind, what);
  const std::string code = rule == nullptr ? "" : full_code(recipe_, record.read(*rule).text);
  return code.substr(0, std::min(recipe_.each, code.size()));
}

Result<void> TableReader::read(const RecipeTable& table, const std::string& only, const std::function<bool(const Record&)>& take) {
  if (table.file.empty()) {
    const Layout nothing;
    const geo::Feature constants;
    take({table, nothing.index, constants});
    return {};
  }
  if (recipe_.each == 0) {
    Layout layout;
    return read_file(table, layout, [&](geo::Feature& feature) { return take({table, layout.index, feature}); });
  }
  if (!kept_.contains(&table)) {
    Kept kept;
    const auto keep = [&](geo::Feature& feature) {
      std::string district = feature.problem.empty() ? district_of({table, kept.layout.index, feature}) : "";
      kept.by_district[district.empty() ? only : district].push_back(std::move(feature));
      return true;
    };
    if (auto read = read_file(table, kept.layout, keep); !read) return read;
    kept_.emplace(&table, std::move(kept));
  }
  const Kept& kept = kept_.at(&table);
  const auto rows = kept.by_district.find(only);
  if (rows == kept.by_district.end()) return {};
  for (const geo::Feature& feature : rows->second)
    if (!take({table, kept.layout.index, feature})) break;
  return {};
}

}  // namespace gridward::service
