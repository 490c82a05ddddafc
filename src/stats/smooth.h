#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/weights.h"

namespace gridward::stats {

/// What an area's events are: Poisson, so many per unit of exposure (hazards per enterprise), or binomial, so many of so many
/// (enterprises inspected), where a share is not rare.
enum class Family { poisson, binomial };

/// What is special about an area's estimate.
enum class Estimate {
  ordinary,
  no_exposure,  // nothing is exposed there: it is given the mean
  island,       // of a local estimate: without neighbours that have exposure, so the global one stands in
  no_data,      // not usable(): left out of everything
};

/// Whether an area's numbers can be true: finite, not negative, and for shares no more events than exposure.
[[nodiscard]] bool usable(double events, double exposure, Family family);

/// The rate of an area, shrunk towards a mean.
struct Smoothed {
  std::optional<double> rate;       // none without data, or where no area has exposure
  double weight = 0;                // of the area's own rate in it; the mean has the rest
  std::optional<double> low, high;  // 95 %, see smooth_global
  Estimate kind = Estimate::ordinary;
};

struct GlobalSmoothing {
  double mean = 0;             // m = Σe / Σb
  double variance = 0;         // A, of the true rates between areas, never below 0
  double variance_moment = 0;  // s² - m/b̄ as it came out: below 0 where rates differ less than chance alone would make them
  bool clipped = false;        // A was cut off at 0: no evidence of real differences, every rate is the mean
  std::size_t areas = 0;       // with exposure
  std::vector<Smoothed> rates;
};

struct LocalSmoothing {
  std::vector<Smoothed> rates;
  std::vector<double> mean;      // of each area and its neighbours
  std::vector<double> variance;  // A of each such neighbourhood, never below 0
};

/// Global empirical Bayes rates. events[i] of exposure[i] in area i; both spans equally long. An area that is exposed to nothing counts
/// neither in m nor in b̄.
///
/// poisson (Marshall 1991): m = Σe/Σb, s² = Σbᵢ(rᵢ-m)²/Σb, A = max(0, s² - m/b̄), wᵢ = A/(A + m/bᵢ), θᵢ = wᵢrᵢ + (1-wᵢ)m. As EBest of
/// spdep; esda's Empirical_Bayes does not cut A off at 0.
/// binomial (Martuzzi and Elliott 1996): A = max(0, s² - m(1-m)/b̄)·b̄/(b̄-1), wᵢ = A/(A + (m(1-m)-A)/bᵢ). As EBest of spdep where its
/// variance is above 0.
///
/// low, high: the 2.5 % and 97.5 % quantiles of the area's posterior under a gamma (beta) prior, of which neither mean nor size is
/// taken as known, see posterior.h; so they have width where A = 0 too. Where no area has an event (a trial failed or succeeded): each
/// area's own Garwood (Wilson) interval.
[[nodiscard]] GlobalSmoothing smooth_global(std::span<const double> events, std::span<const double> exposure, Family family = Family::poisson);

/// Local empirical Bayes rates: as smooth_global, with m, A and b̄ of each area and its neighbours (for counts as Spatial_Empirical_Bayes
/// of esda and EBlocal(geoda = TRUE) of spdep). Weights of links do not matter. Intervals come from the neighbourhood alone.
[[nodiscard]] LocalSmoothing smooth_local(std::span<const double> events, std::span<const double> exposure, const Weights& neighbours, Family family = Family::poisson);

/// Rates standardised so that areas of different exposure can be compared for autocorrelation (Assunção and Reis 1999): zᵢ = (rᵢ-m)/√vᵢ,
/// vᵢ = A' + m/bᵢ, A' not cut off; where vᵢ < 0, vᵢ = m/bᵢ. As assuncao_rate of esda. Shares likewise, by the variance that Martuzzi and
/// Elliott give them: vᵢ = A' + (m(1-m)-A')/bᵢ; where vᵢ < 0, vᵢ = m(1-m)/bᵢ. NaN without data or exposure; all 0 where m = 0 (shares: or 1).
[[nodiscard]] std::vector<double> standardised_rates(std::span<const double> events, std::span<const double> exposure, Family family = Family::poisson);

/// Whether the rates of areas differ by more than chance.
struct Homogeneity {
  double chi_square = 0;  // Pearson's Σ(eᵢ - mbᵢ)²/(mbᵢ), for shares Σ(eᵢ - mbᵢ)²/(m(1-m)bᵢ)
  double degrees = 0;     // areas with exposure - 1
  std::optional<double> p;  // none with fewer than two areas, or where all rates are 0 (or all shares 1)
  [[nodiscard]] bool differences() const { return p && *p < 0.05; }
};

/// Pearson's test that all areas have one rate. p of counts is that of the chi-square distribution stretched to the exact mean and
/// variance that the statistic has given the total (Haldane 1937): with ample counts it is the ordinary p, with few events an area it
/// stays right. p of shares is the ordinary one.
[[nodiscard]] Homogeneity homogeneity(std::span<const double> events, std::span<const double> exposure, Family family = Family::poisson);

}  // namespace gridward::stats
