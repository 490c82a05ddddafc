#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/figure.h"
#include "domain/industry.h"
#include "service/figures.h"

namespace gridward::service {

/// The columns of the official table of hazards, of one window. What each counts is said in docs/official-tables.md and in the tables themselves.
struct OfficialTally {
  double units = 0;  // enterprises that were checked, each once
  double general_found = 0, general_closed = 0, major_found = 0, major_closed = 0;
  double in_plan = 0, five_in_place = 0;
  double listed = 0, listed_by_province = 0;
  double funds_yuan = 0;
  void add(const OfficialTally& other);
};

/// A row: of an industry, of an area, or of what lies in none.
struct OfficialRow {
  IndustrySection industry;
  Cell cell;  // id 0: by industry, or in no area
  OfficialTally period, cumulative;
};

struct HazardReportAsked {
  FiguresAsked figures;  // within, level, mode, as_of, known_at; its period is the month or quarter
  bool by_area = false;  // a row for each area of the level; else for each industry
};

struct HazardReport {
  Cell within;
  Period period;      // the month or quarter, cut to today while it runs
  Window cumulative;  // from 1 January to its end
  std::string version, as_of, data_until;
  bool synthetic = false;
  std::map<std::int64_t, std::string> scopes;  // by cell: the part of a link that says whose records
  OfficialRow total;
  std::vector<OfficialRow> rows;
};

/// The monthly or quarterly table of hazards found and dealt with, of the period and cumulative from January, by industry or by area; with a total that its
/// rows sum to. Counts are those of the figures of the same windows. Errors are those of figures().
Result<HazardReport> hazard_report(FigureSources& sources, const Principal& who, const HazardReportAsked& asked);

}  // namespace gridward::service
