#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "geo/contours.h"
#include "service/heat.h"
#include "service/map_themes.h"
#include "service/map_views.h"

namespace gridward::service {

/// What a density surface is called: 隐患密度, 隐患密度之差, 隐患相对风险. The word 风险 is for the relative risk surface alone.
[[nodiscard]] std::string heat_name_zh(const std::string& kind, bool relative, bool difference);

/// A density surface as it is drawn on paper: the land of each class of its scale.
struct HeatOnPaper {
  MapTheme theme;  // of no cells
  std::vector<std::pair<geo::AreaStyle, std::vector<geo::PlanePolygon>>> bands;  // in degrees
};

/// Makes it from the bands of /heatmap/contours, in their colours. Fails as make_contours() does.
Result<HeatOnPaper> heat_on_paper(HeatSources& sources, const Principal& who, const HeatView& view);

}  // namespace gridward::service
