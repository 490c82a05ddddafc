#pragma once

#include <string>
#include <unordered_map>

#include "base/result.h"
#include "domain/principal.h"
#include "http/pipeline.h"
#include "routes.gen.h"

namespace gridward::http {

/// A request that has been routed and whose caller is known.
struct Call {
  Context& context;
  const Request& request;
  const Principal& who;  // nobody, on public routes
  std::unordered_map<std::string, std::string> path;  // values of {names}
};

/// Hands a call to the handler of its operation.
Result<Response> dispatch(Operation operation, const Call& call);

Result<Response> sign_in(const Call& call);
Result<Response> sign_out(const Call& call);
Result<Response> get_me(const Call& call);
Result<Response> list_districts(const Call& call);
Result<Response> list_cells(const Call& call);
Result<Response> get_cell(const Call& call);
Result<Response> locate(const Call& call);
Result<Response> get_figures(const Call& call);
Result<Response> list_hazards(const Call& call);
Result<Response> record_hazard(const Call& call);
Result<Response> get_contract(const Call& call);
Result<Response> get_health(const Call& call);
Result<Response> get_ready(const Call& call);

}  // namespace gridward::http
