#include "storage/migrate.h"

#include <algorithm>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "sql.gen.h"

namespace gridward::storage {
namespace {

constexpr const char* kMigrate = "run `gridward migrate` as its owner";

/// What PostgreSQL says, on one line.
std::string reason(const std::exception& e) {
  std::string text = e.what();
  while (text.ends_with('\n')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// What a failure on the way to or in a database means to whoever started the program.
Error explain(const std::exception& e) {
  if (dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr)
    return {Errc::unavailable, fmt::format("The database cannot be reached: {}. Does PostgreSQL run, and is this its address (database.connection)?", reason(e))};
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
  const std::string state = sql == nullptr ? "" : sql->sqlstate();
  if (state == "42P01") return {Errc::conflict, fmt::format("This database holds nothing of Gridward yet: {}.", kMigrate)};
  if (reason(e).find("extension") != std::string::npos || state == "42704")
    return {Errc::conflict, fmt::format("{}. A superuser must first run in this database: create extension postgis; create extension btree_gist; create extension pg_trgm", reason(e))};
  if (state == "42501") return {Errc::forbidden, fmt::format("The database refuses: {}. The owner migrates, the server's own role reads and writes (sql/roles.sql).", reason(e))};
  if (state == "53100") return {Errc::unavailable, fmt::format("The disk of the database is full: {}. Make room and try again; nothing was changed.", reason(e))};
  return {Errc::internal, fmt::format("The database refuses: {}.", reason(e))};
}

void apply(pqxx::work& work, const std::string& database) {
  work.exec("select pg_advisory_xact_lock(7100)");
  work.exec("create table if not exists migration (name text primary key, at timestamptz not null default now())");
  bool changed = false;
  for (const auto& script : sql::migrations) {
    const std::string name(script.name);
    if (!work.exec_params("select from migration where name = $1", name).empty()) continue;
    changed = true;
    work.exec(std::string(script.text));
    work.exec_params("insert into migration (name) values ($1)", name);
  }
  work.exec("set local check_function_bodies = off");  // they refer to each other; queries are prepared at start, which checks them
  for (const auto& script : sql::functions) work.exec(std::string(script.text));
  if (changed) work.exec("select tally_rebuild(id) from district");  // what is kept may be another thing now
  work.exec("select transactions_renumbered()");
  work.exec_params("insert into meta (key, value) values ('schema', $1) on conflict (key) do update set value = excluded.value", std::string(sql::fingerprint));
  work.exec(
      "grant usage on schema public to gridward_app, gridward_read;"
      "grant select, insert, update, delete on all tables in schema public to gridward_app;"
      "grant usage on all sequences in schema public to gridward_app;"
      "revoke update, delete on audit, audit_seal from gridward_app; revoke insert, update, delete on migration from gridward_app;"
      "grant temporary on database " + work.quote_name(database) + " to gridward_app;"
      "grant select on all tables in schema public to gridward_read;"
      "revoke select on webhook from gridward_read;"  // all of it but the secret
      "grant select (id, district_id, url, topics, delivered_up_to, delivered_at, failures, failing_since, last_error, next_at, created_at, ended_at) on webhook to gridward_read");
}

}  // namespace

void prepare_server(const std::string& url, const std::string& database) {
  pqxx::connection connection(url);
  pqxx::nontransaction work(connection);
  if (work.exec_params("select from pg_database where datname = $1", database).empty())
    work.exec("create database " + work.quote_name(database));
  work.exec(std::string(sql::roles));
}

Result<void> migrate(const std::string& url) try {
  pqxx::connection connection(url);
  pqxx::work work(connection);
  apply(work, connection.dbname());
  work.commit();
  return {};
} catch (const std::exception& e) {
  return fail(explain(e));
}

Result<void> check_schema(const std::string& url) try {
  pqxx::connection connection(url);
  pqxx::nontransaction work(connection);
  for (const auto& row : work.exec("select name from migration order by name")) {
    const std::string name = row[0].c_str();
    if (std::ranges::find(sql::migrations, name, &sql::Script::name) == std::end(sql::migrations))
      return fail(Errc::conflict, fmt::format("This database was migrated by a newer Gridward (it has {}): run that version.", name));
  }
  const auto schema = work.exec("select value from meta where key = 'schema'");
  if (!schema.empty() && schema[0][0].c_str() == sql::fingerprint) return {};
  return fail(Errc::conflict, fmt::format("This database has the schema of another version of Gridward: {}.", kMigrate));
} catch (const std::exception& e) {
  return fail(explain(e));
}

}  // namespace gridward::storage
