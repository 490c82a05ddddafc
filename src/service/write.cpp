#include "service/write.h"

#include "sql.gen.h"

namespace gridward::service {

Result<Written> write_once(storage::Pool& pool, const Deed& deed, const std::function<Result<Written>(storage::Tx&)>& body) {
  if (deed.key.empty()) return pool.write<Written>(body);
  return pool.write<Written>([&](storage::Tx& tx) -> Result<Written> {
    const std::string account = std::to_string(deed.who.account);
    if (tx.run(sql::idempotency_claim, {account, deed.key, deed.fingerprint}).size() == 0) {
      const auto known = tx.run(sql::idempotency_find, {account, deed.key});
      if (known.text(0, "request_hash") != deed.fingerprint)
        return fail(Errc::rule_violated, "This Idempotency-Key was used for another request: make a new one for each deed.");
      return Written{static_cast<int>(known.integer(0, "status")), known.text(0, "body")};
    }
    auto done = body(tx);
    if (done) tx.run(sql::idempotency_keep, {account, deed.key, std::to_string(done->status), done->json});
    return done;
  });
}

Result<void> note_phones(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::string& what) {
  if (!deed.who.has_role(coordinator | approver | officer | leader)) return fail(Errc::forbidden, "None of your roles needs whole phone numbers.");
  const auto done = pool.write<int>([&](storage::Tx& tx) -> Result<int> {
    tx.run(sql::audit_note, {storage::or_null(district), deed.who.username, what, deed.request_id});
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

}  // namespace gridward::service
