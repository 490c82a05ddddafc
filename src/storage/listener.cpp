#include "storage/listener.h"

#include <chrono>

#include <pqxx/pqxx>

namespace gridward::storage {
namespace {

class Receiver : public pqxx::notification_receiver {
 public:
  Receiver(pqxx::connection_base& connection, const std::string& channel, const std::function<void(Listener::Heard)>& heard)
      : notification_receiver(connection, channel), heard_(heard) {}
  void operator()(const std::string&, int sender) override {
    if (sender != conn().backendpid()) heard_(Listener::Heard::notification);  // not what we told ourselves
  }

 private:
  const std::function<void(Listener::Heard)>& heard_;
};

}  // namespace

Listener::Listener(std::string url, std::string channel, std::function<void(Heard)> heard)
    : url_(std::move(url)), channel_(std::move(channel)), heard_(std::move(heard)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Listener::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      pqxx::connection connection(url_);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // deprecated for version 7, in which it is the only way
      connection.inhibit_reactivation(true);  // a connection that came back would listen to nothing
#pragma GCC diagnostic pop
      const Receiver receiver(connection, channel_, heard_);
      listening_ = true;
      heard_(Heard::beginning);  // what was missed before is unknown
      while (!stop.stop_requested()) {
        connection.await_notification(0, 200000);
        if (!untold_.exchange(false)) continue;
        pqxx::nontransaction work(connection);
        work.exec_params("select pg_notify($1, '')", channel_);
      }
    } catch (const std::exception&) {
      listening_ = false;
      heard_(Heard::end);
      untold_ = true;  // what was told as the connection went may not have been heard
      for (int i = 0; i < 5 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  listening_ = false;
}

}  // namespace gridward::storage
