#include "service/accounts.h"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "service/auth.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;
Result<void> check_administrator(const Principal& who) {
  if (std::ranges::any_of(who.grants, [](const Grant& g) { return g.role == "admin" && g.district == 0 && g.cell == 0; })) return {};
  return fail(Errc::forbidden, "Accounts are kept by administrators whose area is everywhere.");
}

}  // namespace

Result<Page> list_accounts(storage::Pool& pool, const Principal& who, std::int64_t after, int limit) {
  if (auto ok = check_administrator(who); !ok) return fail(ok.error());
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    return to_page(tx.run(sql::accounts_list, {std::to_string(after), std::to_string(limit), Param{}}), limit);
  });
}

Result<Written> write_account(storage::Pool& pool, const Deed& deed, std::int64_t id, const std::string& password, const std::string& body) {
  if (auto ok = check_administrator(deed.who); !ok) return fail(ok.error());
  const bool random = password.empty() && id == 0;
  const Secret secret = random ? random_password() : Secret(password);
  const Param hash = random || !password.empty() ? Param{hash_password(secret)} : Param{};
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto written = tx.run(sql::accounts_write, {or_null(id), body, hash, deed.who.username, deed.request_id});
    std::string doc = tx.run(sql::accounts_list, {"0", "1", written.text(0, "id")}).text(0, "doc");
    if (random) doc.replace(doc.size() - 1, 1, fmt::format(R"(, "password": "{}"}})", secret.reveal()));
    return Written{id == 0 ? 201 : 200, doc};
  });
}

std::string grant_json(const Grant& grant) {
  const auto null_or = [](std::int64_t id) { return id == 0 ? std::string("null") : std::to_string(id); };
  return fmt::format(R"({{"role":"{}","district":{},"cell":{}}})", grant.role, null_or(grant.district), null_or(grant.cell));
}

Principal console() {
  Principal who;
  who.username = "console";
  who.grants = {{"admin", 0, 0}};
  return who;
}

Result<Secret> save_account(storage::Pool& pool, const std::string& username, const Grant& grant) {
  const Secret password = random_password();
  const std::string hash = hash_password(password);
  return pool.write<Secret>([&](Tx& tx) -> Result<Secret> {
    const auto known = tx.run(sql::accounts_by_username, {username});
    rapidjson::StringBuffer name;
    rapidjson::Writer<rapidjson::StringBuffer>(name).String(username.c_str(), static_cast<rapidjson::SizeType>(username.size()));
    const std::string body = fmt::format(R"({{"username":{},"grants":[{}]}})", name.GetString(), grant_json(grant));
    tx.run(sql::accounts_write, {known.size() == 0 ? Param{} : Param{known.text(0, "id")}, body, hash, "console", "console"});
    return password;
  });
}

Result<std::string> find_account(storage::Pool& pool, const std::string& username) {
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    const auto found = tx.run(sql::accounts_by_username, {username});
    if (found.size() == 0) return fail(Errc::not_found, fmt::format("There is no account {}: gridward user list shows all.", username));
    return tx.run(sql::accounts_list, {"0", "1", found.text(0, "id")}).text(0, "doc");
  });
}

Result<std::int64_t> person_of(storage::Pool& pool, const Principal& who) {
  return pool.read<std::int64_t>([&](Tx& tx) -> Result<std::int64_t> { return tx.run(sql::accounts_list, {"0", "1", std::to_string(who.account)}).integer(0, "person"); });
}

Result<Page> list_tokens(storage::Pool& pool, const Principal& who) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> { return to_page(tx.run(sql::tokens_list, {std::to_string(who.account)}), -1); });
}

Result<Written> create_token(storage::Pool& pool, const Deed& deed, const std::string& label, std::int64_t days) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const Secret token = random_token();
    const auto made = tx.run(sql::tokens_create, {token_hash(token), std::to_string(deed.who.account), label, std::to_string(days)});
    return Written{201, fmt::format(R"({{"id": {}, "token": "{}", "expires_at": "{}"}})", made.integer(0, "id"), token.reveal(), made.text(0, "expires_at"))};
  });
}

Result<Written> revoke_token(storage::Pool& pool, const Deed& deed, std::int64_t id) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (tx.run(sql::tokens_revoke, {std::to_string(deed.who.account), std::to_string(id)}).size() == 0)
      return fail(Errc::not_found, "You have no such token.");
    return Written{204, ""};
  });
}

Result<Page> list_audit(storage::Pool& pool, const Principal& who, std::int64_t district, const std::string& entity, const std::string& entity_id, std::int64_t before, int limit) {
  if (!reaches(who, district, {})) return fail(Errc::forbidden, "The trail is for auditors of the whole district.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    return to_page(tx.run(sql::audit_list, {or_null(district), or_null(entity), or_null(entity_id), std::to_string(before), std::to_string(limit)}), limit);
  });
}

}  // namespace gridward::service
