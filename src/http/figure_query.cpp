#include "http/figure_query.h"

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

}  // namespace gridward::http
