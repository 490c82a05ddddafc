#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

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

/// One transaction. Named queries only, but for the script and copy calls that imports and migrations need.
class Tx {
 public:
  explicit Tx(pqxx::transaction_base& work) : work_(work) {}
  Rows run(const sql::Query& query, const std::vector<Param>& params = {});
  void script(std::string_view text);
  /// Puts rows into a temporary table, many at a time.
  void fill(const std::string& table, const std::vector<std::string>& columns,
            const std::function<bool(std::vector<Param>&)>& next);

 private:
  pqxx::transaction_base& work_;
};

/// A connection of the client library, hidden here as its headers are slow and its names shift between versions.
struct Connection;

/// A bounded pool of connections that have every query prepared. A connection that broke is discarded, never revived.
class Pool {
 public:
  Pool(std::string url, std::size_t size);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

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
  std::unique_ptr<Connection> lease();
  void give_back(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connect() const;

  const std::string url_;
  const std::size_t size_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t leased_ = 0;
};

}  // namespace gridward::storage
