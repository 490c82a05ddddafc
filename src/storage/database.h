#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/observe.h"
#include "base/result.h"
#include "storage/canceller.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace gridward::sql {
struct Query;
}

namespace gridward::storage {

/// A value on its way to the database; all travel as text, null as nullopt.
using Param = std::optional<std::string>;
[[nodiscard]] inline Param or_null(const std::string& text) { return text.empty() ? Param{} : Param{text}; }
[[nodiscard]] inline Param or_null(std::int64_t id) { return id == 0 ? Param{} : Param{std::to_string(id)}; }

/// The rows of an answer. Cells are read by column name; a missing one is a bug and throws. Where rows are many, the name is looked up
/// once (column()).
class Rows {
 public:
  struct Data;
  explicit Rows(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool null(std::size_t row, const char* column) const;
  [[nodiscard]] std::string text(std::size_t row, const char* column) const;  // "" for null
  [[nodiscard]] std::int64_t integer(std::size_t row, const char* column) const;
  [[nodiscard]] std::string bytes(std::size_t row, const char* column) const;  // of a bytea; "" for null
  [[nodiscard]] double real(std::size_t row, const char* column) const;
  [[nodiscard]] bool boolean(std::size_t row, const char* column) const;

  [[nodiscard]] int column(const char* name) const;
  [[nodiscard]] std::string_view view(std::size_t row, int column) const;  // empty for null; lives as long as the rows
  [[nodiscard]] std::int64_t integer(std::size_t row, int column, std::int64_t otherwise = 0) const;  // `otherwise` for null

 private:
  std::shared_ptr<const Data> data_;  // shared: copies of an answer are views of it
};

/// One transaction. Named queries only, but for the script and copy calls that imports and migrations need. Each call throws when the
/// work is to end before it is done.
class Tx {
 public:
  Tx(pqxx::transaction_base& work, const Canceller::Watch& watch) : work_(work), watch_(watch) {}
  Rows run(const sql::Query& query, const std::vector<Param>& params = {});
  void script(std::string_view text);
  void prepare_all();
  /// Puts rows into a table by COPY; each has a value for each of the columns (24 at the most). A value that its column cannot hold ends the transaction.
  void copy(const std::string& table, const std::vector<std::string>& columns, const std::vector<std::vector<Param>>& rows);

 private:
  pqxx::transaction_base& work_;
  const Canceller::Watch& watch_;
};

/// The connections of a pool, hidden here as the client library's headers are slow and its names shift between versions.
class Connections;

/// A bounded pool of connections that know every query. A connection that broke is discarded, never revived. Copies share the
/// connections.
class Pool {
 public:
  /// `name`: what observations of it say.
  Pool(std::string url, std::size_t size, std::string name = "", Observer observer = {});

  /// The same connections for work that may have to end before it is done: it then fails with Errc::timeout, and its statement is
  /// cancelled in the database.
  [[nodiscard]] Pool until(Cancellation cancellation) const;

  /// How many connections there may be, are at work and are not, and how many requests wait for one.
  struct State {
    std::size_t size, leased, idle, waiting;
  };
  [[nodiscard]] State state() const;

  /// Prepares every query, so that one that does not fit the schema is told when a server starts, not when it is asked.
  Result<void> check();

  /// Runs `body` in a transaction that is committed when it returns a value, rolled back when it returns an error.
  /// Database errors become Errors (SQLSTATE mapped once, in pg_error.cpp).
  template <class T>
  Result<T> read(const std::function<Result<T>(Tx&)>& body) {
    return in_transaction<T>(body, true);
  }
  template <class T>
  Result<T> write(const std::function<Result<T>(Tx&)>& body) {
    return in_transaction<T>(body, false);
  }

 private:
  template <class T>
  Result<T> in_transaction(const std::function<Result<T>(Tx&)>& body, bool read_only) {
    std::optional<Result<T>> out;
    const auto error = transact(read_only, [&](Tx& tx) {
      out.emplace(body(tx));
      return out->has_value();
    });
    if (error) return fail(*error);
    return std::move(*out);
  }
  std::optional<Error> transact(bool read_only, const std::function<bool(Tx&)>& body);
  void observe(const std::exception& e, const Error& error) const;

  std::shared_ptr<Connections> connections_;  // shared by the copies
  Cancellation cancellation_;
};

}  // namespace gridward::storage
