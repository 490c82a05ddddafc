#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace gridward::http {

/// Whether notices may be sent to an address: http or https, without a name or password in it, to a host that the settings allow (notices.webhook_hosts; with a port
/// other than that of its scheme as host:port). Read with the parser of the library that sends, so that both see the same host. The error says what to do.
Result<void> check_receiver(const std::string& url, const std::vector<std::string>& hosts);

}  // namespace gridward::http
