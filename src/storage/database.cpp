#include "storage/database.h"

#include <charconv>
#include <cstdio>

#include <pqxx/pqxx>

#include "base/hex.h"
#include "sql.gen.h"
#include "storage/pg_error.h"

namespace gridward::storage {

struct Connection {
  explicit Connection(const std::string& url) : raw(url) {}
  pqxx::connection raw;
};

struct Rows::Data {
  pqxx::result result;
};

std::size_t Rows::size() const { return data_->result.size(); }
namespace {
pqxx::field at(const pqxx::result& r, std::size_t row, const char* column) {
  return r[static_cast<pqxx::result::size_type>(row)][column];
}
}  // namespace
bool Rows::null(std::size_t row, const char* column) const { return at(data_->result, row, column).is_null(); }
std::string Rows::text(std::size_t row, const char* column) const {
  const auto f = at(data_->result, row, column);
  return f.is_null() ? std::string{} : std::string(f.c_str(), f.size());
}
std::string Rows::bytes(std::size_t row, const char* column) const {
  const auto f = at(data_->result, row, column);  // \x and two digits a byte
  return f.is_null() ? std::string{} : from_hex({f.c_str() + 2, f.size() - 2});
}
std::int64_t Rows::integer(std::size_t row, const char* column) const {
  return at(data_->result, row, column).as<long long>(0);
}
double Rows::real(std::size_t row, const char* column) const { return at(data_->result, row, column).as<double>(0); }
bool Rows::boolean(std::size_t row, const char* column) const { return at(data_->result, row, column).as<bool>(false); }
int Rows::column(const char* name) const { return static_cast<int>(data_->result.column_number(name)); }
std::string_view Rows::view(std::size_t row, int column) const {
  const auto f = data_->result[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
  return f.is_null() ? std::string_view{} : std::string_view(f.c_str(), f.size());
}
std::int64_t Rows::integer(std::size_t row, int column, std::int64_t otherwise) const {
  const std::string_view text = view(row, column);
  std::int64_t value = otherwise;
  (void)std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Rows Tx::run(const sql::Query& query, const std::vector<Param>& params) {
  std::vector<const char*> raw;
  raw.reserve(params.size());
  for (const auto& p : params) raw.push_back(p ? p->c_str() : nullptr);
  return Rows(std::make_shared<const Rows::Data>(
      Rows::Data{work_.exec_prepared(query.name, pqxx::prepare::make_dynamic_params(raw))}));
}

void Tx::script(std::string_view text) { work_.exec(std::string(text)); }

void Tx::fill(const std::string& table, const std::vector<std::string>& columns,
              const std::function<bool(std::vector<Param>&)>& next) {
  constexpr std::size_t kRowsAtOnce = 500;
  std::string head = "insert into " + work_.quote_name(table) + " (";
  for (std::size_t i = 0; i < columns.size(); ++i) head += (i == 0 ? "" : ", ") + work_.quote_name(columns[i]);
  head += ") values ";
  std::string text;
  std::size_t count = 0;
  const auto flush = [&] {
    if (count > 0) work_.exec(head + text);
    text.clear();
    count = 0;
  };
  for (std::vector<Param> row; next(row);) {
    text += count == 0 ? "(" : ",(";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      text += row[i] ? work_.quote(*row[i]) : "null";
    }
    text += ')';
    if (++count == kRowsAtOnce) flush();
  }
  flush();
}

Pool::Pool(std::string url, std::size_t size) : url_(std::move(url)), size_(size) {}
Pool::~Pool() = default;

std::unique_ptr<Connection> Pool::connect() const {
  auto connection = std::make_unique<Connection>(url_);
  for (const sql::Query* query : sql::all) {
    connection->raw.prepare(query->name, query->text);
    connection->raw.prepare_now(query->name);
  }
  return connection;
}

std::unique_ptr<Connection> Pool::lease() {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, std::chrono::seconds(5), [this] { return leased_ < size_; })) return nullptr;
  ++leased_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  lock.unlock();
  try {
    return connect();
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --leased_;
    if (connection) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

std::optional<Error> Pool::transact(bool read_only, const std::function<bool(Tx&)>& body) {
  std::unique_ptr<Connection> connection;
  try {
    connection = lease();
    if (!connection) return Error{Errc::unavailable, "All database connections are busy. Try again in a few seconds."};
    {
      pqxx::work work(connection->raw);
      if (read_only) work.exec("set transaction isolation level repeatable read, read only");
      Tx tx(work);
      if (body(tx)) work.commit();
    }
    give_back(std::move(connection));
    return std::nullopt;
  } catch (const std::exception& e) {
    const bool sql = dynamic_cast<const pqxx::sql_error*>(&e) != nullptr && connection && connection->raw.is_open();
    const bool lost = (connection && !connection->raw.is_open()) || dynamic_cast<const pqxx::in_doubt_error*>(&e) != nullptr;
    if (connection) give_back(sql ? std::move(connection) : nullptr);
    Error error = to_error(e);
    // Whatever was said when the connection went, it went: also when nobody knows whether the commit was heard.
    if (lost) error = {Errc::unavailable, "The database cannot be reached. Try again in a few seconds."};
    if (error.code == Errc::internal) std::fprintf(stderr, "{\"event\":\"database_error\",\"what\":\"%s\"}\n", e.what());
    return error;
  }
}

}  // namespace gridward::storage
