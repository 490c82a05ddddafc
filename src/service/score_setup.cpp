#include "service/score_setup.h"

#include "sql.gen.h"

namespace gridward::service {

ScoreSetup read_score_setup(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at) {
  ScoreSetup out;
  out.day = day;
  const std::vector<storage::Param> p = {std::to_string(district), day, storage::or_null(known_at)};
  const auto rules = tx.run(sql::score_rules, p);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const ScoreRule rule{rules.text(i, "component"), rules.text(i, "measure"), rules.real(i, "weight"), rules.text(i, "scale") == "mean", rules.real(i, "zero_at"), rules.real(i, "full_at")};
    if (rule.weight > 0) out.rules.push_back({rule, rules.boolean(i, "own"), rules.text(i, "since")});
  }
  const auto floors = tx.run(sql::score_floors, p);
  for (std::size_t i = 0; i < floors.size(); ++i) {
    const std::string name = floors.text(i, "name");
    const double value = floors.real(i, "value");
    if (name == "enterprises") out.floors.enterprises = value;
    else if (name == "inspection_coverage") out.floors.inspection_coverage = value;
    else if (name == "patrol_coverage") out.floors.patrol_coverage = value;
    else out.floors.look_back_days = static_cast<int>(value);
  }
  return out;
}

}  // namespace gridward::service
