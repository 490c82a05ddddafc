#include "domain/industry.h"

#include <algorithm>
#include <cctype>

namespace gridward {
namespace {

struct Name {
  const char *zh, *en;
};
// GB/T 4754-2017, A to T.
constexpr Name kSections[] = {{"农、林、牧、渔业", "agriculture, forestry, animal husbandry and fishery"},
                              {"采矿业", "mining"},
                              {"制造业", "manufacturing"},
                              {"电力、热力、燃气及水生产和供应业", "electricity, heat, gas and water"},
                              {"建筑业", "construction"},
                              {"批发和零售业", "wholesale and retail"},
                              {"交通运输、仓储和邮政业", "transport, storage and post"},
                              {"住宿和餐饮业", "hotels and catering"},
                              {"信息传输、软件和信息技术服务业", "information and software"},
                              {"金融业", "finance"},
                              {"房地产业", "real estate"},
                              {"租赁和商务服务业", "leasing and business services"},
                              {"科学研究和技术服务业", "research and technical services"},
                              {"水利、环境和公共设施管理业", "water, environment and public facilities"},
                              {"居民服务、修理和其他服务业", "services to households, repair and other"},
                              {"教育", "education"},
                              {"卫生和社会工作", "health and social work"},
                              {"文化、体育和娱乐业", "culture, sports and entertainment"},
                              {"公共管理、社会保障和社会组织", "public administration and organisations"},
                              {"国际组织", "international organisations"}};

bool is_letter(std::string_view key) { return key.size() == 1 && key[0] >= 'A' && key[0] <= 'T'; }

int rank(const IndustrySection& s) { return is_letter(s.key) ? 0 : s.key.empty() ? 2 : 1; }

}  // namespace

IndustrySection industry_section(std::string_view industry) {
  if (industry.empty()) return {"", "行业不明", "unknown"};
  const std::string_view digits = industry.substr(1);
  const bool coded = is_letter(industry.substr(0, 1)) && digits.size() <= 4 && std::ranges::all_of(digits, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  if (!coded) return {std::string(industry), std::string(industry), std::string(industry)};
  const Name& name = kSections[industry[0] - 'A'];
  return {std::string(industry.substr(0, 1)), name.zh, name.en};
}

bool before(const IndustrySection& a, const IndustrySection& b) { return rank(a) != rank(b) ? rank(a) < rank(b) : a.key < b.key; }

}  // namespace gridward
