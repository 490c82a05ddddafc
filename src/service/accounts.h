#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "service/write.h"

namespace gridward::service {

/// Accounts by id, with their grants.
/// For administrators whose area is everywhere: whoever may grant anything must have it.
Result<Page> list_accounts(storage::Pool& pool, const Principal& who, std::int64_t after, int limit);
/// Writes an account (id 0: a new one). A new one without a password gets a random one, which is told once; a new password
/// or `disabled` ends its sessions.
Result<Written> write_account(storage::Pool& pool, const Deed& deed, std::int64_t id, const std::string& password, const std::string& body);

/// The person whose account it is; 0 where it is nobody's.
Result<std::int64_t> person_of(storage::Pool& pool, const Principal& who);

/// A grant as the contract writes it.
[[nodiscard]] std::string grant_json(const Grant& grant);
/// The operator at the console, who needs no account: whoever has the database has all of it.
[[nodiscard]] Principal console();
/// An account with exactly this grant (district 0, cell 0: everywhere) and a new random password; made if it is not there.
Result<Secret> save_account(storage::Pool& pool, const std::string& username, const Grant& grant);
/// The document of an account, with its id; fails where there is none of this name.
Result<std::string> find_account(storage::Pool& pool, const std::string& username);

/// The live read-only tokens of the caller.
Result<Page> list_tokens(storage::Pool& pool, const Principal& who);
/// A new one, told once: for GDAL, QGIS and links, as HTTP Basic password or ?key=.
Result<Written> create_token(storage::Pool& pool, const Deed& deed, const std::string& label, std::int64_t days);
Result<Written> revoke_token(storage::Pool& pool, const Deed& deed, std::int64_t id);

/// The trail of a district (0: of all), newest first. `before` is an id.
Result<Page> list_audit(storage::Pool& pool, const Principal& who, std::int64_t district, const std::string& entity, const std::string& entity_id, std::int64_t before, int limit);

}  // namespace gridward::service
