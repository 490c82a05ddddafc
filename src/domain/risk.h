#pragma once

namespace gridward {

/// A grade of risk (风险, of a place or an enterprise; not to be taken for 隐患, what was found wrong) as 双重预防机制 has it: its official colour, and a letter
/// for those who do not tell red from green.
struct RiskGrade {
  const char* zh;
  const char* colour;
  const char* colour_zh;
  const char* letter;
  const char* rgb;  // as it is drawn
};
/// From 1, the highest; [0] is none.
inline constexpr RiskGrade kRiskGrades[] = {{"", "", "", "", ""}, {"重大", "red", "红", "R", "#d7301f"}, {"较大", "orange", "橙", "O", "#fd8d3c"}, {"一般", "yellow", "黄", "Y", "#fee441"}, {"低", "blue", "蓝", "B", "#4292c6"}};

}  // namespace gridward
