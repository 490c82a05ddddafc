#include "http/webhook_sender.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "http/receiver.h"

namespace gridward::http {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr long kConnectWithin = 5000, kAnswerWithin = 15000;  // ms; well within service::kLease
constexpr std::size_t kMostOfAnswer = 64U << 10U;             // bytes of an answer that are read, and thrown away
constexpr std::chrono::milliseconds kLookEvery{500};
constexpr std::chrono::seconds kCountEvery{5};

void init_curl() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) throw std::runtime_error("libcurl cannot be used");
}

std::unique_ptr<void, void (*)(void*)> make_multi() {
  init_curl();
  return {curl_multi_init(), [](void* multi) { curl_multi_cleanup(multi); }};
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers headers_of(const service::Delivery& d) {
  const std::string second = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  curl_slist* list = nullptr;
  for (const std::string& line : {std::string("Content-Type: application/json"), std::string("Expect:"), "webhook-id: " + d.message, "webhook-timestamp: " + second,
                                  "webhook-signature: " + service::sign_message(d.secret, d.message, second, d.body)})
    list = curl_slist_append(list, line.c_str());
  return {list, &curl_slist_free_all};
}

std::size_t throw_away(char*, std::size_t size, std::size_t count, void* read) {
  auto& total = *static_cast<std::size_t*>(read);
  total += size * count;
  return total > kMostOfAnswer ? 0 : size * count;
}

}  // namespace

struct WebhookSender::Transfer {
  explicit Transfer(service::Delivery d) : delivery(std::move(d)), headers(headers_of(delivery)) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  service::Delivery delivery;
  Headers headers;
  std::size_t read = 0;
  Easy easy{curl_easy_init(), &curl_easy_cleanup};

  /// Straight to the receiver: no redirects, no proxies of the environment, nothing but HTTP.
  void prepare() {
    CURL* c = easy.get();
    curl_easy_setopt(c, CURLOPT_URL, delivery.url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, kConnectWithin);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, kAnswerWithin);
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(delivery.body.size()));
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, delivery.body.data());
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_USERAGENT, "gridward");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, throw_away);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &read);
  }

  /// What went wrong; "" where it was acknowledged.
  [[nodiscard]] std::string outcome(CURLcode code) const {
    if (code != CURLE_OK) return curl_easy_strerror(code);
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300 ? "" : fmt::format("it answered {}", status);
  }
};

WebhookSender::WebhookSender(storage::Pool pool, std::vector<std::string> hosts)
    : pool_(std::move(pool)), hosts_(std::move(hosts)), multi_(make_multi()), thread_([this](const std::stop_token& stop) { run(stop); }) {}

WebhookSender::~WebhookSender() {
  thread_.request_stop();
  curl_multi_wakeup(multi_.get());
  thread_.join();
  for (const auto& t : transfers_) curl_multi_remove_handle(multi_.get(), t->easy.get());
}

void WebhookSender::run(const std::stop_token& stop) {
  auto look_at = std::chrono::steady_clock::now(), count_at = look_at;
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= look_at) {
      begin_what_waits();
      look_at = now + kLookEvery;
    }
    if (now >= count_at) {
      count();
      count_at = now + kCountEvery;
    }
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    settle_what_ended();
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(kLookEvery.count()), nullptr);
  }
}

void WebhookSender::begin_what_waits() {
  while (transfers_.size() < kAtOnce) {
    auto taken = service::take_delivery(pool_);
    if (!taken || !*taken) return;  // one that cannot be taken now is taken later
    if (const auto allowed = check_receiver((*taken)->url, hosts_); !allowed) {
      (void)service::settle_delivery(pool_, **taken, allowed.error().detail);
      continue;
    }
    auto transfer = std::make_unique<Transfer>(std::move(**taken));
    transfer->prepare();
    curl_multi_add_handle(multi_.get(), transfer->easy.get());
    transfers_.push_back(std::move(transfer));
  }
}

void WebhookSender::settle_what_ended() {
  int left = 0;
  bool more = false;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto found = std::ranges::find_if(transfers_, [&](const auto& t) { return t->easy.get() == message->easy_handle; });
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_.get(), (*found)->easy.get());
    // One that cannot be settled is sent again when its lease is over.
    (void)service::settle_delivery(pool_, (*found)->delivery, (*found)->outcome(code));
    transfers_.erase(found);
    more = true;
  }
  if (more) begin_what_waits();
}

void WebhookSender::count() {
  const auto states = service::count_webhooks(pool_);
  if (!states) return;
  state_.ok = states->ok;
  state_.failing = states->failing;
  state_.dead = states->dead;
}

}  // namespace gridward::http
