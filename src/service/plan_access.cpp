#include "service/plan_access.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "service/auth.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Param;
using storage::Tx;

bool is_error(const rapidjson::Value& problem) { return std::string(problem["severity"].GetString()) == "error"; }

}  // namespace

Param areas_of(const Principal& who, std::int64_t district) {
  std::string areas;
  for (const Grant& g : who.grants) {
    if (g.role == "admin" || (g.district != 0 && g.district != district)) continue;
    if (g.cell == 0) return {};
    areas += (areas.empty() ? "" : ",") + std::to_string(g.cell);
  }
  return "{" + areas + "}";
}

Result<std::int64_t> seen_plan(Tx& tx, const Principal& who, const std::string& id) {
  const auto found = tx.run(sql::reassignments_find, {id, Param{}});
  if (found.size() == 0) return fail(Errc::not_found, "There is no such plan.");
  const std::int64_t district = found.integer(0, "district_id");
  if (!in_district(who, district) || !tx.run(sql::reassignments_find, {id, areas_of(who, district)}).boolean(0, "seen")) return fail(Errc::forbidden, "This plan is outside your area.");
  return district;
}

Result<void> own_plan(Tx& tx, const Principal& who, const std::string& id, std::int64_t district) {
  const Param areas = areas_of(who, district);
  if (!areas) return {};
  const auto outside = tx.run(sql::reassignments_outside, {id, areas});
  if (outside.size() > 0) return fail(Errc::forbidden, fmt::format("The plan touches the cell {}, which is outside your area.", outside.text(0, "cell_id")));
  return {};
}

std::optional<Error> refusal(const std::string& problems) {
  rapidjson::Document list;
  list.Parse(problems.data(), problems.size());
  Error error{Errc::conflict, "The plan cannot be applied: nothing was changed.", {}};
  for (const auto& p : list.GetArray()) {
    if (!is_error(p)) continue;
    const std::string message = p["message"].GetString();
    if (error.fields.empty()) error.detail += " " + message;
    error.fields.push_back({p["operation"].IsInt() ? fmt::format("operations/{}", p["operation"].GetInt()) : "plan", message});
  }
  return error.fields.empty() ? std::nullopt : std::optional(error);
}

}  // namespace gridward::service
