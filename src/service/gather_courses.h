#pragma once

#include "service/courses.h"
#include "service/figure_sums.h"

namespace gridward::service {

/// Adds how long the hazards found in the window took to be closed, up to `end`: from the book of courses and what is not folded yet, or from the events as
/// known at an instant.
void gather_courses(storage::Tx& tx, CourseBooks& books, const Gathering& what, Day end, Views views);

}  // namespace gridward::service
