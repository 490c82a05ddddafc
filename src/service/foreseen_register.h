#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/roster.h"
#include "service/map_cells.h"
#include "service/plan_loads.h"
#include "storage/database.h"

namespace gridward::service {

/// What the register of a district would be after a plan, on its day: all but what follows of single events, so that it holds while nothing else is written.
struct ForeseenRegister {
  MapCells::Ptr cells;                                   // after it, and after what is scheduled before it
  std::vector<std::int64_t> named;                       // cells and enterprises that it changes
  std::unordered_map<std::int64_t, Enterprise> changed;  // enterprises, as they would be; neither exemptions nor visits
  HeldPosts held;                                        // who visits then
  bool places_events = false;                            // events may stand in another cell then: what becomes of them is found by carrying it out
  std::string problems;                                  // a JSON array; what is told is of what could be carried out
  std::string effects;                                   // a JSON object: enterprises and posts
};
using ForeseenRegisterPtr = std::shared_ptr<const ForeseenRegister>;  // shared with what is foreseen of events, and the requests that use it

/// Reads it in a transaction in which the plan has just been carried out, with the problems that were told then.
ForeseenRegister read_foreseen_register(storage::Tx& tx, const District& district, const std::string& plan, Day day, std::string problems);

/// Who holds the posts of a district that visit enterprises, on a day.
HeldPosts read_posts(storage::Tx& tx, std::int64_t district, Day day);

std::size_t bytes_of(const std::unordered_map<std::int64_t, Enterprise>& changed);
std::size_t bytes_of(const ForeseenRegister& foreseen);

}  // namespace gridward::service
