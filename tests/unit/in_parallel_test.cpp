#include "base/in_parallel.h"

#include <atomic>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace gridward {
namespace {

TEST(InBlocks, DoesEachOnce) {
  std::vector<std::atomic<int>> done(1000);
  in_blocks(done.size(), 7, 4, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) ++done[i];
  });
  for (const auto& n : done) EXPECT_EQ(n, 1);
  in_blocks(0, 1, 4, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(InBlocks, WhatAnyThreadThrowsComesToTheCaller) {
  for (int round = 0; round < 50; ++round) {
    const std::thread::id caller = std::this_thread::get_id();
    std::atomic<bool> other = false;
    try {
      in_blocks(10000, 1, 4, [&](std::size_t i, std::size_t) {
        if (std::this_thread::get_id() == caller) {
          while (!other) std::this_thread::yield();  // so that it is another that throws
          return;
        }
        other = true;
        throw std::runtime_error("block " + std::to_string(i));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& e) {
      EXPECT_EQ(std::string(e.what()).rfind("block ", 0), 0U);
    }
  }
}

}  // namespace
}  // namespace gridward
