#include "service/assessments.h"

#include <algorithm>

#include "http/dispatch.h"
#include "http/encode_assessment.h"
#include "http/figure_query.h"
#include "http/listing.h"
#include "service/assessment_paper.h"
#include "service/known.h"

namespace gridward::http {
namespace {

std::vector<std::string> texts(const Input& body, const char* name) {
  std::vector<std::string> out;
  for (const auto& text : body.value(name).GetArray()) out.emplace_back(text.GetString(), text.GetStringLength());
  return out;
}

/// What an assessment is to count, as its body says.
Result<service::FiguresAsked> read_counted(const Input& body) {
  auto asked = read_mode(body);
  if (!asked) return asked;
  const auto from = parse_day(body.text("from")), to = parse_day(body.text("to"));
  if (!from || !to || *from >= *to) return fail(Error::field("to", "must be a day later than from (it is the first day after)"));
  asked->period.days = {*from, *to};
  asked->measures = texts(body, "measures");
  for (const std::string& measure : asked->measures)
    if (const auto known = read_measures(measure); !known || measure == "all") return fail(known ? Error::field("measures", "name them one by one: what is signed says what it holds") : known.error());
  asked->source = body.text("source");
  asked->grade = body.text("grade");
  return asked;
}

/// The body with what it may leave out.
std::string settled(const Input& body) {
  rapidjson::Document document;
  const std::string text = body.json();
  document.Parse(text.data(), text.size());
  if (!body.has("mode")) document.AddMember("mode", "as_was", document.GetAllocator());
  Json json;
  document.Accept(json);
  return json.text();
}

/// Does something to the draft of the request, of the version that If-Match names.
Result<Response> on_draft(const Call& call, const std::function<Result<service::Written>(const service::DraftAsked&)>& deed) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  return written_response(deed({call.parameters.text("id"), *version}));
}

}  // namespace

Result<Response> list_assessments(const Call& call) {
  const Input& p = call.parameters;
  const auto page = service::list_assessments(call.context.reads, call.who, {p.integer("district"), p.text("status"), p.integer("after"), limit_of(call)});
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> get_assessment(const Call& call) {
  const auto doc = service::get_assessment(call.context.reads, call.who, call.parameters.text("id"));
  if (!doc) return fail(doc.error());
  return text_response(200, *doc);
}

Result<Response> draft_assessment(const Call& call) {
  const auto asked = read_counted(call.body);
  if (!asked) return fail(asked.error());
  return written_response(service::draft_assessment(call.context.writes, call.deed(), *asked, texts(call.body, "levels"), settled(call.body)));
}

Result<Response> change_assessment(const Call& call) {
  return on_draft(call, [&](const service::DraftAsked& draft) { return service::change_assessment(call.context.writes, call.deed(), draft, call.body.json()); });
}

Result<Response> discard_assessment(const Call& call) {
  return on_draft(call, [&](const service::DraftAsked& draft) { return service::discard_assessment(call.context.writes, call.deed(), draft); });
}

Result<Response> withdraw_assessment(const Call& call) {
  return written_response(service::draft_withdrawal(call.context.writes, call.deed(), call.parameters.text("id"), call.body.json()));
}

Result<Response> sign_assessment(const Call& call) {
  return on_draft(call, [&](const service::DraftAsked& draft) {
    return service::sign_assessment(call.context.writes, call.context.figures, call.deed(), draft, call.body.text("document_no"), call.body.text("comment"));
  });
}

Result<Response> get_assessment_figures(const Call& call) {
  const Input& p = call.parameters;
  const auto figures = service::restate_assessment(call.context.figures, call.who, p.text("id"), p.text("level"));
  if (!figures) return fail(figures.error());
  if (call.format == Format::json) {
    Json json;
    encode(json, *figures, p.flag("differing"));
    return json_response(200, json);
  }
  const auto districts = call.context.known.districts();
  if (!districts) return fail(districts.error());
  const auto district = std::ranges::find(**districts, figures->district, &District::id);
  return sheet_response(call, assessment_table(*figures, p.flag("differing"), district != (*districts)->end() && district->synthetic));
}

Result<Response> get_assessment_paper(const Call& call) {
  const bool pdf = call.format == Format::pdf;
  auto bytes = service::draw_assessment_paper(call.context.figures, call.who, call.parameters.text("id"), call.parameters.text("level"), pdf ? geo::Canvas::Kind::pdf : geo::Canvas::Kind::png, "Gridward " GRIDWARD_VERSION);
  if (!bytes) return fail(bytes.error());
  return file_response(call, pdf ? "assessment.pdf" : "assessment.png", std::move(*bytes));
}

}  // namespace gridward::http
