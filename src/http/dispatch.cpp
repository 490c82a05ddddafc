#include "http/dispatch.h"

namespace gridward::http {

Result<Response> dispatch(Operation operation, const Call& call) {
  switch (operation) {  // no default: a path without a handler does not build
    case Operation::SignIn: return sign_in(call);
    case Operation::SignOut: return sign_out(call);
    case Operation::GetMe: return get_me(call);
    case Operation::ListDistricts: return list_districts(call);
    case Operation::ListCells: return list_cells(call);
    case Operation::GetCell: return get_cell(call);
    case Operation::Locate: return locate(call);
    case Operation::GetFigures: return get_figures(call);
    case Operation::ListHazards: return list_hazards(call);
    case Operation::RecordHazard: return record_hazard(call);
    case Operation::GetContract: return get_contract(call);
    case Operation::GetHealth: return get_health(call);
    case Operation::GetReady: return get_ready(call);
  }
  return fail(Errc::not_found, "There is nothing at this address.");
}

}  // namespace gridward::http
