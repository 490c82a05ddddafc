#include "storage/pg_error.h"

#include <string>

#include <pqxx/pqxx>

#include "storage/canceller.h"

namespace gridward::storage {

namespace {

constexpr const char* kTooLong = "The request took too long. Ask for a smaller area or window.";

/// What one of our own functions raised: its first line without "ERROR:". It is written to be shown.
std::string message(std::string text) {
  text = text.substr(0, text.find('\n'));
  const auto start = text.find(":  ");
  return start == std::string::npos ? text : text.substr(start + 3);
}

}  // namespace

Error to_error(const std::exception& e) {
  if (dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr)
    return {Errc::unavailable, "The database cannot be reached. Try again in a few seconds."};
  if (dynamic_cast<const Cancelled*>(&e) != nullptr) return {Errc::timeout, kTooLong};
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
  if (sql == nullptr) return {Errc::internal, "Something went wrong on the server."};
  const std::string state = sql->sqlstate();
  const std::string cls = state.substr(0, 2);
  if (state == "23505") return {Errc::conflict, "This already exists."};
  if (state == "23P01") return {Errc::conflict, "This overlaps in time with what is already there."};
  if (state == "23503") return {Errc::conflict, "This refers to something that is not there."};
  if (state == "23514") return {Errc::rule_violated, "A value breaks a rule of the data."};
  if (state == "GR403") return {Errc::forbidden, message(e.what())};
  if (state == "GR404") return {Errc::not_found, message(e.what())};
  if (state == "GR409") return {Errc::conflict, message(e.what())};
  if (state == "GR412") return {Errc::precondition_failed, message(e.what())};
  if (cls == "GR") return {Errc::rule_violated, message(e.what())};
  if (cls == "22" || state == "23502") return {Errc::invalid_argument, "A value is missing or malformed."};
  if (state == "57014") return {Errc::timeout, kTooLong};
  if (state == "55P03") return {Errc::unavailable, "Somebody else is changing this just now. Try again in a few seconds."};
  if (state == "53100") return {Errc::unavailable, "The disk of the database is full: nothing was changed. Once there is room, try again."};
  if (cls == "08" || cls == "53" || cls == "57" || cls == "40")
    return {Errc::unavailable, "The database is not ready. Try again in a few seconds."};
  return {Errc::internal, "Something went wrong on the server."};
}

}  // namespace gridward::storage
