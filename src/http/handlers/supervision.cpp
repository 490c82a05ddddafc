#include "service/supervision.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"

namespace gridward::http {
namespace {

Result<Response> listed(const Call& call, const Result<service::Page>& page) {
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> rules_of(const Call& call, service::Ruling ruling) {
  const Input& p = call.parameters;
  return listed(call, service::list_rules(call.context.reads, call.who, ruling, p.integer("district"), p.text("at"), p.text("known_at")));
}

Result<Response> set_rule(const Call& call, service::Ruling ruling) {
  return written_response(service::set_rule(call.context.writes, call.deed(), ruling, call.body.integer("district"), call.body.json()));
}

Result<Response> end_rule(const Call& call, service::Ruling ruling) {
  return written_response(service::end_rule(call.context.writes, call.deed(), ruling, call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

}  // namespace

Result<Response> list_posts(const Call& call) { return listed(call, service::list_posts(call.context.reads)); }

Result<Response> list_certificates(const Call& call) {
  const Input& p = call.parameters;
  return listed(call, service::list_certificates(call.context.reads, call.who, {p.integer("district"), p.integer("person"), p.text("kind"), p.text("at"), p.text("ends_before"), p.integer("after"), limit_of(call)}));
}

Result<Response> create_certificate(const Call& call) {
  return written_response(service::write_certificate(call.context.writes, call.deed(), call.body.integer("district"), 0, call.body.json()));
}

Result<Response> correct_certificate(const Call& call) {
  return written_response(service::write_certificate(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

Result<Response> withdraw_certificate(const Call& call) {
  const Input& p = call.parameters;
  return written_response(service::withdraw_certificate(call.context.writes, call.deed(), p.integer("district"), p.integer("id"), p.text("reason")));
}

Result<Response> list_exemptions(const Call& call) {
  const Input& p = call.parameters;
  return listed(call, service::list_exemptions(call.context.reads, call.who, {p.integer("district"), p.text("within"), p.text("at"), p.integer("after"), limit_of(call)}));
}

Result<Response> create_exemption(const Call& call) {
  const Input& b = call.body;
  return written_response(service::create_exemption(call.context.writes, call.deed(), b.text("enterprise"), b.text("from"), b.json()));
}

Result<Response> correct_exemption(const Call& call) {
  return written_response(service::correct_exemption(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

Result<Response> withdraw_exemption(const Call& call) {
  const Input& p = call.parameters;
  return written_response(service::withdraw_exemption(call.context.writes, call.deed(), p.integer("district"), p.integer("id"), p.text("reason")));
}

Result<Response> list_visit_rules(const Call& call) { return rules_of(call, service::Ruling::visit_rule); }
Result<Response> set_visit_rule(const Call& call) { return set_rule(call, service::Ruling::visit_rule); }
Result<Response> end_visit_rule(const Call& call) { return end_rule(call, service::Ruling::visit_rule); }

Result<Response> list_figure_weights(const Call& call) { return rules_of(call, service::Ruling::figure_weight); }
Result<Response> set_figure_weight(const Call& call) { return set_rule(call, service::Ruling::figure_weight); }
Result<Response> end_figure_weight(const Call& call) { return end_rule(call, service::Ruling::figure_weight); }

Result<Response> list_score_rules(const Call& call) { return rules_of(call, service::Ruling::score_rule); }
Result<Response> set_score_rule(const Call& call) { return set_rule(call, service::Ruling::score_rule); }
Result<Response> end_score_rule(const Call& call) { return end_rule(call, service::Ruling::score_rule); }

Result<Response> list_score_floors(const Call& call) { return rules_of(call, service::Ruling::score_floor); }
Result<Response> set_score_floor(const Call& call) { return set_rule(call, service::Ruling::score_floor); }
Result<Response> end_score_floor(const Call& call) { return end_rule(call, service::Ruling::score_floor); }

}  // namespace gridward::http
