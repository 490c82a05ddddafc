#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "map/sheet.h"
#include "service/map_views.h"

namespace gridward::service {

/// What a map says of its cells: a class of the legend for each, and what is told beside it.
struct MapTheme {
  /// What is said of a cell.
  struct Said {
    std::size_t entry = 0;  // of the legend
    std::string letter;
    double counted = 0;  // what it adds to `total`
  };
  std::string title;  // after the name of the cell: 隐患密度分布图
  std::string legend_title, legend_note;
  std::vector<map::LegendEntry> legend;  // the last is for cells of which nothing is said
  std::map<std::int64_t, Said> cells;
  std::string counted_zh;  // what is added up, such as 隐患; empty: nothing is
  double total = 0;        // of all, drawn or not
  std::vector<std::pair<std::string, std::string>> facts;
  std::int64_t areas = 0;  // that are looked at, drawn or not
  bool surface = false;    // cells are outlines over it, in no class
};

/// Makes it from the same services that answer /api/v1/figures, hotspots and key-regions.
Result<MapTheme> map_theme(TileSources& sources, const Principal& who, const MapAsked& asked);

}  // namespace gridward::service
