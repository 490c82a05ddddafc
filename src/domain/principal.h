#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridward {

/// A role granted on a subtree. 0 stands for all: of the districts, or of the cells of one.
struct Grant {
  std::string role;
  std::int64_t district = 0;
  std::int64_t cell = 0;
};

/// Who asks, by which session, and what they may do where.
struct Principal {
  std::int64_t account = 0;
  std::int64_t session = 0;
  std::string username;
  std::string display_name;
  std::string session_kind;  // cookie, bearer, token
  std::string csrf;
  bool read_only = false;  // a token for reading
  std::vector<Grant> grants;

  [[nodiscard]] bool has_role(std::uint32_t roles) const;
};

/// The roles, as bits of a set.
enum Role : std::uint32_t { viewer = 1, leader = 2, coordinator = 4, approver = 8, officer = 16, auditor = 32, admin = 64 };

/// The bit of a role's name; 0 if there is none such.
[[nodiscard]] std::uint32_t role_bit(const std::string& name);

}  // namespace gridward
