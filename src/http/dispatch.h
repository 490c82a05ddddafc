#pragma once

#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "http/contract.h"
#include "http/negotiate.h"
#include "http/pipeline.h"
#include "routes.gen.h"
#include "service/write.h"

namespace gridward::http {

/// A request that has been routed, whose caller is known, and whose parameters and body are as the contract wants them.
struct Call {
  Context& context;
  const Request& request;
  const Principal& who;  // nobody, on public routes
  const Input& parameters;
  const Input& body;
  std::string id;
  const Route& route;
  Format format;  // of the answer

  /// This request as a write: by whom, and under which Idempotency-Key.
  [[nodiscard]] service::Deed deed() const;
  /// The version that a change is meant for: what If-Match names, without its quotes.
  [[nodiscard]] Result<std::string> wanted_version() const;
};

/// Hands a call to the handler of its operation.
Result<Response> dispatch(Operation operation, const Call& call);

Result<Response> sign_in(const Call& call);
Result<Response> sign_out(const Call& call);
Result<Response> get_me(const Call& call);
Result<Response> list_users(const Call& call);
Result<Response> create_user(const Call& call);
Result<Response> change_user(const Call& call);
Result<Response> list_tokens(const Call& call);
Result<Response> create_token(const Call& call);
Result<Response> revoke_token(const Call& call);
Result<Response> list_audit(const Call& call);
Result<Response> follow_changes(const Call& call);
Result<Response> list_webhooks(const Call& call);
Result<Response> create_webhook(const Call& call);
Result<Response> end_webhook(const Call& call);

Result<Response> list_districts(const Call& call);
Result<Response> list_cells(const Call& call);
Result<Response> get_cell(const Call& call);
Result<Response> create_cell(const Call& call);
Result<Response> change_cell(const Call& call);
Result<Response> list_children(const Call& call);
Result<Response> list_ancestors(const Call& call);
Result<Response> get_cell_history(const Call& call);
Result<Response> list_cell_assignments(const Call& call);
Result<Response> locate(const Call& call);

Result<Response> list_people(const Call& call);
Result<Response> create_person(const Call& call);
Result<Response> change_person(const Call& call);
Result<Response> list_assignments(const Call& call);
Result<Response> create_assignment(const Call& call);
Result<Response> end_assignment(const Call& call);

Result<Response> list_contact_points(const Call& call);
Result<Response> create_contact_point(const Call& call);
Result<Response> correct_contact_point(const Call& call);
Result<Response> withdraw_contact_point(const Call& call);
Result<Response> list_entrustments(const Call& call);
Result<Response> create_entrustment(const Call& call);
Result<Response> correct_entrustment(const Call& call);
Result<Response> withdraw_entrustment(const Call& call);
Result<Response> list_overlays(const Call& call);
Result<Response> create_overlay(const Call& call);
Result<Response> correct_overlay(const Call& call);
Result<Response> get_overlay_figures(const Call& call);
Result<Response> list_overlay_findings(const Call& call);
Result<Response> list_overlay_areas(const Call& call);
Result<Response> create_overlay_area(const Call& call);
Result<Response> get_overlay_area(const Call& call);
Result<Response> change_overlay_area(const Call& call);
Result<Response> get_overlay_area_history(const Call& call);
Result<Response> list_overlay_holders(const Call& call);
Result<Response> create_overlay_holder(const Call& call);
Result<Response> correct_overlay_holder(const Call& call);
Result<Response> withdraw_overlay_holder(const Call& call);

Result<Response> list_enterprises(const Call& call);
Result<Response> create_enterprise(const Call& call);

Result<Response> list_posts(const Call& call);
Result<Response> list_certificates(const Call& call);
Result<Response> create_certificate(const Call& call);
Result<Response> correct_certificate(const Call& call);
Result<Response> withdraw_certificate(const Call& call);
Result<Response> list_exemptions(const Call& call);
Result<Response> create_exemption(const Call& call);
Result<Response> correct_exemption(const Call& call);
Result<Response> withdraw_exemption(const Call& call);
Result<Response> list_visit_rules(const Call& call);
Result<Response> set_visit_rule(const Call& call);
Result<Response> end_visit_rule(const Call& call);
Result<Response> list_figure_weights(const Call& call);
Result<Response> set_figure_weight(const Call& call);
Result<Response> end_figure_weight(const Call& call);
Result<Response> list_score_rules(const Call& call);
Result<Response> set_score_rule(const Call& call);
Result<Response> end_score_rule(const Call& call);
Result<Response> list_score_floors(const Call& call);
Result<Response> set_score_floor(const Call& call);
Result<Response> end_score_floor(const Call& call);

Result<Response> list_events(const Call& call, const char* kind);
Result<Response> get_event(const Call& call, const char* kind);
Result<Response> record_event(const Call& call, const char* kind);
Result<Response> correct_event(const Call& call, const char* kind);
Result<Response> withdraw_event(const Call& call, const char* kind);
Result<Response> list_hazard_steps(const Call& call);
Result<Response> take_hazard_step(const Call& call);
Result<Response> list_attachments(const Call& call);
Result<Response> create_attachment(const Call& call);
Result<Response> get_attachment(const Call& call);

Result<Response> get_figures(const Call& call);
Result<Response> get_figure_legend(const Call& call);
Result<Response> get_hotspots(const Call& call);
Result<Response> get_key_regions(const Call& call);
Result<Response> list_findings(const Call& call);
Result<Response> list_vacancies(const Call& call);
Result<Response> get_workload(const Call& call);
Result<Response> balance_workload(const Call& call);
Result<Response> get_hazard_report(const Call& call);

Result<Response> list_reassignments(const Call& call);
Result<Response> draft_reassignment(const Call& call);
Result<Response> get_reassignment(const Call& call);
Result<Response> change_reassignment(const Call& call);
Result<Response> withdraw_reassignment(const Call& call);
Result<Response> add_operations(const Call& call);
Result<Response> undo_operation(const Call& call);
Result<Response> redo_operation(const Call& call);
Result<Response> rebase_reassignment(const Call& call);
Result<Response> validate_reassignment(const Call& call);
Result<Response> compare_reassignment(const Call& call);
Result<Response> list_kept_hazards(const Call& call);
Result<Response> approve_reassignment(const Call& call);
Result<Response> schedule_reassignment(const Call& call);
Result<Response> apply_reassignment(const Call& call);
Result<Response> acknowledge_reassignment(const Call& call);
Result<Response> revert_reassignment(const Call& call);
Result<Response> get_plan_paper(const Call& call);

Result<Response> list_assessments(const Call& call);
Result<Response> draft_assessment(const Call& call);
Result<Response> get_assessment(const Call& call);
Result<Response> change_assessment(const Call& call);
Result<Response> discard_assessment(const Call& call);
Result<Response> sign_assessment(const Call& call);
Result<Response> withdraw_assessment(const Call& call);
Result<Response> get_assessment_figures(const Call& call);
Result<Response> get_assessment_paper(const Call& call);

Result<Response> get_map(const Call& call);
Result<Response> list_basemaps(const Call& call);
Result<Response> get_basemap_tile(const Call& call);
Result<Response> get_basemap_tile_json(const Call& call);
Result<Response> get_tile(const Call& call);
Result<Response> get_tile_json(const Call& call);
Result<Response> get_heat_grid(const Call& call);
Result<Response> get_heat_tile(const Call& call, std::size_t side);
Result<Response> get_heat_json(const Call& call);
Result<Response> get_heat_legend(const Call& call);
Result<Response> get_heat_contours(const Call& call);

Result<Response> ogc_landing(const Call& call);
Result<Response> ogc_conformance(const Call& call);
Result<Response> ogc_collections(const Call& call);
Result<Response> ogc_collection(const Call& call);
Result<Response> ogc_items(const Call& call);
Result<Response> ogc_item(const Call& call);

Result<Response> create_import(const Call& call);
Result<Response> look_at_import(const Call& call);
Result<Response> create_export(const Call& call);

Result<Response> get_contract(const Call& call);
Result<Response> get_problem(const Call& call);

}  // namespace gridward::http
