#include "service/hazards.h"

#include <algorithm>

#include "service/events.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

/// Steps that are decisions of the office, not findings of who was on site.
bool is_decision(const std::string& step) {
  constexpr const char* decisions[] = {"extended", "listed", "unlisted", "transferred", "reopened"};
  return std::ranges::find(decisions, step) != std::end(decisions);
}

}  // namespace

Result<Page> list_hazard_steps(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto district = reachable_event(tx, who, "hazard", id);
    if (!district) return fail(district.error());
    Page page = to_page(tx.run(sql::hazards_steps, {std::to_string(*district), id}), -1);
    if (page.items.empty()) return fail(Errc::not_found, "This hazard was withdrawn.");
    return page;
  });
}

Result<Written> take_hazard_step(storage::Pool& pool, const Deed& deed, const std::string& id, const std::string& version, const std::string& step, const std::string& body) {
  Principal who = deed.who;
  if (is_decision(step)) {
    std::erase_if(who.grants, [](const Grant& g) { return g.role != "coordinator"; });
    if (who.grants.empty()) return fail(Errc::forbidden, "A hazard is " + step + " by a coordinator of its area: ask one.");
  }
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = reachable_event(tx, who, "hazard", id);
    if (!district) return fail(district.error());
    tx.run(sql::hazards_take_step, {std::to_string(*district), id, version, body, deed.who.username, deed.request_id});
    return Written{201, event_document(tx, "hazard", *district, id)};
  });
}

}  // namespace gridward::service
