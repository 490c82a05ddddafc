#pragma once

#include <string>
#include <vector>

#include "http/encode.h"

namespace gridward::http {

/// The member `legend`: by measure its unit and the fixed classes with their colours in which maps draw it. Measures are of service::measure_names().
void encode_legend(Json& json, const std::vector<std::string>& measures);

}  // namespace gridward::http
