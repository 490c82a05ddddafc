#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// The people of a district, by id. Whole phone numbers only with `phones` (see note_phones).
Result<Page> list_people(storage::Pool& pool, const Principal& who, std::int64_t district, const std::string& q, std::int64_t after, int limit, bool phones);
/// Writes a person (id 0: a new one). For coordinators of the district as a whole.
Result<Written> write_person(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body);

struct AssignmentFilter {
  std::int64_t district = 0;
  std::string cell;
  std::int64_t person = 0;
  std::string at;      // a day; empty: all, with `within` today
  std::string within;  // a cell and all below it
  std::string as_of;   // the day of the map that says what lies within; empty: that of `at`
  std::string posts;   // with commas; empty: any
  std::string known_at;
  std::int64_t after = 0;
  int limit = 100;
};
/// Who holds, held or will hold which post, by id.
Result<Page> list_assignments(storage::Pool& pool, const Principal& who, const AssignmentFilter& filter);
/// Gives a post of a cell in the caller's area.
Result<Written> create_assignment(storage::Pool& pool, const Deed& deed, const std::string& cell, const std::string& from, const std::string& body);
/// Ends an assignment on a day.
Result<Written> end_assignment(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& to, const std::string& reason);

}  // namespace gridward::service
