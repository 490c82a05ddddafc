#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/sentence.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "domain/zoning.h"
#include "service/finding.h"
#include "service/figures.h"
#include "service/workload.h"

namespace gridward::service {

/// The post whose villages are shared out, and what it does there.
inline constexpr const char* kBalancedPost = "safety_officer";
inline constexpr VisitKind kBalancedVisits = VisitKind::patrol;

struct BalanceAsked {
  std::string within, at;
  std::vector<std::int64_t> people;  // who shares the villages; empty: those who hold some now
  std::size_t zones = 0;             // without people: so many zones, anew
  int days = 365;                    // of the load
  std::vector<std::string> locked;   // villages that stay
  std::vector<std::pair<std::string, std::string>> barriers;  // pairs of villages between which no zone may pass: a river, a motorway
  double min_shared_m = 10;          // of border that two villages share at least to be in one piece
  ZoningOptions options;             // its budget in enterprises
};

/// A village as it is shared out.
struct BalancedVillage {
  FindingCell cell;
  double minutes = 0;
  std::int64_t enterprises = 0;
};

struct BalancedZone {
  std::int64_t person = 0;  // 0: nobody yet
  std::string name;
};

struct Balance {
  Cell within;
  std::string at;
  WorkMinutes minutes;
  std::vector<BalancedVillage> villages;
  std::vector<BalancedZone> zones;
  std::vector<std::size_t> current;  // the zone of each village now; kNoZone: none
  Zoning zoning;
  std::size_t borders = 0;           // pairs of villages that touch by min_shared_m at least
  /// Whether loads can be as even as max/mean <= 1.05, and if not, why.
  bool possible = true;
  Sentence verdict;
};

/// Above this max/mean a plan is not called even.
inline constexpr double kEven = 1.05;

/// Shares the villages of a town or district out among the safety officers so that their loads are even (domain/zoning), for one who may see it. Villages
/// lie beside each other as on the day's map. Nothing is written. invalid_argument for people, villages or barriers that are not there.
Result<Balance> balance(FigureSources& sources, const Principal& who, const BalanceAsked& asked);

}  // namespace gridward::service
