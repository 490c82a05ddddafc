#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "service/page.h"
#include "storage/database.h"

namespace gridward::service {

/// By whom a write is asked, and as which request: the same key means the same deed, done once.
struct Deed {
  const Principal& who;
  std::string request_id;
  std::string key;          // Idempotency-Key, or empty
  std::string fingerprint;  // hash of the request, to tell a repetition from a mix-up
};

/// What a write answers. `json` is a document, or empty.
struct Written {
  int status = 200;
  std::string json;
};

/// Does a deed in one transaction. Under a known key nothing is done and the first answer is given again; the key is kept
/// in the same transaction, so of two at once one waits for the other.
Result<Written> write_once(storage::Pool& pool, const Deed& deed, const std::function<Result<Written>(storage::Tx&)>& body);

/// Notes in the audit trail that whole phone numbers are about to be read; fails when none of the roles needs them.
Result<void> note_phones(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::string& what);

}  // namespace gridward::service
