#pragma once

#include <cstdint>

namespace gridward::stats {

/// Random numbers that are the same on every machine: xoshiro256** 1.0 (Blackman and Vigna 2021), its state filled by SplitMix64 (Steele,
/// Lea and Flood 2014) from a seed and the number of a stream. Work that is split gives each piece a stream of its own, so that its
/// result depends on neither threads nor order.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t from = seed;
    std::uint64_t mixed = split_mix(from) + stream;
    for (std::uint64_t& word : state_) word = split_mix(mixed);
  }

  std::uint64_t next() {
    const std::uint64_t out = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return out;
  }

  /// A whole number in [0, n), n > 0, each as likely as another (Lemire 2019).
  std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = (next() >> 32) * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t unfair = (0 - n) % n;
      while (static_cast<std::uint32_t>(product) < unfair) product = (next() >> 32) * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  static std::uint64_t split_mix(std::uint64_t& x) {
    x += 0x9e3779b97f4a7c15;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_[4];
};

}  // namespace gridward::stats
