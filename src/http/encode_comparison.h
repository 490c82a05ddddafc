#pragma once

#include "http/encode.h"
#include "service/plan_comparison.h"

namespace gridward::http {

/// What a plan would change: figures by cell, loads by person, what changes hands.
void encode(Json& json, const service::PlanComparison& compared);

}  // namespace gridward::http
