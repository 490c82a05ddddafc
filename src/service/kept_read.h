#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <utility>

#include "base/result.h"
#include "service/kept.h"
#include "storage/database.h"

namespace gridward::service {

/// What is kept under a key, or made by `make`; an error is kept for nobody, and told to nobody else: whoever waited for it tries for himself, as it may only be that the
/// other's client had left.
template <class Value>
Result<std::shared_ptr<const Value>> find_or_make(Kept<Value>& kept, const KeptKey& key, const std::function<Result<Value>()>& make) {
  struct Refused : std::exception {  // an error on its way out of a Kept, which knows exceptions only
    explicit Refused(Error e) : error(std::move(e)) {}
    Error error;
  };
  try {
    return kept.find(key, [&] {
      auto made = make();
      if (!made) throw Refused(made.error());
      return std::make_shared<const Value>(std::move(*made));
    });
  } catch (const Refused& refused) {
    return fail(refused.error);
  }
}

/// The same, made in a transaction of its own.
template <class Value>
Result<std::shared_ptr<const Value>> find_or_read(Kept<Value>& kept, const KeptKey& key, storage::Pool& pool, const std::function<Result<Value>(storage::Tx&)>& read) {
  return find_or_make<Value>(kept, key, [&] { return pool.read<Value>(read); });
}

}  // namespace gridward::service
