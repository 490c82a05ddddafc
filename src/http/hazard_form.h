#pragma once

#include <vector>

#include "geo/write_file.h"
#include "geo/write_form.h"
#include "service/hazard_report.h"

namespace gridward::http {

/// A column of the official table: its key in JSON and CSV, its heading, and what it counts (统计口径).
struct OfficialColumn {
  const char *key, *group_zh, *zh, *definition_zh, *definition_en;
  enum class Kind { count, rate, money } kind;
  double (*value)(const service::OfficialTally&);  // a rate of nothing is NaN
};
[[nodiscard]] const std::vector<OfficialColumn>& official_columns();

/// 2025年1—6月累计, 2025年第二季度 and the like.
[[nodiscard]] std::string period_zh(const service::HazardReport& report, bool cumulative);

/// The table as the office prints it: the cumulative form, that of the period alone, and what its columns count.
[[nodiscard]] std::vector<geo::Form> hazard_forms(const service::HazardReport& report, const service::HazardReportAsked& asked);
/// The same as one flat table: a row for each window and row of the form.
[[nodiscard]] geo::Table hazard_table(const service::HazardReport& report, const service::HazardReportAsked& asked);

}  // namespace gridward::http
