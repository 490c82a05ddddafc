#include "service/accounts.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"

namespace gridward::http {

Result<Response> list_users(const Call& call) {
  const auto page = service::list_accounts(call.context.reads, call.who, call.parameters.integer("after"), limit_of(call));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_user(const Call& call) {
  return written_response(service::write_account(call.context.writes, call.deed(), 0, call.body.text("password"), call.body.json()));
}

Result<Response> change_user(const Call& call) {
  return written_response(service::write_account(call.context.writes, call.deed(), call.parameters.integer("id"), call.body.text("password"), call.body.json()));
}

Result<Response> list_tokens(const Call& call) {
  const auto page = service::list_tokens(call.context.reads, call.who);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_token(const Call& call) {
  return written_response(service::create_token(call.context.writes, call.deed(), call.body.text("label"), call.body.integer("days", 90)));
}

Result<Response> revoke_token(const Call& call) {
  return written_response(service::revoke_token(call.context.writes, call.deed(), call.parameters.integer("id")));
}

Result<Response> list_audit(const Call& call) {
  const Input& p = call.parameters;
  const auto page = service::list_audit(call.context.reads, call.who, p.integer("district"), p.text("entity"), p.text("entity_id"),
                                        p.integer("before", INT64_MAX), limit_of(call));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

}  // namespace gridward::http
