#pragma once

#include <string>

#include "base/result.h"
#include "geo/canvas.h"
#include "service/assessments.h"

namespace gridward::service {

/// Draws an assessment as a paper (考核结果表): what was signed, and beside it what is known now where that is another. A PDF of all its pages, or a PNG of the first. `level`: of that alone, or all
/// (empty). Errors as restate_assessment(); rule_violated where the server has no font for some character, or the paper would be too long.
Result<std::string> draw_assessment_paper(FigureSources& sources, const Principal& who, const std::string& id, const std::string& level, geo::Canvas::Kind kind, const std::string& made_by);

}  // namespace gridward::service
