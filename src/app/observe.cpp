#include "app/observe.h"

#include <chrono>
#include <cstdio>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "app/log_line.h"

namespace gridward::app {
namespace {

constexpr std::size_t kMostLines = 8192;

spdlog::level::level_enum to_spdlog(Level level) {
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  return levels[static_cast<std::size_t>(level)];
}

double seconds_since_1970() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

struct Log::Queue {
  std::shared_ptr<spdlog::details::thread_pool> pool = std::make_shared<spdlog::details::thread_pool>(kMostLines, 1);  // shared, as spdlog wants
};

Log::Log(const LogConfig& config) : json_(config.json), queue_(std::make_unique<Queue>()) {
  auto sink = std::make_shared<spdlog::sinks::stdout_color_sink_mt>();
  logger_ = std::make_shared<spdlog::async_logger>("gridward", std::move(sink), queue_->pool, spdlog::async_overflow_policy::overrun_oldest);
  logger_->set_pattern(json_ ? "%v" : "[%Y-%m-%d %H:%M:%S.%e] [%^%l%$] %v");
  logger_->set_level(spdlog::level::from_str(config.level));
  logger_->flush_on(spdlog::level::debug);
}

Log::~Log() { queue_.reset(); }  // its thread writes what it has and ends, before the logger that it writes through

void Log::operator()(const Observation& observation) {
  const auto level = to_spdlog(level_of(observation));
  if (!logger_->should_log(level)) return;
  const LogLine line = log_line(observation);
  logger_->log(level, "{}", json_ ? line.json(seconds_since_1970()) : line.sentence);
}

Observer complain() {
  return [](const Observation& observation) {
    if (level_of(observation) == Level::error) std::fprintf(stderr, "gridward: %s\n", log_line(observation).sentence.c_str());
  };
}

}  // namespace gridward::app
