#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/canvas.h"

namespace gridward {

/// The classes in which a figure is drawn, on paper and by whoever reads them in the legend of figures. They follow from its unit alone, never from the values of a map, so that one colour means the same on
/// two maps: upper limits, each in its class; what lies above the last is a class of its own. Zero is none of them. Shares end at 1.
[[nodiscard]] const std::vector<double>& class_limits(std::string_view unit);

/// The class of a value above zero: 0 for the lowest, limits.size() for what lies above the last limit.
[[nodiscard]] std::size_t class_of(double value, std::span<const double> limits);

/// How many classes there are: of a share none lies above the last limit.
[[nodiscard]] std::size_t class_count(std::string_view unit, std::span<const double> limits);

/// A class in words: "5–10", "20%–40%", ">50".
[[nodiscard]] std::string class_text(std::string_view unit, std::span<const double> limits, std::size_t index);

/// A colour from its text "#rrggbb".
[[nodiscard]] geo::Rgb rgb_of(std::string_view hex);

/// What more of a measure means: it is drawn in plum where it is a burden, in teal where it is an achievement, in slate where it is neither, and in the four official colours where it is a grade of risk.
enum class Tendency { burden, achievement, amount, risk };
[[nodiscard]] Tendency tendency_of(std::string_view measure);
/// "burden", "achievement", "amount", "risk".
[[nodiscard]] std::string_view tendency_name(Tendency tendency);

/// The colour of a class out of so many: from light to dark. Of risk, whose classes have colours of their own, that of a burden.
[[nodiscard]] geo::Rgb class_colour(Tendency tendency, std::size_t index, std::size_t count);

/// A class with what is in it: what is above low, up to high and with it.
struct MapClass {
  double low = 0;
  std::optional<double> high;  // none: all that is above low
  geo::Rgb colour = 0;
};
/// The classes of a measure, which is in that unit, from the lowest; of a grade of risk a class for each grade, from the highest risk.
[[nodiscard]] std::vector<MapClass> map_classes(std::string_view measure, std::string_view unit);

/// How a zero is drawn, which is in no class; and what has no value, hatched where that can be drawn: never like a class, and never like a zero.
inline constexpr geo::Rgb kZeroColour = 0xffffff, kNoDataColour = 0x9aa5b1;

/// What a measure and a unit are called in Chinese; the name itself where it has none here.
[[nodiscard]] std::string measure_zh(std::string_view measure);
[[nodiscard]] std::string unit_zh(std::string_view unit);

}  // namespace gridward
