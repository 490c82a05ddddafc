#include "service/hazards.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"

namespace gridward::http {

Result<Response> list_hazard_steps(const Call& call) {
  const auto page = service::list_hazard_steps(call.context.reads, call.who, call.parameters.text("id"));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> take_hazard_step(const Call& call) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  return written_response(service::take_hazard_step(call.context.writes, call.deed(), call.parameters.text("id"), *version, call.body.text("step"), call.body.json()));
}

}  // namespace gridward::http
