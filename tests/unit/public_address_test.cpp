#include "http/public_address.h"

#include <gtest/gtest.h>

namespace gridward::http {
namespace {

Request asked(Pairs headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(PublicAddress, is_the_set_one_whatever_a_request_says) {
  const PublicAddress set{"https://map.example.cn/grid", true};
  EXPECT_EQ(set.base(asked({{"host", "evil.example"}, {"x-forwarded-host", "evil.example"}})), "https://map.example.cn/grid");
  EXPECT_EQ(set.base(asked({})), "https://map.example.cn/grid");
}

TEST(PublicAddress, is_the_host_of_the_request_where_none_is_set) {
  const PublicAddress none;
  EXPECT_EQ(none.base(asked({{"host", "127.0.0.1:8080"}})), "http://127.0.0.1:8080");
  EXPECT_EQ(none.base(asked({{"host", "[::1]:8080"}})), "http://[::1]:8080");
  EXPECT_EQ(none.base(asked({{"host", "map"}, {"x-forwarded-host", "evil.example"}, {"x-forwarded-proto", "https"}})), "http://map") << "anyone can say this";
  EXPECT_EQ(none.base(asked({})), "");
}

TEST(PublicAddress, is_what_a_trusted_proxy_says) {
  const PublicAddress trusted{"", true};
  EXPECT_EQ(trusted.base(asked({{"host", "127.0.0.1:8080"}, {"x-forwarded-host", "map.example.cn"}, {"x-forwarded-proto", "https"}})), "https://map.example.cn");
  EXPECT_EQ(trusted.base(asked({{"host", "map.example.cn"}, {"x-forwarded-proto", "https"}})), "https://map.example.cn");
  EXPECT_EQ(trusted.base(asked({{"host", "a"}, {"x-forwarded-host", "map.example.cn , inner"}, {"x-forwarded-proto", "https,http"}})), "https://map.example.cn") << "the outermost of a chain";
  EXPECT_EQ(trusted.base(asked({{"host", "a"}, {"x-forwarded-host", "b/c?d"}, {"x-forwarded-proto", "javascript"}})), "http://a");
}

TEST(PublicAddress, nothing_but_a_host_passes_for_one) {
  for (const char* host : {"a", "map.example.cn", "map.example.cn:8443", "127.0.0.1", "[::1]", "[2001:db8::7]:80", "xn--fiqs8s"}) EXPECT_TRUE(is_host(host)) << host;
  for (const char* host : {"", ":80", "a:", "a:b", "a:123456", "a/b", "a b", "a\"b", "a@b", "<a>", "a?b", "a#b", "[]", "[::1", "[::1]x", "[g]", "a\r\nb", "中.cn"}) EXPECT_FALSE(is_host(host)) << host;
  EXPECT_FALSE(is_host(std::string(260, 'a')));
}

}  // namespace
}  // namespace gridward::http
