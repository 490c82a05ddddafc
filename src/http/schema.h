#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <rapidjson/document.h>

#include "base/error.h"

namespace gridward::http {

/// A schema of the contract, compiled once: what the parameters of a request must be, or its body.
class Schema {
 public:
  /// Throws std::logic_error for one that the contract may not have.
  explicit Schema(const rapidjson::Value& source);
  Schema(Schema&&) noexcept;
  ~Schema();

  /// What is wrong with a value, field by field, each with what it must be; nothing when it is in order.
  [[nodiscard]] std::optional<Error> check(const rapidjson::Value& value) const;
  [[nodiscard]] const rapidjson::Value& source() const { return source_; }

 private:
  struct Compiled;
  using Fields = std::map<std::string, std::string>;  // what is wrong with it, by the name of the field
  void check_texts(const rapidjson::Value& schema, const rapidjson::Value& value, const std::string& field, Fields& fields) const;

  rapidjson::Document source_;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace gridward::http
