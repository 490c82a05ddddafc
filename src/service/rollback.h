#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "storage/database.h"

namespace gridward::service {

/// What `body` finds in a transaction that writes and is rolled back whatever it finds: how something would be if it were done.
template <class T>
Result<T> rolled_back(storage::Pool& pool, const std::function<Result<T>(storage::Tx&)>& body) {
  std::optional<Result<T>> found;
  const auto done = pool.write<int>([&](storage::Tx& tx) -> Result<int> {
    found.reset();
    found.emplace(body(tx));
    return fail(Errc::internal, "rolled back");
  });
  return found ? std::move(*found) : Result<T>(fail(done.error()));
}

}  // namespace gridward::service
