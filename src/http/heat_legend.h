#pragma once

#include <string>

#include "domain/colour_scale.h"
#include "http/encode.h"

namespace gridward::http {

/// The members of a legend: ramp, and stops (values with their colours, between which is interpolated).
void encode_scale(Json& json, const ColourScale& scale);
/// The same as a picture (SVG), with a title and a unit; `masked`: what the colour of what has no value means, if there is any.
[[nodiscard]] std::string draw_legend(const ColourScale& scale, const std::string& title, const std::string& unit, const std::string& masked);

}  // namespace gridward::http
