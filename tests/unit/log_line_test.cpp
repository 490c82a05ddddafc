#include "app/log_line.h"

#include <gmock/gmock.h>

namespace gridward::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

seen::Answered answered(int status, std::chrono::nanoseconds took) { return {"GET", "/api/v1/cells", "/api/v1/cells?level=town&key=hush&at=2024-01-01", "a-1", status, took}; }

TEST(LogLine, TokensStayOutOfIt) {
  const LogLine line = log_line(answered(200, 3ms));
  EXPECT_THAT(line.sentence, testing::AllOf(HasSubstr("GET /api/v1/cells?level=town&key=*** 200 3.0ms a-1"), Not(HasSubstr("hush"))));
  EXPECT_THAT(line.json(0), testing::AllOf(HasSubstr(R"("route":"/api/v1/cells")"), HasSubstr(R"("status":200)"), Not(HasSubstr("hush"))));
}

TEST(LogLine, WhatTheServerDoesWrongIsLoud) {
  EXPECT_EQ(level_of(answered(200, 3ms)), Level::debug);
  EXPECT_EQ(level_of(answered(404, 3ms)), Level::debug);
  EXPECT_EQ(level_of(answered(200, 1001ms)), Level::warning);
  EXPECT_EQ(level_of(answered(503, 3ms)), Level::warning);
  EXPECT_EQ(level_of(seen::DatabaseFailed{"reads", "23505", "exists"}), Level::debug);
  EXPECT_EQ(level_of(seen::DatabaseFailed{"reads", "08006", "gone"}), Level::warning);
  EXPECT_EQ(level_of(seen::DatabaseFailed{"reads", "42P01", "no table", false}), Level::error);
  EXPECT_EQ(level_of(seen::Cancelled{"reads", seen::Cause::client_left}), Level::debug);
  EXPECT_EQ(level_of(seen::Cancelled{"reads", seen::Cause::deadline}), Level::warning);
}

TEST(LogLine, IsOneLineWhateverTheDatabaseSays) {
  const LogLine line = log_line(seen::DatabaseFailed{"writes", "53100", "ERROR:  could not extend file\nHINT:  Check \"free\" disk space.\n"});
  EXPECT_EQ(line.sentence, "database (writes): 53100 ERROR:  could not extend file HINT:  Check \"free\" disk space.");
  EXPECT_EQ(line.json(1.5).find('\n'), std::string::npos);
  EXPECT_THAT(line.json(1.5), testing::AllOf(testing::StartsWith(R"({"time":1.5,"level":"warning","event":"database_failed","message":"database)"), HasSubstr(R"(Check \"free\" disk)")));
}

}  // namespace
}  // namespace gridward::app
