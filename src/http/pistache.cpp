#include "http/pistache.h"

#include <chrono>
#include <utility>

#include <pistache/endpoint.h>
#include <pistache/peer.h>

/// In place of the framework's own, which may overlook a client: its queue is silenced after it was found empty, and whoever came in
/// between waits until the next comes. The library calls it by its dynamic symbol, and so finds this one (tests/arch).
void Pistache::Tcp::Transport::handlePeerQueue() {
  do {
    while (const auto entry = peersQueue.popSafe()) handlePeer(entry->peer);
  } while (!peersQueue.empty());
}

namespace gridward::http {
namespace {

constexpr const char* kConnection = "gridward";
constexpr std::chrono::hours kNever{24 * 365 * 10};  // our own idle watch knows what is being answered

/// What the framework keeps of a connection for us: our share in it, which we give up ourselves, on the thread that read from it. (The library
/// would do so when it forgets the client; how it counts shares is hidden from ThreadSanitizer, as it is not built with it.)
struct Share {
  ConnectionPtr connection;
};

/// The framework's handler. It hands bytes to the scheduler; the framework's own parser and writer are not used: they lose
/// and misdeliver answers (ARCHITECTURE.md, "HTTP").
class Entry : public Pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(Entry)
  Entry(const ServerOptions& options, Scheduler& scheduler) : options_(&options), scheduler_(&scheduler) {}

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}

 private:
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    peer->putData(ParserData, std::make_shared<Pistache::Http::RequestParser>(0));  // the framework looks at its clock
    peer->setIdle(true);                                                           // so that the framework never answers 408 itself
    const auto connection = std::make_shared<Connection>(peer->fd(), options_->requests, peer->address().host());
    peer->putData(kConnection, std::make_shared<Share>(Share{connection}));
    scheduler_->welcome(connection);
  }

  void onInput(const char* bytes, std::size_t length, const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    if (const ConnectionPtr connection = share(peer).connection) scheduler_->receive(connection, {bytes, length});
  }

  void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    if (const ConnectionPtr connection = std::exchange(share(peer).connection, nullptr)) connection->left.request_stop();
  }

  static Share& share(const std::shared_ptr<Pistache::Tcp::Peer>& peer) { return *std::static_pointer_cast<Share>(peer->getData(kConnection)); }

  const ServerOptions* options_;
  Scheduler* scheduler_;
};

}  // namespace

struct Server::Impl {
  Impl(ServerOptions o, Handlers handlers)
      : options(std::move(o)), scheduler(options.answers, std::move(handlers)), endpoint(Pistache::Address(options.address, Pistache::Port(options.port))) {}
  ServerOptions options;
  Scheduler scheduler;
  Pistache::Http::Endpoint endpoint;
  bool running = false;
};

Server::Server(ServerOptions options, Handlers handlers) : impl_(std::make_unique<Impl>(std::move(options), std::move(handlers))) {}

Server::~Server() { stop(); }

void Server::start() {
  const auto flags = Pistache::Flags<Pistache::Tcp::Options>(Pistache::Tcp::Options::ReuseAddr) | Pistache::Tcp::Options::NoDelay |
                     Pistache::Tcp::Options::CloseOnExec;
  impl_->endpoint.init(Pistache::Http::Endpoint::options().threads(impl_->options.event_threads).flags(flags)
                           .headerTimeout(kNever).bodyTimeout(kNever).keepaliveTimeout(kNever));
  impl_->endpoint.setHandler(std::make_shared<Entry>(impl_->options, impl_->scheduler));
  impl_->endpoint.serveThreaded();
  impl_->running = true;
}

std::uint16_t Server::port() const { return impl_->endpoint.getPort(); }

Scheduler::State Server::state() { return impl_->scheduler.state(); }

void Server::stop() {
  if (impl_->running) {
    impl_->running = false;
    impl_->endpoint.shutdown();
  }
  impl_->scheduler.stop();
}

}  // namespace gridward::http
