#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// The posts of a chain of responsibility: which must be filled, and with which certificate.
Result<Page> list_posts(storage::Pool& pool);

struct CertificateFilter {
  std::int64_t district = 0, person = 0;
  std::string kind;
  std::string at;           // valid on this day; empty: all
  std::string ends_before;  // a day; empty: whenever they end
  std::int64_t after = 0;
  int limit = 100;
};
/// The certificates of people of a district, by id.
Result<Page> list_certificates(storage::Pool& pool, const Principal& who, const CertificateFilter& filter);
/// Writes a certificate (id 0: a new one; else as a correction). For coordinators of the district as a whole, as people are.
Result<Written> write_certificate(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body);
Result<Written> withdraw_certificate(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason);

struct ExemptionFilter {
  std::int64_t district = 0;
  std::string within;  // a cell that the enterprises are, or lie in on `at` (today, if that is empty)
  std::string at;      // in force on this day; empty: all
  std::int64_t after = 0;
  int limit = 100;
};
/// Why enterprises need not be visited, and from when to when, by id.
Result<Page> list_exemptions(storage::Pool& pool, const Principal& who, const ExemptionFilter& filter);
/// A new exemption of an enterprise in the caller's area.
Result<Written> create_exemption(storage::Pool& pool, const Deed& deed, const std::string& enterprise, const std::string& from, const std::string& body);
/// Corrects one of an enterprise in the caller's area; `body` says what differs.
Result<Written> correct_exemption(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body);
Result<Written> withdraw_exemption(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason);

/// Dated rules by which figures judge. Those of a district come before the general ones.
enum class Ruling : std::uint8_t { visit_rule, figure_weight, score_rule, score_floor };
/// The rules that a district goes by: on a day (empty: all), as known at an instant (empty: now).
Result<Page> list_rules(storage::Pool& pool, const Principal& who, Ruling ruling, std::int64_t district, const std::string& at, const std::string& known_at);
/// Sets a rule from a day on, until the next of its kind begins. For coordinators of the district as a whole, as is ending one.
Result<Written> set_rule(storage::Pool& pool, const Deed& deed, Ruling ruling, std::int64_t district, const std::string& body);
/// Ends a district's own rule on a day: from then on the general one holds.
Result<Written> end_rule(storage::Pool& pool, const Deed& deed, Ruling ruling, std::int64_t district, std::int64_t id, const std::string& body);

}  // namespace gridward::service
