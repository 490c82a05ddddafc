#include "http/figure_query.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gridward::http {

Result<service::FiguresAsked> read_mode(const Input& p) {
  service::FiguresAsked asked;
  asked.within = p.text("within");
  asked.level = level_number(p.text("level"));
  const std::string mode = p.text("mode");
  asked.as_of = p.text("as_of");
  if (mode == "as_is") asked.mode = service::Mode::as_is;
  if (mode == "as_of") asked.mode = service::Mode::as_of;
  if ((asked.mode == service::Mode::as_of) == asked.as_of.empty()) return fail(Error::field("as_of", "goes with mode=as_of, and only with it"));
  asked.known_at = p.text("known_at");
  return asked;
}

Result<service::FiguresAsked> read_figures_asked(const Input& p) {
  const auto period = read_period(p);
  if (!period) return fail(period.error());
  auto asked = read_mode(p);
  if (asked) asked->period = *period;
  return asked;
}

Result<std::vector<std::string>> read_measures(const std::string& text) {
  const auto& known = service::measure_names();
  if (text == "all") return known;
  std::vector<std::string> out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = rest.find(',');
    out.emplace_back(rest.substr(0, comma));
    if (std::ranges::find(known, out.back()) == known.end()) return fail(Error::field("measures", fmt::format("\"{}\" is not a measure; there are {}", out.back(), fmt::join(known, ", "))));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return out;
}

}  // namespace gridward::http
