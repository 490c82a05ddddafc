#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.h"
#include "service/page.h"
#include "service/write.h"

namespace gridward::service {

/// The receivers of a district's notices (0: of all districts that the caller administers).
Result<Page> list_webhooks(storage::Pool& pool, const Principal& who, std::int64_t district, std::int64_t after, int limit);
/// Registers one. Whether its address is allowed is for the caller to have asked.
Result<Written> create_webhook(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::string& body);
Result<Written> end_webhook(storage::Pool& pool, const Deed& deed, std::int64_t id);

/// What is to be sent to a receiver next, by who has taken it. Nobody else sends to it until that is settled, or half a minute is over.
struct Delivery {
  std::int64_t webhook = 0;
  std::string lease;
  std::string url;
  Secret secret;
  std::string message;        // its name: the same where the same is sent again
  std::string body;           // {"webhook", "missed_up_to", "notices"}
  std::int64_t up_to = 0;     // where the receiver stands when it has acknowledged
};

/// How long a delivery may take from its taking to its settling.
inline constexpr std::chrono::seconds kLease{30};

/// Takes the receiver that has waited longest; none where nothing waits. One for whom nothing of what is new is meant is settled at once.
Result<std::optional<Delivery>> take_delivery(storage::Pool& pool);
/// Notes that it was acknowledged, or what went wrong (not empty), after which it is tried again later and later.
Result<void> settle_delivery(storage::Pool& pool, const Delivery& delivery, const std::string& error);

/// How many receivers there are in each state.
struct WebhookStates {
  std::int64_t ok = 0, failing = 0, dead = 0;
};
Result<WebhookStates> count_webhooks(storage::Pool& pool);

/// The signature of a message (HMAC-SHA256, base64) as the header `webhook-signature` has it: of its name, the second at which it is sent and its body, with dots
/// between (Standard Webhooks, https://www.standardwebhooks.com).
[[nodiscard]] std::string sign_message(const Secret& secret, const std::string& message, const std::string& second, const std::string& body);

}  // namespace gridward::service
