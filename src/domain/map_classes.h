#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/canvas.h"

namespace gridward {

/// The classes in which a figure is drawn on paper. They follow from its unit alone, never from the values of a map, so that one colour means the same on
/// two maps: upper limits, each in its class; what lies above the last is a class of its own. Zero is none of them. Shares end at 1.
[[nodiscard]] const std::vector<double>& class_limits(std::string_view unit);

/// The class of a value above zero: 0 for the lowest, limits.size() for what lies above the last limit.
[[nodiscard]] std::size_t class_of(double value, std::span<const double> limits);

/// How many classes there are: of a share none lies above the last limit.
[[nodiscard]] std::size_t class_count(std::string_view unit, std::span<const double> limits);

/// A class in words: "5–10", "20%–40%", ">50".
[[nodiscard]] std::string class_text(std::string_view unit, std::span<const double> limits, std::size_t index);

/// The colour of a class out of so many: from light to dark (ColorBrewer's BuPu, which colour-blind readers tell apart); none of the four of risk.
[[nodiscard]] geo::Rgb class_colour(std::size_t index, std::size_t count);

/// What a measure and a unit are called in Chinese; the name itself where it has none here.
[[nodiscard]] std::string measure_zh(std::string_view measure);
[[nodiscard]] std::string unit_zh(std::string_view unit);

}  // namespace gridward
