#include "app/config.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

namespace gridward::app {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

const fs::path kData = fs::path(GRIDWARD_SOURCE_DIR) / "tests/data/config";

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class InFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "gridward-config-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path write(const char* name, const std::string& text, mode_t mode = 0600) const {
    std::ofstream(folder_ / name) << text;
    ::chmod((folder_ / name).c_str(), mode);
    return folder_ / name;
  }
  fs::path folder_;
};

/// What is refused of settings that are one text away from the defaults.
std::string refusal(const std::string& name, const std::string& text) {
  Settings settings;
  if (auto set = settings.set(name, text, "--set"); !set) return set.error().detail;
  const auto config = read_config(settings);
  return config ? "" : config.error().detail;
}

TEST(Settings, DumpOfTheDefaultsIsGolden) { EXPECT_EQ(Settings().dump(), read(kData / "defaults.golden")); }

TEST(Settings, EachLayerOverridesTheOneBelowAndIsNamed) {
  Settings settings;
  const fs::path before = fs::current_path();
  fs::current_path(kData);  // so that the golden file names no folder
  ASSERT_TRUE(settings.read_file("file.toml"));
  fs::current_path(before);
  const char* const variables[] = {"PATH=/bin", "GRIDWARD_HTTP_PORT=8091", "GRIDWARD_DATABASE_PASSWORD=hush", "GRIDWARD_HTTP_CORS_ORIGINS=https://a.cn,https://b.cn", nullptr};
  ASSERT_TRUE(settings.read_environment(variables));
  ASSERT_TRUE(settings.set("http.workers", "16", "--set"));
  EXPECT_EQ(settings.dump(), read(kData / "layers.golden"));
  const auto config = read_config(settings);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->http.listen.port, 8091);
  EXPECT_EQ(config->http.workers, 16);
  EXPECT_THAT(config->http.cors_origins, testing::ElementsAre("https://a.cn", "https://b.cn"));
  EXPECT_THAT(config->database.url()->reveal(), AllOf(HasSubstr("password='not shown'"), HasSubstr("statement_timeout=20s")));  // its own password holds
}

TEST_F(InFolder, WhatIsDumpedCanBeReadAgain) {
  Settings settings;
  ASSERT_TRUE(settings.set("http.port", "8099", "--set"));
  std::string dumped = settings.dump();
  dumped.erase(dumped.find("password = "), dumped.find("password_file = ") - dumped.find("password = "));  // a secret is not read from a file
  Settings again;
  const auto done = again.read_file(write("dumped.toml", dumped));
  ASSERT_TRUE(done) << done.error().detail;
  for (std::size_t i = 0; i < settings.all().size(); ++i) EXPECT_EQ(again.all()[i].value, settings.all()[i].value) << settings.all()[i].name;
}

TEST_F(InFolder, AnUnknownNameIsRefusedWithTheNearest) {
  Settings settings;
  const auto file = settings.read_file(write("a.toml", "[http]\nport = 1\nprot = 8080\n"));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().detail, AllOf(HasSubstr("a.toml, line 3"), HasSubstr("no setting http.prot"), HasSubstr("nearest is http.port;")));
  const auto section = settings.read_file(write("b.toml", "[htp]\nworkers = 1\n"));
  ASSERT_FALSE(section);
  EXPECT_THAT(section.error().detail, AllOf(HasSubstr("htp.workers"), HasSubstr("http.workers")));
  EXPECT_FALSE(settings.read_file(write("c.toml", "port = 1\n")));
  const char* const variables[] = {"GRIDWARD_HTTP_WORKER=3", nullptr};
  const auto variable = settings.read_environment(variables);
  ASSERT_FALSE(variable);
  EXPECT_THAT(variable.error().detail, AllOf(HasSubstr("GRIDWARD_HTTP_WORKER."), HasSubstr("nearest is GRIDWARD_HTTP_WORKERS;")));
  EXPECT_THAT(refusal("http.qeue", "1"), HasSubstr("nearest is http.queue;"));
}

TEST_F(InFolder, AValueOfAnotherKindIsRefused) {
  Settings settings;
  const auto text = settings.read_file(write("a.toml", "[http]\nport = \"8080\"\n"));
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().detail, AllOf(HasSubstr("line 2"), HasSubstr("http.port must be a whole number")));
  EXPECT_FALSE(settings.read_file(write("b.toml", "[http]\ncors_origins = [1]\n")));
  EXPECT_FALSE(settings.read_file(write("c.toml", "[http\n")));
  EXPECT_THAT(refusal("http.port", "80a"), HasSubstr("http.port must be a whole number, not \"80a\""));
  EXPECT_THAT(refusal("http.public", "yes"), HasSubstr("must be true or false"));
}

TEST(Config, AValueOutOfItsRangeIsRefused) {
  EXPECT_THAT(refusal("http.port", "65536"), HasSubstr("http.port (--set) must be from 0 to 65535, not 65536"));
  EXPECT_THAT(refusal("http.workers", "0"), HasSubstr("from 1"));
  EXPECT_EQ(refusal("http.workers", "1"), "");
  EXPECT_EQ(refusal("http.port", "0"), "");
}

TEST(Config, EveryNumberHasARange) {
  const Settings settings;
  for (const auto& s : settings.all())
    if (std::holds_alternative<std::int64_t>(s.value)) EXPECT_NE(refusal(s.name, "-1"), "") << s.name;
}

TEST(Config, APublicAddressNeedsToBeSaid) {
  EXPECT_THAT(refusal("http.address", "0.0.0.0"), AllOf(HasSubstr("http.public = true"), HasSubstr("nginx")));
  EXPECT_NE(refusal("http.address", "::"), "");
  EXPECT_NE(refusal("http.address", "192.168.1.7"), "");
  EXPECT_THAT(refusal("http.address", "gis.example.cn"), HasSubstr("must be an IP address"));
  for (const char* own : {"127.0.0.1", "127.8.9.1", "::1", "localhost"}) EXPECT_EQ(refusal("http.address", own), "") << own;
  Settings settings;
  ASSERT_TRUE(settings.set("http.address", "0.0.0.0", "--address") && settings.set("http.public", "true", "--public"));
  EXPECT_TRUE(read_config(settings));
}

TEST(Config, TheAdminPortIsAnotherAndForThisMachine) {
  EXPECT_THAT(refusal("admin.address", "0.0.0.0"), HasSubstr("admin.public = true"));
  EXPECT_THAT(refusal("admin.port", "8080"), HasSubstr("another than http.port"));
  Settings both;
  ASSERT_TRUE(both.set("admin.port", "0", "--set") && both.set("http.port", "0", "--set"));
  EXPECT_TRUE(read_config(both));
}

TEST(Config, ThePublicUrlIsAnAddress) {
  for (const char* url : {"map.example.cn", "ftp://map.example.cn", "https://", "https://map.example.cn/?a=b", "https://a b", "https://u@h", "https://a/{z}"}) EXPECT_THAT(refusal("http.public_url", url), HasSubstr("such as https://map.example.cn")) << url;
  Settings settings;
  ASSERT_TRUE(settings.set("http.public_url", "https://map.example.cn:8443/grid/", "--set"));
  const auto config = read_config(settings);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->http.public_url, "https://map.example.cn:8443/grid");
}

TEST(Config, TheLogHasFewWords) {
  EXPECT_THAT(refusal("log.level", "loud"), HasSubstr("log.level (--set) must be debug, info, warning, error, not \"loud\""));
  EXPECT_THAT(refusal("log.format", "xml"), HasSubstr("must be text, json"));
  for (const char* level : {"debug", "info", "warning", "error"}) EXPECT_EQ(refusal("log.level", level), "") << level;
}

TEST_F(InFolder, SecretsComeFromAVariableOrAFileOfTheirOwn) {
  Settings settings;
  const auto in_file = settings.read_file(write("a.toml", "[database]\npassword = \"hush\"\n"));
  ASSERT_FALSE(in_file);
  EXPECT_THAT(in_file.error().detail, AllOf(HasSubstr("database.password_file"), HasSubstr("GRIDWARD_DATABASE_PASSWORD"), testing::Not(HasSubstr("hush"))));
  EXPECT_FALSE(settings.set("database.password", "hush", "--set"));
  ASSERT_TRUE(settings.set("database.connection", "dbname=x", "--database"));
  ASSERT_TRUE(settings.set("database.password_file", write("password", "hush'\\\n"), "--set"));
  const auto config = read_config(settings);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->database.password.reveal(), "hush'\\");
  EXPECT_THAT(config->database.url()->reveal(), HasSubstr("password='hush\\'\\\\'"));
  EXPECT_THAT(settings.dump(), testing::Not(HasSubstr("hush")));
  ::chmod((folder_ / "password").c_str(), 0644);
  EXPECT_THAT(read_config(settings).error().detail, HasSubstr("chmod 600"));
  ASSERT_TRUE(settings.set("database.password_file", folder_ / "missing", "--set"));
  EXPECT_THAT(read_config(settings).error().detail, AllOf(HasSubstr("missing"), HasSubstr("No such file")));
}

TEST(Config, ADatabaseMustBeNamedAndReadable) {
  Settings settings;
  EXPECT_THAT(read_config(settings)->database.url().error().detail, HasSubstr("--database"));
  ASSERT_TRUE(settings.set("database.connection", "hots=/run", "--database"));
  EXPECT_THAT(read_config(settings)->database.url().error().detail, HasSubstr("invalid connection option \"hots\""));
}

}  // namespace
}  // namespace gridward::app
