#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace gridward {

/// Calls work(first, last) for the blocks of [0, n), from this thread and as many others as `threads` says (0: as the machine has). Returns when all have ended. What one of
/// them throws is thrown here then: the others begin no further block.
template <class Work>
void in_blocks(std::size_t n, std::size_t block, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr thrown;
  std::mutex guards_thrown;
  const auto run = [&] {
    try {
      for (std::size_t first = next.fetch_add(block); first < n; first = next.fetch_add(block)) work(first, std::min(n, first + block));
    } catch (...) {
      next = n;
      const std::scoped_lock lock(guards_thrown);
      if (!thrown) thrown = std::current_exception();
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads && i * block < n; ++i) others.emplace_back(run);
    run();
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace gridward
