#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace gridward::storage {

/// A connection string (keywords or URI, as libpq reads it) with what it does not say itself: the password, the program's name, how long
/// a statement may run, and for how long a host that is silent is waited for. Fails where libpq cannot read it, with libpq's reason.
[[nodiscard]] Result<Secret> complete_connection(const std::string& connection, const Secret& password, std::chrono::seconds statement_timeout);

/// A connection string in two: without its password, as other programs may be told it in their arguments, and the password.
struct PasswordApart {
  std::string connection;
  Secret password;
};
[[nodiscard]] Result<PasswordApart> take_password(const std::string& connection);

/// A connection string as it may be printed: its password, if it has one, as ***.
[[nodiscard]] std::string without_password(const std::string& connection);

}  // namespace gridward::storage
