#pragma once

#include <functional>
#include <span>
#include <vector>

#include "map/surface.h"

namespace gridward::map {

/// The logarithm of the leave-one-out likelihood of points under the density of the others, Σ wᵢ log λ₋ᵢ(xᵢ) with λ₋ᵢ(u) = Σ_{j≠i} wⱼ k_h(u − xⱼ) / e_h(u) (uniform correction), as
/// spatstat's bw.ppl has it; -inf where a point has no other within five bandwidths. `lattice`: around the land with its margin, pixels of a quarter of the bandwidth.
[[nodiscard]] double leave_one_out_likelihood(std::span<const WeightedPoint> points, std::span<const Polygon> land, const Raster& lattice, double bandwidth);

/// The bandwidth between two others whose likelihood is greatest: 24 in geometric steps, then golden sections around the best. `lattice` makes one for a bandwidth. NaN where none has a
/// likelihood.
[[nodiscard]] double likelihood_bandwidth(std::span<const WeightedPoint> points, std::span<const Polygon> land, const std::function<Raster(double)>& lattice, double low, double high);

/// Bandwidths of single points by Abramson (1982): hᵢ = h₀ (f(xᵢ) / g)^(-1/2), f the density by h₀ (uniform correction), g the geometric mean of f over the points; none less than a
/// quarter of h₀ or more than four times it. `lattice` as above, for h₀.
[[nodiscard]] std::vector<double> adaptive_bandwidths(std::span<const WeightedPoint> points, std::span<const Polygon> land, const Raster& lattice, double pilot);

}  // namespace gridward::map
