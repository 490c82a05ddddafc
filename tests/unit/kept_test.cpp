#include "service/kept_read.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace gridward::service {
namespace {

TEST(Kept, WhatIsKeptIsMadeOnceAndAVersionThatHasPassedIsLetGo) {
  Kept<int> kept(1000, [](int) { return 1; });
  int made = 0;
  const auto find = [&](std::int64_t version) { return find_or_make<int>(kept, {1, version, ""}, [&] { return Result<int>(++made); }); };
  EXPECT_EQ(**find(1), 1);
  EXPECT_EQ(**find(1), 1);
  EXPECT_EQ(**find(2), 2);
  EXPECT_EQ(kept.state().entries, 1U);
  EXPECT_EQ(kept.state().hits, 1U);
  EXPECT_EQ(kept.state().misses, 2U);
}

TEST(Kept, AnErrorOfTheOneWhoMakesItIsNotThatOfTheOneWhoWaits) {
  Kept<int> kept(1000, [](int) { return 1; });
  std::promise<void> begun, waited;
  std::thread left([&] {
    const auto found = find_or_make<int>(kept, {1, 1, ""}, [&]() -> Result<int> {
      begun.set_value();
      waited.get_future().wait();
      return fail(Errc::timeout, "its client left");
    });
    EXPECT_FALSE(found);
  });
  begun.get_future().wait();
  std::thread waiter([&] {
    const auto found = find_or_make<int>(kept, {1, 1, ""}, [] { return Result<int>(7); });
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(**found, 7);
  });
  while (kept.state().hits == 0) std::this_thread::yield();  // it waits for the other
  waited.set_value();
  left.join();
  waiter.join();
}

}  // namespace
}  // namespace gridward::service
