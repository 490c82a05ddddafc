#include "service/enterprises.h"

#include <fmt/format.h>

#include "service/cells.h"
#include "service/counted.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Tx;

/// The register of a day.
Page list_of_day(Tx& tx, const Scope& scope, const EnterpriseFilter& f) {
  const auto rows = tx.run(sql::enterprises_list, {std::to_string(scope.district), scope.cell, local_day(tx, scope.district, f.at), or_null(f.q), or_null(f.industry), or_null(f.risk_grade),
                                                   std::to_string(f.after), std::to_string(f.limit), f.phones ? "true" : "false", or_null(f.records.known_at)});
  return to_page(rows, f.limit);
}

/// A document with what it counts for put in.
std::string with_counts(const std::string& doc, const CountedEnterprise& one) {
  std::string out = doc.substr(0, doc.rfind('}')) + fmt::format(R"(, "counts": {})", one.counts);
  if (one.due) out += fmt::format(R"(, "due_on": "{}")", to_string(day_of(*one.due)));
  if (!one.faults.empty()) {
    out += R"(, "faults": [)";
    for (const std::string& fault : one.faults) out += fmt::format("{}\"{}\"", &fault == &one.faults.front() ? "" : ", ", fault);
    out += ']';
  }
  return out + '}';
}

}  // namespace

Result<Page> list_enterprises(FigureSources& sources, const Principal& who, const EnterpriseFilter& f) {
  return sources.reads.read<Page>([&](Tx& tx) -> Result<Page> {
    RecordsAsked asked = f.records;
    const bool window = !asked.from.empty();
    if (!window) asked.as_of = f.at;
    const auto scope = settle(tx, who, asked, asked.from, asked.to);
    if (!scope) return fail(scope.error());
    if (!window) return list_of_day(tx, *scope, f);
    const auto counted = counted_enterprises(tx, sources, *scope, asked, f.counted.empty() ? "active" : f.counted, f.visits == "patrol" ? VisitKind::patrol : VisitKind::inspection);
    if (!counted) return fail(counted.error());
    std::string ids = "{";
    auto next = counted->upper_bound(f.after);
    for (int n = 0; n < f.limit && next != counted->end(); ++n, ++next) ids += (n == 0 ? "" : ",") + std::to_string(next->first);
    const auto rows = tx.run(sql::enterprises_docs, {std::to_string(scope->district), asked.from, asked.to, or_null(asked.known_at), ids + "}", f.phones ? "true" : "false"});
    Page page = to_page(rows, f.limit);
    for (std::size_t i = 0; i < page.items.size(); ++i) page.items[i] = with_counts(page.items[i], counted->at(rows.integer(i, "id")));
    return page;
  });
}

}  // namespace gridward::service
