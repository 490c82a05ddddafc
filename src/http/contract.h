#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <rapidjson/document.h>

#include "base/result.h"
#include "domain/period.h"
#include "http/request.h"
#include "routes.gen.h"
#include "service/scope.h"

namespace gridward::http {

/// An object that the contract has found in order: the parameters of a request, or its body. What the contract requires is
/// there; what it does not is asked for with the value that stands in for it.
class Input {
 public:
  Input() { document_.SetObject(); }
  explicit Input(rapidjson::Document document) : document_(std::move(document)) {}

  [[nodiscard]] bool has(const char* name) const;
  [[nodiscard]] std::string text(const char* name) const;  // "" if absent
  [[nodiscard]] std::string plain(const char* name) const;  // a text, number or flag as text
  [[nodiscard]] std::int64_t integer(const char* name, std::int64_t otherwise = 0) const;
  [[nodiscard]] std::optional<double> number(const char* name) const;
  [[nodiscard]] bool flag(const char* name) const;
  [[nodiscard]] const rapidjson::Value& value(const char* name) const { return document_[name]; }
  /// The whole as JSON.
  [[nodiscard]] std::string json() const;

 private:
  rapidjson::Document document_;
};

/// The parameters that say whose records: those of every list that a figure links to.
[[nodiscard]] service::RecordsAsked read_records(const Input& parameters);

/// Refuses a body that has lon without lat, or lat without lon.
Result<void> check_point(const Input& body);

/// The days that are asked for: `period`, or `from` and `to`.
Result<PeriodAsked> read_period(const Input& parameters);

/// The parameters of a request, from path and query, as the contract of its route wants them; else an error that names
/// each field and says what it must be.
Result<Input> read_parameters(const Route& route, const Request& request, const Pairs& path);
/// The JSON body of a request, likewise. Empty where the contract has none.
Result<Input> read_body(const Route& route, const Request& request);

}  // namespace gridward::http
