#include "http/pistache.h"

#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <pistache/endpoint.h>
#include <pistache/peer.h>

#include "http/writer.h"

namespace gridward::http {
namespace {

/// One connection: its own descriptor, what it sent, and the requests that wait for their turn. At most one worker serves
/// it at a time, so answers leave in the order of the requests.
struct Connection {
  Connection(int socket, Guard::Limits limits, std::string from) : fd(::dup(socket)), guard(limits), client(std::move(from)) {}
  ~Connection() {
    if (fd >= 0) ::close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const int fd;
  Guard guard;  // used by the event thread only
  const std::string client;
  std::mutex mutex;
  std::deque<Request> waiting;
  bool busy = false;
  std::optional<Guard::Refusal> refusal;  // answered after what came before it
};
using ConnectionPtr = std::shared_ptr<Connection>;  // shared by the event loop and the worker that answers

/// Threads that answer requests, and the connections that wait for one.
class Workers {
 public:
  Workers(const ServerOptions& options, const Handler& handler) : options_(options), handler_(handler) {
    for (int i = 0; i < options.workers; ++i) threads_.emplace_back([this] { run(); });
  }
  /// False when the queue is full.
  bool submit(ConnectionPtr connection) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || queue_.size() >= options_.queue) return false;
      queue_.push_back(std::move(connection));
    }
    wake_.notify_one();
    return true;
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    threads_.clear();  // joins: what is queued is answered first
  }

 private:
  void run() {
    while (true) {
      ConnectionPtr connection;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        connection = std::move(queue_.front());
        queue_.pop_front();
      }
      serve(*connection);
    }
  }

  void serve(Connection& connection) {
    while (true) {
      Request request;
      {
        const std::lock_guard lock(connection.mutex);
        if (connection.waiting.empty()) {
          connection.busy = false;
          if (!connection.refusal) return;
          write_refusal(connection.fd, *connection.refusal);
          ::shutdown(connection.fd, SHUT_RDWR);
          return;
        }
        request = std::move(connection.waiting.front());
        connection.waiting.pop_front();
      }
      const Response response = handler_(request);  // a copy: the handler may take it apart
      if (!write_response(connection.fd, request, response, options_.send_deadline) || !request.keep_alive) {
        ::shutdown(connection.fd, SHUT_RDWR);
        const std::lock_guard lock(connection.mutex);
        connection.waiting.clear();
        return;  // stays busy: nothing more is served on it
      }
    }
  }

  const ServerOptions& options_;
  const Handler& handler_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<ConnectionPtr> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

constexpr const char* kConnection = "gridward";
constexpr std::size_t kMaxPipelined = 64;

/// The framework's handler. It hands bytes to the guard; the framework's own parser and writer are not used: they lose
/// and misdeliver answers (ARCHITECTURE.md, "HTTP").
class Entry : public Pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(Entry)
  Entry(const ServerOptions& options, Workers& workers) : options_(&options), workers_(&workers) {}

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}

 private:
  void onInput(const char* bytes, std::size_t length, const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    auto connection = std::static_pointer_cast<Connection>(peer->tryGetData(kConnection));
    if (!connection) {
      connection = std::make_shared<Connection>(peer->fd(), options_->limits, peer->address().host());
      peer->putData(kConnection, connection);
    }
    peer->setIdle(true);         // so that the framework never answers 408 itself
    getParser(peer)->reset();    // restarts its keep-alive clock
    Connection& c = *connection;
    if (c.guard.refusal()) return;
    c.guard.feed({bytes, length});
    bool submit = false;
    {
      const std::lock_guard lock(c.mutex);
      while (auto request = c.guard.next()) {
        request->client = c.client;
        c.waiting.push_back(std::move(*request));
      }
      c.refusal = c.guard.refusal();
      if (c.waiting.size() > kMaxPipelined) {
        ::shutdown(c.fd, SHUT_RDWR);
        return;
      }
      submit = !c.busy && (!c.waiting.empty() || c.refusal);
      if (submit) c.busy = true;
    }
    if (c.guard.take_continue()) (void)::send(c.fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (submit && !workers_->submit(connection)) {
      write_refusal(c.fd, {503, "The server is busy: try again in a second."});
      ::shutdown(c.fd, SHUT_RDWR);
    }
  }

  const ServerOptions* options_;
  Workers* workers_;
};

}  // namespace

struct Server::Impl {
  Impl(ServerOptions o, Handler h) : options(std::move(o)), handler(std::move(h)), workers(options, handler),
    endpoint(Pistache::Address(options.address, Pistache::Port(options.port))) {}
  ServerOptions options;
  Handler handler;
  Workers workers;
  Pistache::Http::Endpoint endpoint;
  bool running = false;
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

Server::~Server() { stop(); }

void Server::start() {
  using namespace std::chrono_literals;
  const auto flags = Pistache::Flags<Pistache::Tcp::Options>(Pistache::Tcp::Options::ReuseAddr) | Pistache::Tcp::Options::NoDelay |
                     Pistache::Tcp::Options::CloseOnExec;
  impl_->endpoint.init(Pistache::Http::Endpoint::options().threads(impl_->options.event_threads).flags(flags)
                           .headerTimeout(1h).bodyTimeout(1h).keepaliveTimeout(75s));
  impl_->endpoint.setHandler(std::make_shared<Entry>(impl_->options, impl_->workers));
  impl_->endpoint.serveThreaded();
  impl_->running = true;
}

std::uint16_t Server::port() const { return impl_->endpoint.getPort(); }

void Server::stop() {
  if (impl_->running) {
    impl_->running = false;
    impl_->endpoint.shutdown();
  }
  impl_->workers.stop();
}

}  // namespace gridward::http
