#include "service/describe.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gridward::service {

Result<std::string> describe_file(const std::string& path, const geo::OpenOptions& options) {
  std::vector<std::string> columns;
  std::map<std::string, std::int64_t> kinds;
  std::int64_t rows = 0, repaired = 0, bad = 0;
  std::string first, problems;
  const auto fields = [&](const std::vector<std::string>& names) -> Result<void> {
    columns = names;
    return {};
  };
  const auto read = geo::read_vector_file(path, options, fields, [&](geo::Feature& f) {
    ++rows;
    ++kinds[f.geometry.empty() ? "none" : f.geometry];
    repaired += f.repaired ? 1 : 0;
    if (!f.problem.empty() && ++bad <= 10) problems += fmt::format("  row {}, {}: {} / {}\n", f.row, f.problem_column, f.problem.en, f.problem.zh);
    for (std::size_t i = 0; rows == 1 && f.problem.empty() && i < columns.size(); ++i) first += fmt::format("{}{} = {}", i == 0 ? "" : ", ", columns[i], f.values[i].value_or("(none)"));
    return true;
  });
  if (!read) return fail(read.error());
  std::string out = fmt::format("{}: {} rows; columns: {}\n  geometry:", path.substr(path.rfind('/') + 1), rows, fmt::join(columns, ", "));
  for (const auto& [kind, n] : kinds) out += fmt::format(" {} {}", n, kind);
  const auto unnamed = std::ranges::count_if(columns, [](const std::string& name) { return name.starts_with("Field") || name.starts_with("field_"); });
  if (unnamed > 0) out += "\n  the names of the columns seem to stand in a lower row: give header = its number in the recipe";
  if (repaired > 0) out += fmt::format("; {} repaired", repaired);
  out += fmt::format("\n  first row: {}\n", first);
  if (bad > 0) out += fmt::format("  {} rows cannot be used:\n{}", bad, problems);
  return out;
}

}  // namespace gridward::service
