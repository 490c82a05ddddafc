#include "service/reassignments.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "http/dispatch.h"
#include "http/encode_comparison.h"
#include "http/encode_findings.h"
#include "http/figure_query.h"
#include "http/listing.h"
#include "service/findings.h"
#include "service/handover_list.h"

namespace gridward::http {
namespace {

std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

/// Does something to the plan of the request, of the version that If-Match names.
Result<Response> on_plan(const Call& call, const std::function<Result<service::Written>(const service::PlanAsked&)>& deed) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  return written_response(deed({call.parameters.text("id"), *version}));
}

service::Drafting drafting(const Call& call) { return {call.context.writes, call.context.plans}; }

}  // namespace

Result<Response> list_reassignments(const Call& call) {
  const Input& p = call.parameters;
  const auto page = service::list_reassignments(call.context.reads, call.who, {p.integer("district"), p.text("status"), p.text("unsigned") == "overdue", p.integer("after"), limit_of(call)});
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> get_reassignment(const Call& call) {
  const auto doc = service::get_reassignment(call.context.reads, call.who, call.parameters.text("id"));
  if (!doc) return fail(doc.error());
  return text_response(200, *doc);
}

Result<Response> list_kept_hazards(const Call& call) {
  const auto page = service::list_kept_hazards(call.context.reads, call.who, call.parameters.text("id"));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> draft_reassignment(const Call& call) {
  return written_response(service::draft_reassignment(drafting(call), call.deed(), call.body.integer("district"), call.body.json(), call.body.flag("apply")));
}

Result<Response> change_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::change_reassignment(drafting(call), call.deed(), plan, call.body.json()); });
}

Result<Response> withdraw_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::withdraw_reassignment(call.context.writes, call.deed(), plan); });
}

Result<Response> add_operations(const Call& call) {
  if (!call.body.has("operations")) {  // a list, which the contract takes as well
    const auto rows = service::read_handovers(call.request.body, call.request.header("content-type")->find("csv") == std::string::npos);
    if (!rows) return fail(rows.error());
    return on_plan(call, [&](const service::PlanAsked& plan) { return service::add_handovers(drafting(call), call.deed(), plan, *rows); });
  }
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::add_operations(drafting(call), call.deed(), plan, json_of(call.body.value("operations"))); });
}

Result<Response> undo_operation(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::undo_operation(drafting(call), call.deed(), plan, call.parameters.integer("n")); });
}

Result<Response> redo_operation(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::redo_operation(drafting(call), call.deed(), plan); });
}

Result<Response> rebase_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::rebase_reassignment(drafting(call), call.deed(), plan); });
}

Result<Response> validate_reassignment(const Call& call) {
  const auto validated = service::validate_reassignment(call.context.reads, call.context.writes, call.context.figures, call.context.findings, call.who, call.parameters.text("id"));
  if (!validated) return fail(validated.error());
  return text_response(200, encode_validation(*validated));
}

Result<Response> compare_reassignment(const Call& call) {
  const Input& p = call.parameters;
  service::FiguresAsked asked;
  const auto period = read_period(p);
  if (!period) return fail(period.error());
  auto measures = read_measures(p.has("measures") ? p.text("measures") : "hazard_density,open_hazard_density,inspection_coverage,inspection_visits,patrol_coverage");
  if (!measures) return fail(measures.error());
  asked.period = *period;
  asked.measures = std::move(*measures);
  asked.level = level_number(p.text("level"));
  const auto compared = service::compare_reassignment(call.context.writes, call.context.figures, call.context.plans, call.who, p.text("id"), asked);
  if (!compared) return fail(compared.error());
  Json json;
  encode(json, *compared);
  return json_response(200, json);
}

Result<Response> approve_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::approve_reassignment(call.context.writes, call.deed(), plan, call.body.text("comment")); });
}

Result<Response> schedule_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::schedule_reassignment(call.context.writes, call.deed(), plan); });
}

Result<Response> apply_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::apply_reassignment(call.context.writes, call.deed(), plan); });
}

Result<Response> acknowledge_reassignment(const Call& call) {
  return written_response(service::acknowledge_reassignment(call.context.writes, call.deed(), call.parameters.text("id"), call.body.integer("person")));
}

Result<Response> revert_reassignment(const Call& call) {
  return on_plan(call, [&](const service::PlanAsked& plan) { return service::revert_reassignment(drafting(call), call.deed(), plan, call.body.json(), call.body.flag("apply")); });
}

}  // namespace gridward::http
