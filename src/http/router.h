#pragma once

#include <string>

#include "base/result.h"
#include "http/request.h"
#include "routes.gen.h"

namespace gridward::http {

struct Routed {
  const Route* route = nullptr;
  Pairs path;  // values of {names}
};

/// Where a request goes; Errc::not_found for an address that is not there, Errc::method_not_allowed for one that has not this method.
[[nodiscard]] Result<Routed> find_route(const Request& request);

/// The methods of an address as `Allow` lists them; "" for one that is not there.
[[nodiscard]] std::string allowed_methods(const Request& request);

}  // namespace gridward::http
