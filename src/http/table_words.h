#pragma once

#include "geo/write_file.h"

namespace gridward::http {

/// A table for people who read Chinese: its heads, and the values of the contract's own in it, in the words of the page; what has no word stays as it is.
void tell_in_chinese(geo::Table& table);

}  // namespace gridward::http
