#include "service/webhooks.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <sodium.h>

#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

constexpr int kBatch = 100;

bool administers(const Principal& who, std::int64_t district) {
  return std::ranges::any_of(who.grants, [&](const Grant& g) { return g.role == "admin" && g.cell == 0 && (g.district == 0 || g.district == district); });
}

/// The next notices of a taken receiver.
Delivery make_delivery(Tx& tx, const storage::Rows& claim) {
  Delivery out{claim.integer(0, "id"), claim.text(0, "lease"), claim.text(0, "url"), Secret(claim.text(0, "secret")), "", "", claim.integer(0, "head")};
  const auto notices = tx.run(sql::webhooks_batch, {std::to_string(out.webhook), std::to_string(kBatch)});
  if (notices.size() == 0) return out;
  const std::int64_t last = notices.integer(notices.size() - 1, "id"), kept_after = claim.integer(0, "kept_after");
  out.up_to = notices.size() == static_cast<std::size_t>(kBatch) ? last : std::max(last, out.up_to);
  out.message = fmt::format("{}.{}-{}", out.webhook, notices.integer(0, "id"), last);
  out.body = fmt::format(R"({{"webhook": {}, "missed_up_to": {}, "notices": [)", out.webhook, kept_after > claim.integer(0, "delivered_up_to") ? std::to_string(kept_after) : "null");
  for (std::size_t i = 0; i < notices.size(); ++i) out.body += (i == 0 ? "" : ", ") + notices.text(i, "doc");
  out.body += "]}";
  return out;
}

void settle(Tx& tx, const Delivery& d, const std::string& error) {
  tx.run(sql::webhooks_settle, {std::to_string(d.webhook), d.lease, error.empty() ? Param{std::to_string(d.up_to)} : Param{}, or_null(error)});
}

}  // namespace

Result<Page> list_webhooks(storage::Pool& pool, const Principal& who, std::int64_t district, std::int64_t after, int limit) {
  if (!administers(who, district)) return fail(Errc::forbidden, district == 0 ? "Name the district that you administer." : "You do not administer this district.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> { return to_page(tx.run(sql::webhooks_list, {or_null(district), Param{}, std::to_string(after), std::to_string(limit)}), limit); });
}

Result<Written> create_webhook(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::string& body) {
  if (!administers(deed.who, district)) return fail(Errc::forbidden, "You do not administer this district.");
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto id = tx.run(sql::webhooks_create, {std::to_string(district), body, deed.who.username, deed.request_id});
    return Written{201, tx.run(sql::webhooks_list, {Param{}, id.text(0, "id"), "0", "1"}).text(0, "doc")};
  });
}

Result<Written> end_webhook(storage::Pool& pool, const Deed& deed, std::int64_t id) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto found = tx.run(sql::webhooks_list, {Param{}, std::to_string(id), "0", "1"});
    if (found.size() == 0 || !administers(deed.who, found.integer(0, "district_id"))) return fail(Errc::not_found, "There is no such webhook in a district that you administer.");
    tx.run(sql::webhooks_end, {std::to_string(id), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

Result<std::optional<Delivery>> take_delivery(storage::Pool& pool) {
  return pool.write<std::optional<Delivery>>([](Tx& tx) -> Result<std::optional<Delivery>> {
    while (true) {
      const auto claim = tx.run(sql::webhooks_claim, {std::to_string(kLease.count())});
      if (claim.size() == 0) return std::optional<Delivery>{};
      Delivery delivery = make_delivery(tx, claim);
      if (!delivery.body.empty()) return std::optional(std::move(delivery));
      settle(tx, delivery, "");
    }
  });
}

Result<void> settle_delivery(storage::Pool& pool, const Delivery& delivery, const std::string& error) {
  const auto done = pool.write<int>([&](Tx& tx) -> Result<int> {
    settle(tx, delivery, error);
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

Result<WebhookStates> count_webhooks(storage::Pool& pool) {
  return pool.read<WebhookStates>([](Tx& tx) -> Result<WebhookStates> {
    const auto rows = tx.run(sql::webhooks_states);
    return WebhookStates{rows.integer(0, "ok"), rows.integer(0, "failing"), rows.integer(0, "dead")};
  });
}

std::string sign_message(const Secret& secret, const std::string& message, const std::string& second, const std::string& body) {
  const std::string text = message + '.' + second + '.' + body, &key = secret.reveal();
  const auto bytes = [](const std::string& s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  crypto_auth_hmacsha256_state state;
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
  crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
  crypto_auth_hmacsha256_final(&state, hash.data());
  std::array<char, sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)> out{};
  sodium_bin2base64(out.data(), out.size(), hash.data(), hash.size(), sodium_base64_VARIANT_ORIGINAL);
  return std::string("v1,") + out.data();
}

}  // namespace gridward::service
