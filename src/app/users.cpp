#include <iostream>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/observe.h"
#include "service/accounts.h"
#include "service/auth.h"

namespace gridward::app {
namespace {

struct UserOptions {
  explicit UserOptions(CLI::App& command) : settings(command) { settings.add_database(command); }
  SettingFlags settings;
  std::string name;
  Grant grant{"viewer", 0, 0};
};

using Action = std::function<void(storage::Pool&, const UserOptions&)>;

/// Adds `gridward user VERB`, which does something to the account of a name.
std::shared_ptr<UserOptions> add_verb(CLI::App& user, int& code, const char* verb, const char* help, const Action& action) {
  auto* c = user.add_subcommand(verb, help);
  auto o = std::make_shared<UserOptions>(*c);  // shared with the callback
  if (std::string_view(verb) != "list") c->add_option("name", o->name, "of the account")->required();
  if (std::string_view(verb) == "add" || std::string_view(verb) == "grant") {
    c->add_option("--role", o->grant.role, "what it may do")->check(CLI::IsMember({"viewer", "leader", "coordinator", "approver", "officer", "auditor", "admin"}))->capture_default_str();
    c->add_option("--district", o->grant.district, "id of a district; everywhere if left out");
    c->add_option("--cell", o->grant.cell, "id of the cell whose subtree it is; all of the district if left out")->needs("--district");
  }
  c->callback([o, action, &code] {
    storage::Pool pool(ready_database(o->settings.config().database), 1, "command", complain());
    action(pool, *o);
    code = 0;
  });
  return o;
}

rapidjson::Document parse(const std::string& json) {
  rapidjson::Document out;
  out.Parse(json.c_str(), json.size());
  return out;
}

/// Changes an account as the REST API does, by `body`; a password too if it is given.
void change(storage::Pool& pool, const std::string& name, const std::string& password, const std::string& body) {
  const std::int64_t id = parse(or_stop(service::find_account(pool, name)))["id"].GetInt64();
  const Principal console = service::console();
  or_stop(service::write_account(pool, {console, "console", "", ""}, id, password, body));
}

std::string describe_grants(const rapidjson::Value& grants) {
  std::string out;
  for (const auto& g : grants.GetArray()) {
    out += fmt::format("{}{}", out.empty() ? "" : "; ", g["role"].GetString());
    if (!g["district"].IsNull()) out += fmt::format(" of district {}", g["district"].GetInt64());
    if (!g["cell"].IsNull()) out += fmt::format(", cell {}", g["cell"].GetInt64());
  }
  return out.empty() ? "no role" : out;
}

void list(storage::Pool& pool, const UserOptions&) {
  const Principal console = service::console();
  for (std::int64_t after = 0;;) {
    const auto page = or_stop(service::list_accounts(pool, console, after, 1000));
    for (const std::string& item : page.items) {
      const auto account = parse(item);
      const char* state = account["disabled"].IsTrue() ? ", disabled" : account["locked_until"].IsNull() ? "" : ", locked for a while";
      std::cout << fmt::format("{}: {}{}\n", account["username"].GetString(), describe_grants(account["grants"]), state);
    }
    if (page.next.empty()) return;
    after = std::stoll(page.next);
  }
}

void add(storage::Pool& pool, const UserOptions& o) {
  if (service::find_account(pool, o.name))
    throw std::runtime_error(fmt::format("There is an account {0} already. A new password: gridward user password {0}; another role: gridward user grant {0} --role …", o.name));
  std::cout << o.name << ' ' << or_stop(service::save_account(pool, o.name, o.grant)).reveal() << '\n';
}

void give_password(storage::Pool& pool, const UserOptions& o) {
  const Secret password = service::random_password();
  change(pool, o.name, password.reveal(), "{}");
  std::cout << o.name << ' ' << password.reveal() << '\n';
}

void grant(storage::Pool& pool, const UserOptions& o) {
  const auto account = parse(or_stop(service::find_account(pool, o.name)));
  rapidjson::StringBuffer known;
  rapidjson::Writer<rapidjson::StringBuffer> writer(known);
  account["grants"].Accept(writer);
  std::string all = known.GetString();  // "[…]": the new one is put at its end
  all.insert(all.size() - 1, (all.size() > 2 ? "," : "") + service::grant_json(o.grant));
  change(pool, o.name, "", fmt::format(R"({{"grants":{}}})", all));
}

}  // namespace

void add_user(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("user", "Lists accounts, makes them, gives passwords and roles, disables.");
  c->require_subcommand(1);
  add_verb(*c, code, "list", "Lists all accounts with what they may do.", list);
  add_verb(*c, code, "add", "Makes an account and prints its random password, once.", add);
  add_verb(*c, code, "password", "Gives a new random password, prints it once, and ends the sessions.", give_password);
  add_verb(*c, code, "grant", "Adds a role.", grant);
  add_verb(*c, code, "disable", "Lets nobody sign in with it and ends its sessions; what it did stays.", [](auto& pool, const auto& o) { change(pool, o.name, "", R"({"disabled":true})"); });
  add_verb(*c, code, "enable", "Undoes disable.", [](auto& pool, const auto& o) { change(pool, o.name, "", R"({"disabled":false})"); });
  c->footer("Examples:\n"
            "  gridward user add boss --role admin --database \"…\"\n"
            "  gridward user add li --role coordinator --district 1 --database \"…\"\n"
            "  gridward user password li --database \"…\"\n"
            "  gridward user disable li --database \"…\"\n"
            "Each leaves a line in the trail, as done by `console`. An admin keeps accounts and sees no business data.");
}

}  // namespace gridward::app
