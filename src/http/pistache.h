#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/guard.h"
#include "http/scheduler.h"

namespace gridward::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  int event_threads = 2;
  Guard::Limits requests;
  Scheduler::Limits answers;
};

/// The HTTP server. The framework listens and runs the event loop; requests are parsed by Guard, and answered by Scheduler on a
/// descriptor that names the connection (a dup), never its reusable number.
class Server {
 public:
  Server(ServerOptions options, Handlers handlers);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens; throws std::runtime_error when the address cannot be had.
  void start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Scheduler::State state();
  /// Accepts no more, finishes what is in flight, returns.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridward::http
