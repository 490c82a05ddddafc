#include "storage/database.h"

#include <charconv>
#include <array>
#include <tuple>
#include <utility>

#include <pqxx/pqxx>

#include "base/hex.h"
#include "sql.gen.h"
#include "storage/connections.h"
#include "storage/pg_error.h"

namespace gridward::storage {
namespace {

/// That of the role (sql/roles.sql): a net under deadlines that are no later.
constexpr std::chrono::seconds kStatementTimeout{30};

}  // namespace

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
  watch_.check();
  std::vector<const char*> raw;
  raw.reserve(params.size());
  for (const auto& p : params) raw.push_back(p ? p->c_str() : nullptr);
  const auto dynamic = pqxx::prepare::make_dynamic_params(raw);
  if (!query.planned_with_values) work_.conn().prepare_now(query.name);
  return Rows(std::make_shared<const Rows::Data>(Rows::Data{query.planned_with_values ? work_.exec_params(query.text, dynamic) : work_.exec_prepared(query.name, dynamic)}));
}

void Tx::prepare_all() {
  for (const sql::Query* query : sql::all) work_.conn().prepare_now(query->name);
}

void Tx::script(std::string_view text) {
  watch_.check();
  work_.exec(std::string(text));
}

namespace {

constexpr std::size_t kMostColumns = 40;
using Sender = void (*)(pqxx::stream_to&, const std::vector<Param>&);

template <std::size_t... I>
void send(pqxx::stream_to& stream, const std::vector<Param>& row, std::index_sequence<I...> /*columns*/) {
  stream << std::make_tuple((row[I] ? row[I]->c_str() : nullptr)...);
}

/// The stream of this version of the library takes tuples only: a sender for each number of columns.
template <std::size_t... N>
constexpr std::array<Sender, sizeof...(N)> make_senders(std::index_sequence<N...> /*sizes*/) {
  return {[](pqxx::stream_to& stream, const std::vector<Param>& row) { send(stream, row, std::make_index_sequence<N + 1>{}); }...};
}
constexpr auto kSenders = make_senders(std::make_index_sequence<kMostColumns>{});

}  // namespace

void Tx::copy(const std::string& table, const std::vector<std::string>& columns, const std::vector<std::vector<Param>>& rows) {
  watch_.check();
  const Sender send_row = kSenders.at(columns.size() - 1);
  pqxx::stream_to stream(work_, table, columns);
  for (const auto& row : rows) send_row(stream, row);
  stream.complete();
}

Pool::Pool(std::string url, std::size_t size, std::string name, Observer observer)
    : connections_(std::make_shared<Connections>(std::move(url), size, std::move(name), std::move(observer))) {}

Pool::State Pool::state() const { return connections_->state(); }

Pool Pool::until(Cancellation cancellation) const {
  Pool copy = *this;
  copy.cancellation_ = std::move(cancellation);
  return copy;
}

Result<void> Pool::check() {
  const auto done = read<int>([](Tx& tx) -> Result<int> {
    tx.prepare_all();
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

/// Tells of a transaction that failed.
void Pool::observe(const std::exception& e, const Error& error) const {
  const std::string& pool = connections_->name();
  if (error.code == Errc::timeout) {
    const bool due = cancellation_.due();
    return connections_->tell(seen::Cancelled{pool, cancellation_.left.stop_requested() ? seen::Cause::client_left : due ? seen::Cause::deadline : seen::Cause::statement_timeout});
  }
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
  const std::string state = sql != nullptr ? sql->sqlstate() : error.code == Errc::unavailable ? "08006" : "";
  connections_->tell(seen::DatabaseFailed{pool, state, e.what(), error.code != Errc::internal});
}

std::optional<Error> Pool::transact(bool read_only, const std::function<bool(Tx&)>& body) {
  std::unique_ptr<pqxx::connection> connection;
  try {
    connection = connections_->lease(cancellation_);
    if (!connection && cancellation_.due()) throw Cancelled();
    if (!connection) connections_->tell(seen::PoolExhausted{connections_->name()});
    if (!connection) return Error{Errc::unavailable, "All database connections are busy. Try again in a few seconds."};
    {
      pqxx::work work(*connection);
      const Canceller::Watch watch(connections_->canceller(), *connection, cancellation_);  // ends before the rollback, which must not be cancelled
      if (read_only) work.exec("set transaction isolation level repeatable read, read only");
      if (cancellation_.possible() && cancellation_.deadline > Cancellation::Clock::now() + kStatementTimeout) work.exec("set local statement_timeout = 0");
      Tx tx(work, watch);
      if (body(tx)) work.commit();
    }
    connections_->give_back(std::move(connection));
    return std::nullopt;
  } catch (const std::exception& e) {
    const bool open = connection && connection->is_open();
    const bool whole = open && (dynamic_cast<const pqxx::sql_error*>(&e) != nullptr || dynamic_cast<const Cancelled*>(&e) != nullptr);
    const bool lost = (connection && !open) || dynamic_cast<const pqxx::in_doubt_error*>(&e) != nullptr;
    if (connection) connections_->give_back(whole ? std::move(connection) : nullptr);
    Error error = to_error(e);
    // Whatever was said when the connection went, it went: also when nobody knows whether the commit was heard.
    if (lost) error = {Errc::unavailable, "The database cannot be reached. Try again in a few seconds."};
    observe(e, error);
    return error;
  }
}

}  // namespace gridward::storage
