#pragma once

#include <set>
#include <string>
#include <string_view>

namespace gridward {

/// Whether a code is of the national statistical scheme: 12 digits, of which 6 are GB/T 2260, 3 GB/T 10114, 3 the village.
[[nodiscard]] bool is_statistical_code(std::string_view code);

/// The kind that a statistical code tells by its class digits: 街道, 镇, 乡, 工业区 at level 2, 社区 or 村 at level 3 (a town's own
/// record ends in 000), 区, 县, 县级市 at level 1; "" where it tells none. GB/T 2260, GB/T 10114.
[[nodiscard]] std::string kind_of_statistical_code(std::string_view code, int level);

/// Whether a statistical code is one of those under a parent's of a level (1: the first six digits are the same, 2: the first nine). Codes of other
/// schemes say nothing of their parents: true.
[[nodiscard]] bool code_fits_parent(std::string_view code, std::string_view parent, int parent_level);

/// A code for a cell of level 2 or 3 in the place of its own that is one of those under its parent's and in none of the used ones: with its own last digits if it can,
/// else with the next free number of its class (GB/T 10114); "" where none is free. Codes of other schemes get a number behind them.
[[nodiscard]] std::string free_code(std::string_view code, std::string_view parent, int level, const std::set<std::string>& used);

}  // namespace gridward
