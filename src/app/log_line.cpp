#include "app/log_line.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace gridward::app {
namespace {

constexpr std::chrono::seconds kSlow{1};
constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};

double milliseconds(std::chrono::nanoseconds took) { return std::chrono::duration<double, std::milli>(took).count(); }

/// A target as it may be logged: tokens stay out of logs.
std::string without_key(std::string_view target) {
  const auto at = target.find("key=");
  return at == std::string_view::npos ? std::string(target) : std::string(target.substr(0, at)) + "key=***";
}

std::string text(std::string_view view) { return std::string(view); }

const char* said(seen::Cause cause) {
  constexpr const char* causes[] = {"its client left", "its deadline passed", "the database's own limit passed"};
  return causes[static_cast<std::size_t>(cause)];
}

/// What a request, a transaction or the server itself did wrong is loud; what callers do is not.
struct ToLevel {
  Level operator()(const seen::Listening&) const { return Level::info; }
  Level operator()(const seen::Stopping&) const { return Level::info; }
  Level operator()(const seen::Answered& a) const { return a.status >= 500 || a.took > kSlow ? Level::warning : Level::debug; }
  Level operator()(const seen::Fault&) const { return Level::error; }
  Level operator()(const seen::Malformed&) const { return Level::debug; }
  Level operator()(const seen::TurnedAway&) const { return Level::warning; }
  Level operator()(const seen::Abandoned&) const { return Level::debug; }
  Level operator()(const seen::AnswerLost&) const { return Level::debug; }
  Level operator()(const seen::DatabaseFailed& d) const {
    const std::string_view kind = d.sqlstate.substr(0, 2);
    return !d.foreseen ? Level::error : kind == "08" || kind == "53" || kind == "57" ? Level::warning : Level::debug;
  }
  Level operator()(const seen::Cancelled& c) const { return c.cause == seen::Cause::client_left ? Level::debug : Level::warning; }
  Level operator()(const seen::PoolExhausted&) const { return Level::warning; }
  Level operator()(const seen::HearingChanged& h) const { return h.hears ? Level::info : Level::warning; }
  Level operator()(const seen::VersionHeard&) const { return Level::debug; }
  Level operator()(const seen::Imported&) const { return Level::info; }
  Level operator()(const seen::MapRead&) const { return Level::debug; }
  Level operator()(const seen::Backlog& b) const { return b.outbox_untold > 0 ? Level::warning : Level::debug; }
};

struct ToLine {
  Level level;

  LogLine operator()(const seen::Listening& l) const { return {level, "listening", fmt::format("{} on {}", l.what, l.address), {{"what", text(l.what)}, {"address", text(l.address)}}}; }
  LogLine operator()(const seen::Stopping&) const { return {level, "stopping", "stopping"}; }
  LogLine operator()(const seen::Answered& a) const {
    const std::string target = without_key(a.target);
    return {level, "answered", fmt::format("{} {} {} {:.1f}ms {}", a.method, target, a.status, milliseconds(a.took), a.id),
            {{"method", text(a.method)}, {"route", text(a.route)}, {"target", target}, {"status", std::int64_t{a.status}}, {"ms", milliseconds(a.took)}, {"request", text(a.id)}}};
  }
  LogLine operator()(const seen::Fault& f) const { return {level, "fault", fmt::format("request {} failed: {}", f.request, f.what), {{"request", text(f.request)}, {"what", text(f.what)}}}; }
  LogLine operator()(const seen::Malformed& m) const { return {level, "malformed", fmt::format("what came is no request: {}", m.status), {{"status", std::int64_t{m.status}}}}; }
  LogLine operator()(const seen::TurnedAway& t) const {
    return {level, "turned_away", fmt::format("no worker is free for {}: {}", t.lane, t.late ? "one waited too long" : "too many wait"), {{"lane", text(t.lane)}, {"why", t.late ? "late" : "full"}}};
  }
  LogLine operator()(const seen::Abandoned& a) const { return {level, "abandoned", a.begun ? "a client left while it was answered" : "a client left before it was answered", {{"begun", std::int64_t{a.begun}}}}; }
  LogLine operator()(const seen::AnswerLost&) const { return {level, "answer_lost", "a reader went in the middle of its answer"}; }
  LogLine operator()(const seen::DatabaseFailed& d) const {
    return {level, "database_failed", fmt::format("database ({}): {} {}", d.pool, d.sqlstate, d.what), {{"pool", text(d.pool)}, {"sqlstate", text(d.sqlstate)}, {"what", text(d.what)}}};
  }
  LogLine operator()(const seen::Cancelled& c) const { return {level, "cancelled", fmt::format("database ({}): a transaction was ended, as {}", c.pool, said(c.cause)), {{"pool", text(c.pool)}, {"cause", said(c.cause)}}}; }
  LogLine operator()(const seen::PoolExhausted& p) const { return {level, "pool_exhausted", fmt::format("database ({}): all connections are busy", p.pool), {{"pool", text(p.pool)}}}; }
  LogLine operator()(const seen::HearingChanged& h) const {
    return {level, "hearing", h.hears ? "hears the writes of other servers" : "hears no writes of other servers: nothing is kept until it does", {{"hears", std::int64_t{h.hears}}}};
  }
  LogLine operator()(const seen::VersionHeard&) const { return {level, "version_heard", "heard the write of another server"}; }
  LogLine operator()(const seen::Imported& i) const {
    return {level, "imported", fmt::format("{} {}: {} added, {} changed, {} bad rows, {:.0f}ms {}", i.actor, i.written ? "imported" : i.dry_run ? "tried an import" : "was refused an import", i.added, i.changed, i.bad, milliseconds(i.took), i.request),
            {{"actor", text(i.actor)}, {"written", std::int64_t{i.written}}, {"dry_run", std::int64_t{i.dry_run}}, {"added", i.added}, {"changed", i.changed}, {"bad", i.bad}, {"ms", milliseconds(i.took)}, {"request", text(i.request)}}};
  }
  LogLine operator()(const seen::MapRead& m) const {
    return {level, "map_read", fmt::format("map of district {} read: {} bytes, {:.0f}ms", m.district, m.bytes, milliseconds(m.took)),
            {{"district", m.district}, {"bytes", static_cast<std::int64_t>(m.bytes)}, {"ms", milliseconds(m.took)}}};
  }
  LogLine operator()(const seen::Backlog& b) const {
    return {level, "backlog", fmt::format("{} rows of the outbox wait to be told, {} were put aside as they cannot be (table notice_untold), {} counts wait to be folded", b.outbox_rows, b.outbox_untold, b.pending_counts),
            {{"outbox_rows", b.outbox_rows}, {"outbox_seconds", b.outbox_seconds}, {"outbox_untold", b.outbox_untold}, {"pending_counts", b.pending_counts}}};
  }
};

}  // namespace

Level level_of(const Observation& observation) { return std::visit(ToLevel{}, observation); }

LogLine log_line(const Observation& observation) {
  LogLine line = std::visit(ToLine{level_of(observation)}, observation);
  while (line.sentence.ends_with('\n')) line.sentence.pop_back();
  std::ranges::replace(line.sentence, '\n', ' ');  // PostgreSQL's texts have many; a line is one
  return line;
}

std::string LogLine::json(double time) const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> w(buffer);
  const auto member = [&](const char* name, const std::string& value) {
    w.Key(name);
    w.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
  };
  w.SetMaxDecimalPlaces(3);
  w.StartObject();
  w.Key("time");
  w.Double(time);
  member("level", kLevels[static_cast<std::size_t>(level)]);
  member("event", event);
  member("message", sentence);
  for (const auto& [name, value] : members) {
    if (const auto* s = std::get_if<std::string>(&value)) {
      member(name, *s);
      continue;
    }
    w.Key(name);
    if (const auto* n = std::get_if<std::int64_t>(&value)) w.Int64(*n);
    else w.Double(std::get<double>(value));
  }
  w.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace gridward::app
