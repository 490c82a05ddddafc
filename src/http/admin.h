#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/request.h"

namespace gridward::http {

/// What the admin port tells of the server beside it.
struct AdminContext {
  std::function<Result<void>()> ready;   // whether it can serve; asks the database
  std::function<std::string()> metrics;  // in the text format of Prometheus; from memory
};

/// Answers /healthz (the process lives), /metrics, and refusals: from memory, so that both are told while the database is not there or
/// everything is busy. Nothing for what takes more. No account is needed, and so the port is for this machine.
[[nodiscard]] std::optional<Response> answer_admin_at_once(const AdminContext& context, const Request& request);

/// Answers these, and /readyz: 200 when the server can serve, 503 with the reason when not. Does not throw.
[[nodiscard]] Response answer_admin(const AdminContext& context, const Request& request);

}  // namespace gridward::http
