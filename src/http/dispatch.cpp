#include "http/dispatch.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace gridward::http {

service::Deed Call::deed() const {
  const std::string* key = request.header("idempotency-key");
  const XXH128_hash_t hash = XXH3_128bits(request.body.data(), request.body.size());
  return {who, id, key == nullptr ? "" : *key, fmt::format("{} {} {:016x}{:016x}", request.method, request.target, hash.high64, hash.low64)};
}

Result<std::string> Call::wanted_version() const {
  const std::string* match = request.header("if-match");
  if (match == nullptr) return fail(Errc::precondition_required, "Send If-Match with the version that you have read, in quotes (or * for any).");
  if (match->size() > 2 && match->front() == '"' && match->back() == '"') return match->substr(1, match->size() - 2);
  return *match;
}

Result<Response> dispatch(Operation operation, const Call& call) {
  switch (operation) {  // no default: a path without a handler does not build
    case Operation::SignIn: return sign_in(call);
    case Operation::SignOut: return sign_out(call);
    case Operation::GetMe: return get_me(call);
    case Operation::ListUsers: return list_users(call);
    case Operation::CreateUser: return create_user(call);
    case Operation::ChangeUser: return change_user(call);
    case Operation::ListTokens: return list_tokens(call);
    case Operation::CreateToken: return create_token(call);
    case Operation::RevokeToken: return revoke_token(call);
    case Operation::ListAudit: return list_audit(call);
    case Operation::FollowChanges: return follow_changes(call);
    case Operation::ListWebhooks: return list_webhooks(call);
    case Operation::CreateWebhook: return create_webhook(call);
    case Operation::EndWebhook: return end_webhook(call);

    case Operation::ListDistricts: return list_districts(call);
    case Operation::ListCells: return list_cells(call);
    case Operation::GetCell: return get_cell(call);
    case Operation::CreateCell: return create_cell(call);
    case Operation::ChangeCell: return change_cell(call);
    case Operation::ListChildren: return list_children(call);
    case Operation::ListAncestors: return list_ancestors(call);
    case Operation::GetCellHistory: return get_cell_history(call);
    case Operation::ListCellAssignments: return list_cell_assignments(call);
    case Operation::Locate: return locate(call);

    case Operation::ListPeople: return list_people(call);
    case Operation::CreatePerson: return create_person(call);
    case Operation::ChangePerson: return change_person(call);
    case Operation::ListAssignments: return list_assignments(call);
    case Operation::CreateAssignment: return create_assignment(call);
    case Operation::EndAssignment: return end_assignment(call);

    case Operation::ListContactPoints: return list_contact_points(call);
    case Operation::CreateContactPoint: return create_contact_point(call);
    case Operation::CorrectContactPoint: return correct_contact_point(call);
    case Operation::WithdrawContactPoint: return withdraw_contact_point(call);
    case Operation::ListEntrustments: return list_entrustments(call);
    case Operation::CreateEntrustment: return create_entrustment(call);
    case Operation::CorrectEntrustment: return correct_entrustment(call);
    case Operation::WithdrawEntrustment: return withdraw_entrustment(call);
    case Operation::ListOverlays: return list_overlays(call);
    case Operation::CreateOverlay: return create_overlay(call);
    case Operation::CorrectOverlay: return correct_overlay(call);
    case Operation::GetOverlayFigures: return get_overlay_figures(call);
    case Operation::ListOverlayFindings: return list_overlay_findings(call);
    case Operation::ListOverlayAreas: return list_overlay_areas(call);
    case Operation::CreateOverlayArea: return create_overlay_area(call);
    case Operation::GetOverlayArea: return get_overlay_area(call);
    case Operation::ChangeOverlayArea: return change_overlay_area(call);
    case Operation::GetOverlayAreaHistory: return get_overlay_area_history(call);
    case Operation::ListOverlayHolders: return list_overlay_holders(call);
    case Operation::CreateOverlayHolder: return create_overlay_holder(call);
    case Operation::CorrectOverlayHolder: return correct_overlay_holder(call);
    case Operation::WithdrawOverlayHolder: return withdraw_overlay_holder(call);

    case Operation::ListEnterprises: return list_enterprises(call);
    case Operation::CreateEnterprise: return create_enterprise(call);

    case Operation::ListPosts: return list_posts(call);
    case Operation::ListCertificates: return list_certificates(call);
    case Operation::CreateCertificate: return create_certificate(call);
    case Operation::CorrectCertificate: return correct_certificate(call);
    case Operation::WithdrawCertificate: return withdraw_certificate(call);
    case Operation::ListExemptions: return list_exemptions(call);
    case Operation::CreateExemption: return create_exemption(call);
    case Operation::CorrectExemption: return correct_exemption(call);
    case Operation::WithdrawExemption: return withdraw_exemption(call);
    case Operation::ListVisitRules: return list_visit_rules(call);
    case Operation::SetVisitRule: return set_visit_rule(call);
    case Operation::EndVisitRule: return end_visit_rule(call);
    case Operation::ListFigureWeights: return list_figure_weights(call);
    case Operation::SetFigureWeight: return set_figure_weight(call);
    case Operation::EndFigureWeight: return end_figure_weight(call);
    case Operation::ListScoreRules: return list_score_rules(call);
    case Operation::SetScoreRule: return set_score_rule(call);
    case Operation::EndScoreRule: return end_score_rule(call);
    case Operation::ListScoreFloors: return list_score_floors(call);
    case Operation::SetScoreFloor: return set_score_floor(call);
    case Operation::EndScoreFloor: return end_score_floor(call);

    case Operation::ListHazards: return list_events(call, "hazard");
    case Operation::RecordHazard: return record_event(call, "hazard");
    case Operation::GetHazard: return get_event(call, "hazard");
    case Operation::CorrectHazard: return correct_event(call, "hazard");
    case Operation::WithdrawHazard: return withdraw_event(call, "hazard");
    case Operation::ListHazardSteps: return list_hazard_steps(call);
    case Operation::TakeHazardStep: return take_hazard_step(call);
    case Operation::ListInspections: return list_events(call, "inspection");
    case Operation::RecordInspection: return record_event(call, "inspection");
    case Operation::GetInspection: return get_event(call, "inspection");
    case Operation::CorrectInspection: return correct_event(call, "inspection");
    case Operation::WithdrawInspection: return withdraw_event(call, "inspection");
    case Operation::ListPatrols: return list_events(call, "patrol");
    case Operation::RecordPatrol: return record_event(call, "patrol");
    case Operation::GetPatrol: return get_event(call, "patrol");
    case Operation::CorrectPatrol: return correct_event(call, "patrol");
    case Operation::WithdrawPatrol: return withdraw_event(call, "patrol");
    case Operation::ListAccidents: return list_events(call, "accident");
    case Operation::RecordAccident: return record_event(call, "accident");
    case Operation::GetAccident: return get_event(call, "accident");
    case Operation::CorrectAccident: return correct_event(call, "accident");
    case Operation::WithdrawAccident: return withdraw_event(call, "accident");
    case Operation::ListAttachments: return list_attachments(call);
    case Operation::CreateAttachment: return create_attachment(call);
    case Operation::GetAttachment: return get_attachment(call);

    case Operation::GetFigures: return get_figures(call);
    case Operation::GetHotspots: return get_hotspots(call);
    case Operation::GetKeyRegions: return get_key_regions(call);
    case Operation::ListFindings: return list_findings(call);
    case Operation::ListVacancies: return list_vacancies(call);
    case Operation::GetWorkload: return get_workload(call);
    case Operation::BalanceWorkload: return balance_workload(call);
    case Operation::GetHazardReport: return get_hazard_report(call);

    case Operation::ListReassignments: return list_reassignments(call);
    case Operation::DraftReassignment: return draft_reassignment(call);
    case Operation::GetReassignment: return get_reassignment(call);
    case Operation::ChangeReassignment: return change_reassignment(call);
    case Operation::WithdrawReassignment: return withdraw_reassignment(call);
    case Operation::AddOperations: return add_operations(call);
    case Operation::DropOperation: return undo_operation(call);
    case Operation::UndoOperation: return undo_operation(call);
    case Operation::RedoOperation: return redo_operation(call);
    case Operation::RebaseReassignment: return rebase_reassignment(call);
    case Operation::ValidateReassignment: return validate_reassignment(call);
    case Operation::CompareReassignment: return compare_reassignment(call);
    case Operation::ListKeptHazards: return list_kept_hazards(call);
    case Operation::ApproveReassignment: return approve_reassignment(call);
    case Operation::ScheduleReassignment: return schedule_reassignment(call);
    case Operation::ApplyReassignment: return apply_reassignment(call);
    case Operation::AcknowledgeReassignment: return acknowledge_reassignment(call);
    case Operation::RevertReassignment: return revert_reassignment(call);
    case Operation::GetReassignmentPaper: return get_plan_paper(call);
    case Operation::ListAssessments: return list_assessments(call);
    case Operation::DraftAssessment: return draft_assessment(call);
    case Operation::GetAssessment: return get_assessment(call);
    case Operation::ChangeAssessment: return change_assessment(call);
    case Operation::DiscardAssessment: return discard_assessment(call);
    case Operation::SignAssessment: return sign_assessment(call);
    case Operation::WithdrawAssessment: return withdraw_assessment(call);
    case Operation::GetAssessmentFigures: return get_assessment_figures(call);
    case Operation::GetAssessmentPaper: return get_assessment_paper(call);

    case Operation::GetMap: return get_map(call);
    case Operation::ListBasemaps: return list_basemaps(call);
    case Operation::GetBasemapTile: return get_basemap_tile(call);
    case Operation::GetBasemapTileGcj02: return get_basemap_tile(call);
    case Operation::GetBasemapTileJson: return get_basemap_tile_json(call);
    case Operation::GetBasemapTileJsonGcj02: return get_basemap_tile_json(call);
    case Operation::GetTile: return get_tile(call);
    case Operation::GetTileGcj02: return get_tile(call);
    case Operation::GetTileJson: return get_tile_json(call);
    case Operation::GetTileJsonGcj02: return get_tile_json(call);
    case Operation::GetHeatGrid: return get_heat_grid(call);
    case Operation::GetHeatTile: return get_heat_tile(call, 256);
    case Operation::GetHeatTileDouble: return get_heat_tile(call, 512);
    case Operation::GetHeatTileGcj02: return get_heat_tile(call, 256);
    case Operation::GetHeatTileGcj02Double: return get_heat_tile(call, 512);
    case Operation::GetHeatJson: return get_heat_json(call);
    case Operation::GetFigureLegend: return get_figure_legend(call);
    case Operation::GetHeatLegend: return get_heat_legend(call);
    case Operation::GetHeatContours: return get_heat_contours(call);

    case Operation::OgcLanding: return ogc_landing(call);
    case Operation::OgcConformance: return ogc_conformance(call);
    case Operation::OgcCollections: return ogc_collections(call);
    case Operation::OgcCollection: return ogc_collection(call);
    case Operation::OgcItems: return ogc_items(call);
    case Operation::OgcItem: return ogc_item(call);

    case Operation::CreateImport: return create_import(call);
    case Operation::LookAtImport: return look_at_import(call);
    case Operation::CreateExport: return create_export(call);

    case Operation::GetContract: return get_contract(call);
    case Operation::GetProblem: return get_problem(call);
  }
  return fail(Errc::not_found, "There is nothing at this address.");
}

}  // namespace gridward::http
