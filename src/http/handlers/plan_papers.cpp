#include "service/plan_papers.h"

#include <fmt/format.h>

#include "http/dispatch.h"

namespace gridward::http {

Result<Response> get_plan_paper(const Call& call) {
  const Input& p = call.parameters;
  const bool pdf = call.format == Format::pdf;
  const std::string kind = p.text("kind");
  auto bytes = service::draw_plan_paper(call.context.reads, call.who, p.text("id"), kind == "approval_form" ? service::PlanPaper::approval_form : service::PlanPaper::handover_note,
                                        pdf ? geo::Canvas::Kind::pdf : geo::Canvas::Kind::png, "Gridward " GRIDWARD_VERSION);
  if (!bytes) return fail(bytes.error());
  Response response;
  response.headers = {{"Content-Type", media_type(call.format)}, {"Content-Disposition", fmt::format("inline; filename={}.{}", kind, pdf ? "pdf" : "png")}};
  response.body = std::make_shared<const std::string>(std::move(*bytes));
  return response;
}

}  // namespace gridward::http
