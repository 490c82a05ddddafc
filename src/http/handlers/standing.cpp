#include "service/standing.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"

namespace gridward::http {
namespace {

using service::Standing;

Result<Response> list(const Call& call, Standing what, const char* cell) {
  const Input& p = call.parameters;
  const auto page = service::list_standing(call.context.reads, call.who, what, {p.integer("district"), p.text(cell), p.text("at"), p.text("known_at"), p.integer("person"), p.integer("after"), limit_of(call)});
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create(const Call& call, Standing what) {
  const Input& b = call.body;
  return written_response(service::create_standing(call.context.writes, call.deed(), what, b.text("cell"), b.text("from"), b.json()));
}

Result<Response> correct(const Call& call, Standing what) {
  return written_response(service::correct_standing(call.context.writes, call.deed(), what, call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

Result<Response> withdraw(const Call& call, Standing what) {
  const Input& p = call.parameters;
  return written_response(service::withdraw_standing(call.context.writes, call.deed(), what, p.integer("district"), p.integer("id"), p.text("reason")));
}

}  // namespace

Result<Response> list_contact_points(const Call& call) { return list(call, Standing::contact_point, "within"); }
Result<Response> create_contact_point(const Call& call) { return create(call, Standing::contact_point); }
Result<Response> correct_contact_point(const Call& call) { return correct(call, Standing::contact_point); }
Result<Response> withdraw_contact_point(const Call& call) { return withdraw(call, Standing::contact_point); }

Result<Response> list_entrustments(const Call& call) { return list(call, Standing::entrustment, "cell"); }
Result<Response> create_entrustment(const Call& call) { return create(call, Standing::entrustment); }
Result<Response> correct_entrustment(const Call& call) { return correct(call, Standing::entrustment); }
Result<Response> withdraw_entrustment(const Call& call) { return withdraw(call, Standing::entrustment); }

}  // namespace gridward::http
