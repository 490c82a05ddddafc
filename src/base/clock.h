#pragma once

#include <chrono>
#include <functional>

namespace gridward {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// Where "now" comes from; passed in so that a test can set it.
using Clock = std::function<Instant()>;

}  // namespace gridward
