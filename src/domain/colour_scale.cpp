#include "domain/colour_scale.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gridward {
namespace {

constexpr int kFirst = 2, kLast = 255;  // numbers of values in a palette
constexpr double kFaint = 90, kFull = 225;  // opacity of nothing, and from the first break on
constexpr Colour kMaskedColour{128, 128, 128, 120};

struct Ramp {
  std::string_view name;
  bool fades;  // pale where there is little, so that it may be faint there too; what is dark there would show a rim
  std::vector<std::uint32_t> colours;  // 0xrrggbb at equal steps
};

/// viridis and cividis by their published values (van der Walt and Smith 2015; Nuñez, Anderton and Renslow 2018) at tenths; amber from light to dark for light basemaps.
const std::vector<Ramp>& sequential_table() {
  static const std::vector<Ramp> table = {
      {"viridis", false, {0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725}},
      {"cividis", false, {0x00224e, 0x12366b, 0x2f4670, 0x47566d, 0x5b6672, 0x6f7778, 0x878879, 0xa19b74, 0xbdaf6a, 0xdac55a, 0xfee838}},
      {"amber", true, {0xfff7d6, 0xfee7a1, 0xfed470, 0xfdbd49, 0xf9a02e, 0xee8020, 0xd9611a, 0xbb4518, 0x982f19, 0x731e1a, 0x4d1018}}};
  return table;
}

/// Blue to brown and purple to green, pale in the middle.
const std::vector<Ramp>& diverging_table() {
  static const std::vector<Ramp> table = {{"blue_brown", true, {0x0b3c6f, 0x2a6ca8, 0x6fa6d0, 0xb9d5e8, 0xf2f2ee, 0xf0d2ac, 0xdb9a53, 0xb0651b, 0x6f3a08}},
                                          {"green_purple", true, {0x0a4a2a, 0x2a7d4c, 0x72b082, 0xbcdcc0, 0xf3f2f3, 0xd9c5df, 0xab8bbb, 0x784f92, 0x43235f}}};
  return table;
}

std::vector<std::string_view> names_of(const std::vector<Ramp>& table) {
  std::vector<std::string_view> names;
  for (const Ramp& ramp : table) names.push_back(ramp.name);
  return names;
}

/// So many numbers of the series 1, 2, 5, 10, 20 … up to `top`, in order; none where it is not one of them.
std::vector<double> series_to(double top, int count) {
  constexpr int kLowest = -20;  // decades
  constexpr int kSteps[] = {1, 2, 5};
  const auto number = [&](int step) { return std::stod(fmt::format("{}e{}", kSteps[step % 3], step / 3 + kLowest)); };  // as it is written, not as it is multiplied
  int last = 3 * std::max(1, static_cast<int>(std::floor(std::log10(top))) - 1 - kLowest);
  while (number(last) < top * (1 - 1e-9)) ++last;
  std::vector<double> out;
  if (number(last) > top * (1 + 1e-9)) return out;
  for (int step = last - count + 1; step <= last; ++step) out.push_back(number(step));
  return out;
}

/// The name of a ramp in a table and the series up to its top.
Result<std::vector<double>> checked_series(const std::vector<Ramp>& table, std::string_view ramp, double top, int count) {
  if (std::ranges::find(table, ramp, &Ramp::name) == table.end()) return fail(Error::field("ramp", fmt::format("is one of {}", fmt::join(names_of(table), ", "))));
  auto series = series_to(top, count);
  if (series.empty()) return fail(Error::field("top", "is 1, 2 or 5 times a power of ten"));
  return series;
}

std::uint8_t mix(std::uint32_t a, std::uint32_t b, int shift, double t) {
  const auto part = [&](std::uint32_t c) { return static_cast<double>((c >> shift) & 0xff); };
  return static_cast<std::uint8_t>(std::lround(part(a) + t * (part(b) - part(a))));
}

}  // namespace

Result<ColourScale> ColourScale::sequential(std::string_view ramp, double top) {
  auto breaks = checked_series(sequential_table(), ramp, top, 8);
  if (!breaks) return fail(breaks.error());
  breaks->insert(breaks->begin(), 0);
  return ColourScale(ramp, std::move(*breaks), false);
}

Result<ColourScale> ColourScale::diverging(std::string_view ramp, double top) {
  const auto up = checked_series(diverging_table(), ramp, top, 5);
  if (!up) return fail(up.error());
  std::vector<double> breaks;
  for (auto b = up->rbegin(); b != up->rend(); ++b) breaks.push_back(-*b);
  breaks.push_back(0);
  breaks.insert(breaks.end(), up->begin(), up->end());
  return ColourScale(ramp, std::move(breaks), true);
}

std::uint8_t ColourScale::number_of(double value) const {
  const double steps = static_cast<double>(breaks_.size() - 1);
  const auto above = std::ranges::upper_bound(breaks_, value);
  double t = above == breaks_.begin() ? 0 : 1;
  if (above != breaks_.begin() && above != breaks_.end()) t = (static_cast<double>(above - breaks_.begin() - 1) + (value - above[-1]) / (above[0] - above[-1])) / steps;
  return static_cast<std::uint8_t>(kFirst + std::lround(t * (kLast - kFirst)));
}

Colour ColourScale::colour_at(double t) const {
  const Ramp& ramp = *std::ranges::find(diverging_ ? diverging_table() : sequential_table(), ramp_, &Ramp::name);
  const double at = t * static_cast<double>(ramp.colours.size() - 1);
  const auto before = std::min(static_cast<std::size_t>(at), ramp.colours.size() - 2);
  const double part = at - static_cast<double>(before);
  const std::uint32_t a = ramp.colours[before], b = ramp.colours[before + 1];
  // Where there is nothing it is still seen that this is so: outside the picture is transparent.
  const double steps = static_cast<double>(breaks_.size() - 1), away = (diverging_ ? std::abs(t - 0.5) : t) * steps;
  const double opacity = ramp.fades ? kFaint + (kFull - kFaint) * std::min(1.0, away) : kFull;
  return {mix(a, b, 16, part), mix(a, b, 8, part), mix(a, b, 0, part), static_cast<std::uint8_t>(std::lround(opacity))};
}

Palette ColourScale::palette() const {
  Palette out{};
  out[kMasked] = kMaskedColour;
  for (int i = kFirst; i <= kLast; ++i) out[static_cast<std::size_t>(i)] = colour_at(static_cast<double>(i - kFirst) / (kLast - kFirst));
  return out;
}

const std::vector<std::string_view>& sequential_ramps() {
  static const auto names = names_of(sequential_table());
  return names;
}

const std::vector<std::string_view>& diverging_ramps() {
  static const auto names = names_of(diverging_table());
  return names;
}

std::string hex(const Colour& colour) { return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue); }

}  // namespace gridward
