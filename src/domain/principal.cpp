#include "domain/principal.h"

#include <array>
#include <utility>

namespace gridward {

std::uint32_t role_bit(const std::string& name) {
  constexpr std::array<std::pair<const char*, Role>, 7> kRoles{{{"viewer", viewer}, {"leader", leader},
      {"coordinator", coordinator}, {"approver", approver}, {"officer", officer}, {"auditor", auditor}, {"admin", admin}}};
  for (const auto& [text, bit] : kRoles)
    if (name == text) return bit;
  return 0;
}

bool Principal::has_role(std::uint32_t roles) const {
  for (const Grant& grant : grants)
    if ((role_bit(grant.role) & roles) != 0) return true;
  return false;
}

}  // namespace gridward
