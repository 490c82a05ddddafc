#include "service/people.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"

namespace gridward::http {

Result<Response> list_people(const Call& call) {
  const Input& p = call.parameters;
  const bool phones = p.flag("phones");
  if (phones)
    if (auto ok = service::note_phones(call.context.writes, call.deed(), p.integer("district"), "people"); !ok) return fail(ok.error());
  const auto page = service::list_people(call.context.reads, call.who, p.integer("district"), p.text("q"), p.integer("after"), limit_of(call), phones);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_person(const Call& call) {
  return written_response(service::write_person(call.context.writes, call.deed(), call.body.integer("district"), 0, call.body.json()));
}

Result<Response> change_person(const Call& call) {
  return written_response(service::write_person(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

namespace {

Result<Response> assignments_of(const Call& call) {
  const Input& p = call.parameters;
  service::AssignmentFilter f;
  f.cell = p.text("cell");
  f.district = p.integer("district");
  f.person = p.integer("person");
  f.at = p.text("at");
  f.within = p.text("within");
  f.as_of = p.text("as_of");
  f.posts = p.text("post");
  f.known_at = p.text("known_at");
  f.after = p.integer("after");
  f.limit = limit_of(call);
  const auto page = service::list_assignments(call.context.reads, call.who, f);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

}  // namespace

Result<Response> list_assignments(const Call& call) { return assignments_of(call); }
Result<Response> list_cell_assignments(const Call& call) { return assignments_of(call); }

Result<Response> create_assignment(const Call& call) {
  return written_response(service::create_assignment(call.context.writes, call.deed(), call.body.text("cell"), call.body.text("from"), call.body.json()));
}

Result<Response> end_assignment(const Call& call) {
  const Input& b = call.body;
  return written_response(service::end_assignment(call.context.writes, call.deed(), b.integer("district"), call.parameters.integer("id"), b.text("to"), b.text("reason")));
}

}  // namespace gridward::http
