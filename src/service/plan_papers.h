#pragma once

#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "geo/canvas.h"
#include "storage/database.h"

namespace gridward::service {

/// The papers of a reassignment plan: 调整审批表, on which it is approved, and 交接单, on which givers and receivers sign.
enum class PlanPaper { approval_form, handover_note };

/// Draws a paper of a plan, as it stands now, on A4: a PDF of all its pages, or a PNG of the first. not_found without the plan, forbidden where it touches nothing of the caller's area,
/// rule_violated where the server has no font for some character.
Result<std::string> draw_plan_paper(storage::Pool& pool, const Principal& who, const std::string& id, PlanPaper paper, geo::Canvas::Kind kind, const std::string& made_by);

}  // namespace gridward::service
