#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "service/webhooks.h"
#include "storage/database.h"

namespace gridward::http {

/// Sends notices to their receivers, on one thread: to each in order, one message at a time, and to many at once. A message counts as delivered when it is answered with 2xx and
/// that is committed; so each is delivered at least once, and again where this process ends in between, with the same numbers.
class WebhookSender {
 public:
  WebhookSender(storage::Pool pool, std::vector<std::string> hosts);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  /// How many receivers there are in each state, as of some seconds ago.
  struct State {
    std::atomic<std::int64_t> ok = 0, failing = 0, dead = 0;
  };
  [[nodiscard]] const State& state() const { return state_; }

 private:
  struct Transfer;
  void run(const std::stop_token& stop);
  void begin_what_waits();
  void settle_what_ended();
  void count();

  storage::Pool pool_;
  const std::vector<std::string> hosts_;
  State state_;
  std::unique_ptr<void, void (*)(void*)> multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;  // of the thread alone
  std::jthread thread_;
};

}  // namespace gridward::http
