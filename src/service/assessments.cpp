#include "service/assessments.h"

#include <limits>

#include <fmt/format.h>

#include "service/auth.h"
#include "service/cells.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/plan_access.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

constexpr std::size_t kMostFigures = 100'000;

/// Not found without the assessment, forbidden where its cell lies outside the caller's area; its district.
Result<std::int64_t> seen_assessment(Tx& tx, const Principal& who, const std::string& id) {
  const auto found = tx.run(sql::assessments_find, {id, Param{}});
  if (found.size() == 0) return fail(Errc::not_found, "There is no such assessment.");
  const std::int64_t district = found.integer(0, "district_id");
  if (!in_district(who, district) || !tx.run(sql::assessments_find, {id, areas_of(who, district)}).boolean(0, "seen")) return fail(Errc::forbidden, "This assessment is outside your area.");
  return district;
}

std::string document(Tx& tx, const std::string& id) { return tx.run(sql::assessments_doc, {id}).text(0, "doc"); }

/// Does something to an assessment of the caller's area and answers it.
Result<Written> on_assessment(storage::Pool& pool, const Deed& deed, const std::string& id, const std::function<Result<void>(Tx&)>& change) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (const auto seen = seen_assessment(tx, deed.who, id); !seen) return fail(seen.error());
    if (const auto done = change(tx); !done) return fail(done.error());
    return Written{200, document(tx, id)};
  });
}

/// A cell and those above it on a day, as an array for SQL.
std::string way_up(Tx& tx, std::int64_t cell, const std::string& day) {
  const auto way = tx.run(sql::cells_ancestors, {std::to_string(cell), day});
  std::string out;
  for (std::size_t i = 0; i < way.size(); ++i) out += (out.empty() ? "{" : ",") + way.text(i, "id");
  return out + "}";
}

/// The ground of what is to be counted, of each level.
Result<Ground> ground_of(Tx& tx, const Principal& who, FiguresAsked asked, const std::vector<std::string>& levels) {
  Result<Ground> ground = fail(Error::field("levels", "give at least one"));
  for (const std::string& level : levels) {
    asked.level = level_number(level);
    ground = find_ground(tx, who, asked);
    if (!ground) return ground;
  }
  return ground;
}

}  // namespace

Result<Page> list_assessments(storage::Pool& pool, const Principal& who, const AssessmentFilter& f) {
  if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const std::int64_t before = f.before == 0 ? std::numeric_limits<std::int64_t>::max() : f.before;
    return to_page(tx.run(sql::assessments_list, {std::to_string(f.district), areas_of(who, f.district), or_null(f.status), std::to_string(before), std::to_string(f.limit)}), f.limit);
  });
}

Result<std::string> get_assessment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    if (const auto seen = seen_assessment(tx, who, id); !seen) return fail(seen.error());
    return document(tx, id);
  });
}

Result<RestatedFigures> restate_assessment(FigureSources& sources, const Principal& who, const std::string& id, const std::string& level) {
  return sources.reads.read<RestatedFigures>([&](Tx& tx) -> Result<RestatedFigures> {
    const auto seen = seen_assessment(tx, who, id);
    if (!seen) return fail(seen.error());
    const AssessmentPeriod period = read_period(tx, id);
    RestatedFigures out;
    out.district = *seen;
    out.document = document(tx, id);
    out.is_signed = !period.known_at.empty();
    if (!period.has_figures()) return out;
    if (out.is_signed) out.then = read_signed(tx, period, level);
    const auto district = district_of(tx, *seen);
    if (!district) return fail(district.error());
    auto now = count_period(tx, sources, period, "", level);
    if (!now && now.error().code != Errc::not_found && now.error().code != Errc::rule_violated) return fail(now.error());
    if (now) out.now = std::move(*now), out.version = version_of(*district);
    else out.reason = now.error().detail;  // its cell, or the map of its days, is not there any more
    return out;
  });
}

Result<Written> draft_assessment(storage::Pool& pool, const Deed& deed, const FiguresAsked& asked, const std::vector<std::string>& levels, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto ground = ground_of(tx, deed.who, asked, levels);
    if (!ground) return fail(ground.error());
    const Window& days = ground->period.window;
    if (days.to > ground->today) return fail(Errc::rule_violated, fmt::format("The period is not over: give a `to` up to today ({}), as it is the first day after.", to_string(ground->today)));
    if (!asked.as_of.empty() && *parse_day(asked.as_of) > ground->today) return fail(Error::field("as_of", "must be a day up to today"));
    const std::string district = std::to_string(ground->district.id), cell = std::to_string(ground->within.id);
    const auto made = tx.run(sql::assessments_draft, {district, cell, way_up(tx, ground->within.id, to_string(days.to - std::chrono::days{1})), body, std::to_string(deed.who.account), deed.who.username, deed.request_id});
    return Written{201, document(tx, made.text(0, "id"))};
  });
}

Result<Written> change_assessment(storage::Pool& pool, const Deed& deed, const DraftAsked& draft, const std::string& body) {
  return on_assessment(pool, deed, draft.id, [&](Tx& tx) -> Result<void> {
    tx.run(sql::assessments_change, {draft.id, draft.version, body, deed.who.username, deed.request_id});
    return {};
  });
}

Result<Written> discard_assessment(storage::Pool& pool, const Deed& deed, const DraftAsked& draft) {
  return on_assessment(pool, deed, draft.id, [&](Tx& tx) -> Result<void> {
    tx.run(sql::assessments_discard, {draft.id, draft.version, deed.who.username, deed.request_id});
    return {};
  });
}

Result<Written> draft_withdrawal(storage::Pool& pool, const Deed& deed, const std::string& id, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (const auto seen = seen_assessment(tx, deed.who, id); !seen) return fail(seen.error());
    const auto made = tx.run(sql::assessments_draft_withdrawal, {id, body, std::to_string(deed.who.account), deed.who.username, deed.request_id});
    return Written{201, document(tx, made.text(0, "id"))};
  });
}

Result<Written> sign_assessment(storage::Pool& pool, FigureSources& sources, const Deed& deed, const DraftAsked& draft, const std::string& document_no, const std::string& comment) {
  return on_assessment(pool, deed, draft.id, [&](Tx& tx) -> Result<void> {
    const std::string account = std::to_string(deed.who.account);
    const std::string known_at = tx.run(sql::assessments_begin_signing, {draft.id, draft.version, or_null(document_no), account}).text(0, "known_at");
    const AssessmentPeriod period = read_period(tx, draft.id);
    if (period.has_figures()) {
      tx.script("set local statement_timeout = 0");  // all is counted from the versions of that instant; the deadline of the request holds
      const auto figures = count_period(tx, sources, period, known_at);
      if (!figures) return fail(figures.error());
      if (figures->size() > kMostFigures) return fail(Errc::rule_violated, fmt::format("It has {} figures, and {} can be signed at once: take fewer measures or levels, or a part of the district.", figures->size(), kMostFigures));
      keep_figures(tx, draft.id, *figures);
    }
    tx.run(sql::assessments_sign, {draft.id, or_null(document_no), or_null(comment), known_at, account, deed.who.username, deed.request_id});
    return {};
  });
}

}  // namespace gridward::service
