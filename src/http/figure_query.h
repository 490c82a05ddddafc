#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "http/contract.h"
#include "service/figures.h"

namespace gridward::http {

/// Which cell and level, in which mode and as known when; the days are left to the caller.
Result<service::FiguresAsked> read_mode(const Input& parameters);

/// What all requests for figures say: which cell, level and days, in which mode and as known when. Measures and filters are left to each.
Result<service::FiguresAsked> read_figures_asked(const Input& parameters);

/// Names of measures with commas between; "all" is all of them.
Result<std::vector<std::string>> read_measures(const std::string& text);

}  // namespace gridward::http
