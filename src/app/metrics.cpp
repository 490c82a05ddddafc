#include "app/metrics.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <shared_mutex>
#include <tuple>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace gridward::app {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

double seconds(std::chrono::nanoseconds took) { return std::chrono::duration<double>(took).count(); }

const Histogram::BucketBoundaries& buckets() {
  static const Histogram::BucketBoundaries all{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return all;
}

/// Numbers that are looked up when they are asked.
class Watched {
 public:
  void add(const std::string& name, const std::string& help, const Metrics::Labels& labels, std::function<double()> value, Metrics::Kind kind) {
    auto family = std::ranges::find(families_, name, &Family::name);
    if (family == families_.end()) family = families_.insert(family, {name, help, kind, {}});
    family->numbers.push_back({{labels.begin(), labels.end()}, std::move(value)});
  }

  [[nodiscard]] std::vector<prometheus::MetricFamily> collect() const {
    std::vector<prometheus::MetricFamily> out;
    for (const Family& family : families_) {
      const bool counts = family.kind == Metrics::Kind::counter;
      prometheus::MetricFamily& told = out.emplace_back(prometheus::MetricFamily{family.name, family.help, counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge, {}});
      for (const Number& number : family.numbers) {
        prometheus::ClientMetric& metric = told.metric.emplace_back();
        for (const auto& [name, value] : number.labels) metric.label.push_back({name, value});
        (counts ? metric.counter.value : metric.gauge.value) = number.value();
      }
    }
    return out;
  }

 private:
  struct Number {
    std::vector<std::pair<std::string, std::string>> labels;
    std::function<double()> value;
  };
  struct Family {
    std::string name, help;
    Metrics::Kind kind;
    std::vector<Number> numbers;
  };
  std::vector<Family> families_;
};

}  // namespace

struct Metrics::Impl {
  using Answers = std::tuple<std::string, std::string, int>;  // method, route, status
  using Asked = std::tuple<std::string_view, std::string_view, int>;
  struct InOrder {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return Asked(a) < Asked(b);
    }
  };
  struct Counted {
    Counter* answers;
    Histogram* seconds;  // of the same method and route, whatever the status
  };

  prometheus::Family<Counter>& counters(const char* name, const char* help) { return prometheus::BuildCounter().Name(name).Help(help).Register(registry); }
  Counter& counter(const char* name, const char* help) { return counters(name, help).Add({}); }
  Gauge& gauge(const char* name, const char* help) { return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({}); }

  /// Made when it is first counted. There are as many as routes, methods and the few statuses that they have.
  Counted counted(const seen::Answered& a) {
    const Asked key(a.method, a.route, a.status);
    {
      const std::shared_lock lock(mutex);
      if (const auto known = answers.find(key); known != answers.end()) return known->second;
    }
    const std::string method(a.method), route(a.route);
    const Counted made{&requests.Add({{"method", method}, {"route", route}, {"status", std::to_string(a.status)}}), &durations.Add({{"method", method}, {"route", route}}, buckets())};
    const std::unique_lock lock(mutex);
    return answers.emplace(Answers{method, route, a.status}, made).first->second;
  }

  void operator()(const seen::Listening&) {}
  void operator()(const seen::Stopping&) { stopping.Set(1); }
  void operator()(const seen::Answered& a) {
    const Counted c = counted(a);
    c.answers->Increment();
    c.seconds->Observe(seconds(a.took));
    if (a.source != seen::Source::uncached) cache[static_cast<std::size_t>(a.source)]->Increment();
  }
  void operator()(const seen::Fault&) { faults.Increment(); }
  void operator()(const seen::Malformed& m) { malformed.Add({{"status", std::to_string(m.status)}}).Increment(); }
  void operator()(const seen::TurnedAway& t) { turned_away.Add({{"lane", std::string(t.lane)}, {"why", t.late ? "late" : "full"}}).Increment(); }
  void operator()(const seen::Abandoned& a) { abandoned[a.begun ? 1 : 0]->Increment(); }
  void operator()(const seen::AnswerLost&) { lost.Increment(); }
  void operator()(const seen::DatabaseFailed& d) {
    if (d.sqlstate == "08006") broken.Add({{"pool", std::string(d.pool)}}).Increment();
    errors.Add({{"pool", std::string(d.pool)}, {"class", std::string(d.sqlstate.substr(0, 2))}}).Increment();
  }
  void operator()(const seen::Cancelled& c) {
    constexpr const char* causes[] = {"client_left", "deadline", "statement_timeout"};
    cancelled.Add({{"pool", std::string(c.pool)}, {"cause", causes[static_cast<std::size_t>(c.cause)]}}).Increment();
  }
  void operator()(const seen::PoolExhausted& p) { exhausted.Add({{"pool", std::string(p.pool)}}).Increment(); }
  void operator()(const seen::HearingChanged& h) { hears.Set(h.hears ? 1 : 0); }
  void operator()(const seen::VersionHeard&) { heard.Increment(); }
  void operator()(const seen::Imported& i) {
    imports.Add({{"outcome", i.written ? "written" : i.dry_run ? "dry_run" : "refused"}}).Increment();
    for (const auto& [what, n] : {std::pair{"added", i.added}, {"changed", i.changed}, {"bad", i.bad}}) imported.Add({{"rows", what}}).Increment(static_cast<double>(n));
  }
  void operator()(const seen::MapRead& m) { maps.Observe(seconds(m.took)); }
  void operator()(const seen::Backlog& b) {
    outbox_rows.Set(static_cast<double>(b.outbox_rows));
    outbox_seconds.Set(b.outbox_seconds);
    pending.Set(static_cast<double>(b.pending_counts));
    untold.Set(static_cast<double>(b.outbox_untold));
  }

  prometheus::Registry registry;
  std::shared_mutex mutex;
  std::map<Answers, Counted, InOrder> answers;
  prometheus::Family<Counter>& requests = counters("gridward_http_requests_total", "Answers, by method, pattern of the contract and status.");
  prometheus::Family<Histogram>& durations = prometheus::BuildHistogram().Name("gridward_http_request_seconds").Help("From a whole request to its whole answer, before it is sent.").Register(registry);
  prometheus::Family<Counter>& asked = counters("gridward_cache_requests_total", "Requests for what can be kept: answered from the cache, not changed since the client got it (304), made anew.");
  Counter* cache[3] = {&asked.Add({{"result", "hit"}}), &asked.Add({{"result", "unchanged"}}), &asked.Add({{"result", "miss"}})};
  Counter& faults = counter("gridward_http_faults_total", "Requests that ended in an exception that nobody foresaw.");
  prometheus::Family<Counter>& malformed = counters("gridward_http_malformed_total", "Connections that were ended since what came is no request, by status.");
  prometheus::Family<Counter>& turned_away = counters("gridward_lane_turned_away_total", "Requests answered 503 since no worker was free: too many waited (full), or it waited too long (late).");
  prometheus::Family<Counter>& leavers = counters("gridward_http_abandoned_total", "Requests whose client left before a worker was at it (waiting) or after (answering).");
  Counter* abandoned[2] = {&leavers.Add({{"stage", "waiting"}}), &leavers.Add({{"stage", "answering"}})};
  Counter& lost = counter("gridward_http_answers_lost_total", "Answers whose reader went, or took nothing for too long.");
  prometheus::Family<Counter>& errors = counters("gridward_database_errors_total", "Transactions that failed, by class of SQLSTATE; GR are our own rules.");
  prometheus::Family<Counter>& broken = counters("gridward_pool_broken_total", "Connections that broke or could not be made.");
  prometheus::Family<Counter>& cancelled = counters("gridward_database_cancelled_total", "Transactions that were ended before they were done.");
  prometheus::Family<Counter>& exhausted = counters("gridward_pool_exhausted_total", "Requests for which no connection became free in time.");
  Gauge& hears = gauge("gridward_hears", "1 while the writes of other servers are heard of.");
  Counter& heard = counter("gridward_versions_heard_total", "Writes of other servers that were heard of.");
  prometheus::Family<Counter>& imports = counters("gridward_imports_total", "Imports over REST.");
  prometheus::Family<Counter>& imported = counters("gridward_imported_rows_total", "Rows of these.");
  Histogram& maps = prometheus::BuildHistogram().Name("gridward_map_read_seconds").Help("Maps read into memory.").Register(registry).Add({}, buckets());
  Gauge& outbox_rows = gauge("gridward_outbox_rows", "Rows of the outbox that are not numbered yet, so that nobody was told of them.");
  Gauge& outbox_seconds = gauge("gridward_outbox_lag_seconds", "How long the first of them has waited.");
  Gauge& untold = gauge("gridward_outbox_untold", "Rows of the outbox that were put aside, as nobody can be told of them (notice_untold says why).");
  Gauge& pending = gauge("gridward_pending_counts", "Events whose counts are not folded yet.");
  Gauge& stopping = gauge("gridward_stopping", "1 once the server was told to end.");
  Watched watched;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::operator()(const Observation& observation) { std::visit(*impl_, observation); }

void Metrics::watch(const std::string& name, const std::string& help, const Labels& labels, std::function<double()> value, Kind kind) {
  impl_->watched.add(name, help, labels, std::move(value), kind);
}

std::string Metrics::text() {
  auto families = impl_->registry.Collect();
  std::ranges::move(impl_->watched.collect(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace gridward::app
