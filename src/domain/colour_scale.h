#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gridward {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0, opacity = 0;
};
using Palette = std::array<Colour, 256>;

/// The numbers in a palette that are no value.
inline constexpr std::uint8_t kOutside = 0, kMasked = 1;

/// A fixed scale of colours: values at its breaks are equal steps of the ramp apart, what lies between is interpolated, what lies beyond the last has its colour. It knows no data, so that
/// the same value has the same colour in every picture. Ramps are even in lightness and told apart by the colour-blind.
class ColourScale {
 public:
  /// From 0 up to `top` by eight breaks of the series 1, 2, 5; `ramp`: one of sequential_ramps(). Fails for another ramp, or a top that is not in the series.
  static Result<ColourScale> sequential(std::string_view ramp, double top);
  /// From -top to top, alike on both sides of 0, by five breaks of the series on each.
  static Result<ColourScale> diverging(std::string_view ramp, double top);

  [[nodiscard]] const std::vector<double>& breaks() const { return breaks_; }
  [[nodiscard]] const std::string& ramp() const { return ramp_; }
  /// The number of a value's colour in the palette.
  [[nodiscard]] std::uint8_t number_of(double value) const;
  [[nodiscard]] Palette palette() const;

 private:
  ColourScale(std::string_view ramp, std::vector<double> breaks, bool diverging) : ramp_(ramp), breaks_(std::move(breaks)), diverging_(diverging) {}
  [[nodiscard]] Colour colour_at(double t) const;

  std::string ramp_;
  std::vector<double> breaks_;  // the lowest is 0, or -top
  bool diverging_;
};

[[nodiscard]] const std::vector<std::string_view>& sequential_ramps();
[[nodiscard]] const std::vector<std::string_view>& diverging_ramps();
/// "#rrggbb".
[[nodiscard]] std::string hex(const Colour& colour);

}  // namespace gridward
