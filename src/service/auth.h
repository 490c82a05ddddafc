#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

struct SignedIn {
  Secret token;
  std::string csrf;
};

/// Checks a password (argon2id, at most two at once) and opens a session. Five failures in a row lock the
/// account for a quarter of an hour; the answer does not tell which of name and password was wrong.
Result<SignedIn> sign_in(storage::Pool& pool, const std::string& username, const Secret& password, bool cookie, std::chrono::seconds lasts);
Result<void> sign_out(storage::Pool& pool, const Principal& who);
/// Who a token belongs to.
Result<Principal> authenticate(storage::Pool& pool, const Secret& token);
/// A password of 80 random bits.
Secret random_password();
/// A token of 256 random bits, and how one is kept: only as its hash (hex).
Secret random_token();
[[nodiscard]] std::string token_hash(const Secret& token);
/// argon2id, at most two at once.
[[nodiscard]] std::string hash_password(const Secret& password);

/// The secret of a database under which ETags are sealed; made by the first server that asks.
Result<std::string> seal_key(storage::Pool& pool);
/// A demo's database has a mark, so that nobody serves it by mistake.
Result<void> mark_demo(storage::Pool& pool);
Result<bool> is_demo(storage::Pool& pool);
/// A keyed hash (hex, 128 bits).
[[nodiscard]] std::string seal(const std::string& key, const std::string& text);

/// Whether a grant of `who` reaches a cell whose way up (itself first) is `way`.
[[nodiscard]] bool reaches(const Principal& who, std::int64_t district, const std::vector<std::int64_t>& way);

/// Whether a grant of `who` is in a district, on whatever part of it.
[[nodiscard]] bool in_district(const Principal& who, std::int64_t district);

}  // namespace gridward::service
