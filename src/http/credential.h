#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "domain/principal.h"
#include "http/request.h"

namespace gridward::http {

/// The token that a request carries, and where.
struct Credential {
  enum class From { header, address, cookie };
  Secret token;  // empty: it has none
  From from = From::header;
};

/// As a bearer, as the password of HTTP Basic, as ?key= (for GDAL, QGIS and links), or as a cookie; the first of these counts.
[[nodiscard]] Credential find_credential(const Request& request);

/// Why a session may not be used in this way; nothing when it may.
[[nodiscard]] std::optional<Error> misused(const Credential& credential, const Request& request, const Principal& session);

/// The parameter of an address that carries a token: of every address, so the contract does not name it.
inline constexpr std::string_view kKeyParameter = "key";

}  // namespace gridward::http
