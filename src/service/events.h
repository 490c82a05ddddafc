#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "service/scope.h"
#include "service/stamps.h"
#include "service/write.h"
#include "storage/database.h"

namespace gridward::service {

/// The kinds of events, as they are called in SQL: hazard, inspection, patrol, accident.
using EventKind = const char*;

/// Which events. Texts are empty where nothing was asked.
struct EventFilter {
  RecordsAsked records;
  std::vector<std::pair<std::string, std::string>> conditions;  // of events_list (06_event_read.sql) and their values, beside the window
  std::string after;  // "day~id", as Page::next
  int limit = 100;
};

/// Events by day and id as JSON documents: exactly those that a figure of the same window and mode counts.
Result<Page> list_events(storage::Pool& pool, const Principal& who, EventKind kind, const EventFilter& filter);
/// One event as known now; found by its id, in whatever district of the caller's it is.
Result<std::string> get_event(storage::Pool& pool, const Principal& who, EventKind kind, const std::string& id);

/// Records an event from the client's body, which the contract has found in order. Its place must be in the caller's area;
/// an inspection needs an officer whose enforcement certificate is valid on its day.
struct NewEvent {
  EventKind kind;
  std::int64_t district = 0;
  std::string id;
  std::string body;                 // as the client sent it
  std::optional<EventPlace> place;  // where it names no enterprise and has a point and a day
};
Result<Written> record_event(storage::Pool& pool, Stamps& stamps, const Deed& deed, const NewEvent& event);
/// Corrects an event of the version that the caller has seen ("*": any). It must be in the caller's area before and after.
Result<Written> correct_event(storage::Pool& pool, const Deed& deed, EventKind kind, const std::string& id, const std::string& version, const std::string& body);
/// Withdraws an event that was entered by mistake.
Result<Written> withdraw_event(storage::Pool& pool, const Deed& deed, EventKind kind, const std::string& id, const std::string& version, const std::string& reason);

/// An event as known now, as a JSON document; "" when it was withdrawn.
std::string event_document(storage::Tx& tx, EventKind kind, std::int64_t district, const std::string& id);
/// The district of an event that the caller may see, or an error.
Result<std::int64_t> reachable_event(storage::Tx& tx, const Principal& who, EventKind kind, const std::string& id);

}  // namespace gridward::service
