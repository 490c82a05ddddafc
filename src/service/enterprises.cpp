#include "service/enterprises.h"

#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {

using storage::or_null;
using storage::Tx;

Result<Page> list_enterprises(storage::Pool& pool, const Principal& who, const EnterpriseFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    RecordsAsked asked = f.records;
    const bool window = !asked.from.empty();
    if (!window) asked.as_of = f.at;  // the register of a day
    const auto scope = settle(tx, who, asked, asked.from, asked.to);
    if (!scope) return fail(scope.error());
    const std::string district = std::to_string(scope->district), phones = f.phones ? "true" : "false";
    const auto rows = window
        ? tx.run(sql::enterprises_counted, {district, scope->cell, asked.direct ? "true" : "false", asked.from, asked.to, or_null(scope->map_day), or_null(asked.known_at),
                                            f.counted.empty() ? "active" : f.counted, std::to_string(f.after), std::to_string(f.limit), phones})
        : tx.run(sql::enterprises_list, {district, scope->cell, local_day(tx, scope->district, f.at), or_null(f.q), or_null(f.industry), or_null(f.risk_grade),
                                         std::to_string(f.after), std::to_string(f.limit), phones, or_null(asked.known_at)});
    return to_page(rows, f.limit);
  });
}

}  // namespace gridward::service
