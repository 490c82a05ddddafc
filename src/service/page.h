#pragma once

#include <string>
#include <vector>

#include "storage/database.h"

namespace gridward::service {

/// A page of JSON documents, and the key after which the next begins (empty: none).
struct Page {
  std::vector<std::string> items;
  std::string next;
};

/// The page that rows of (id, doc) make; a full one (`limit` rows) has a next.
[[nodiscard]] Page to_page(const storage::Rows& rows, int limit);

}  // namespace gridward::service
