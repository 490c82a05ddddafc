#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/observe.h"

namespace gridward::app {

/// Counts what happened, and tells it with the state of things when asked, in the text format of Prometheus.
class Metrics {
 public:
  enum class Kind { gauge, counter };
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void operator()(const Observation& observation);
  /// A number that is looked up whenever the metrics are asked, on the thread that asks: it may not wait. Called before the first text().
  void watch(const std::string& name, const std::string& help, const Labels& labels, std::function<double()> value, Kind kind = Kind::gauge);
  [[nodiscard]] std::string text();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What this binary is, and what the kernel says of the process: memory, descriptors, threads, processor time, when it began.
void watch_process(Metrics& metrics);

}  // namespace gridward::app
