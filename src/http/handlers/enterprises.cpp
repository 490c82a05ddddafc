#include "service/enterprises.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"
#include "service/cells.h"

namespace gridward::http {

Result<Response> list_enterprises(const Call& call) {
  const Input& p = call.parameters;
  service::EnterpriseFilter f;
  f.records = read_records(p);
  f.at = p.text("at");
  f.q = p.text("q");
  f.industry = p.text("industry");
  f.risk_grade = p.integer("risk_grade");
  f.counted = p.text("counted");
  f.visits = p.text("visits");
  f.phones = p.flag("phones");
  f.after = p.integer("after");
  f.limit = limit_of(call);
  if (f.records.from.empty() != f.records.to.empty()) return fail(Error::field(f.records.from.empty() ? "from" : "to", "give from and to, or neither"));
  if (f.phones)
    if (auto ok = service::note_phones(call.context.writes, call.deed(), f.records.district, "enterprises"); !ok) return fail(ok.error());
  const auto page = service::list_enterprises(call.context.figures, call.who, f);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_enterprise(const Call& call) {
  const Input& b = call.body;
  if (auto whole = check_point(b); !whole) return fail(whole.error());
  return written_response(service::create_cell(call.context.writes, call.deed(), 4, b.text("parent"), b.text("from"), b.json()));
}

}  // namespace gridward::http
