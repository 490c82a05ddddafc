#include "http/guard.h"

#include <gtest/gtest.h>

namespace gridward::http {
namespace {

const std::string kTwo =
    "POST /api/v1/cells/%E7%BD%91?q=%E6%A0%BC+1&q=2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbodyGET /b HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Guard, GivesTheSameRequestsWhereverThePacketsSplit) {
  for (std::size_t split = 0; split <= kTwo.size(); ++split) {
    Guard guard({});
    std::vector<Request> got;
    for (const auto& part : {kTwo.substr(0, split), kTwo.substr(split)}) {
      guard.feed(part);
      while (auto r = guard.next()) got.push_back(*r);
    }
    ASSERT_EQ(got.size(), 2U) << split;
    EXPECT_EQ(got[0].segments.back(), "网");
    EXPECT_EQ(got[0].query, (Pairs{{"q", "格 1"}, {"q", "2"}}));
    EXPECT_EQ(got[0].body, "body");
    EXPECT_EQ(got[1].method, "GET");
  }
}

TEST(Guard, RefusesWhatCanBeReadInTwoWays) {
  const std::pair<const char*, int> rows[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"nonsense\r\n\r\n", 400},
  };
  for (const auto& [bytes, status] : rows) {
    Guard guard({});
    guard.feed(bytes);
    EXPECT_FALSE(guard.next());
    ASSERT_TRUE(guard.refusal()) << bytes;
    EXPECT_EQ(guard.refusal()->status, status) << bytes;
  }
}

TEST(Guard, TakesTheOtherFormsOfAnAddress) {
  const std::pair<const char*, const char*> rows[] = {
      {"GET http://a.example/b?c=d HTTP/1.1", "/b?c=d"}, {"GET http://a.example HTTP/1.1", "/"}, {"GET https://a?c HTTP/1.1", "/?c"}, {"OPTIONS * HTTP/1.1", "*"}};
  for (const auto& [line, target] : rows) {
    Guard guard({});
    guard.feed(std::string(line) + "\r\nHost: a\r\n\r\n");
    const auto request = guard.next();
    ASSERT_TRUE(request) << line;
    EXPECT_EQ(request->target, target);
  }
  for (const char* line : {"GET * HTTP/1.1", "GET a HTTP/1.1", "GET a://b HTTP/1.1 HTTP/1.1"}) {
    Guard guard({});
    guard.feed(std::string(line) + "\r\nHost: a\r\n\r\n");
    EXPECT_FALSE(guard.next()) << line;
  }
}

TEST(Guard, BoundsTheHead) {
  Guard guard({});
  guard.feed("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x'));
  EXPECT_FALSE(guard.next());
  ASSERT_TRUE(guard.refusal());
  EXPECT_EQ(guard.refusal()->status, 431);
}

}  // namespace
}  // namespace gridward::http
