#pragma once
// OCPP-7: transaction numbers, 1 to 2^31 - 1: not guessable from one another (a keyed permutation's
// output, the key is drawn where the process begins), and never one that is in use.

#include <cstdint>
#include <set>

namespace busbar::adapters::ocpp::station {

class number_source {
public:
  explicit number_source(std::uint64_t key) : state_(key) {}

  [[nodiscard]] std::int32_t next() {
    for (;;) {
      const auto number = static_cast<std::int32_t>(draw() & 0x7fff'ffff);
      if (number != 0 && used_.insert(number).second) return number;
    }
  }
  /// Takes one that was not drawn here. False: it is in use, or none.
  bool keep(std::int32_t number) { return number > 0 && used_.insert(number).second; }

private:
  /// splitmix64 (Steele, Lea, Flood 2014), whose upper bits are taken.
  std::uint64_t draw() {
    state_ += 0x9e37'79b9'7f4a'7c15u;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58'476d'1ce4'e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d0'49bb'1331'11ebu;
    return (mixed ^ (mixed >> 31)) >> 33;
  }

  std::uint64_t state_;
  /// Of this process: four bytes and a node each, 40 MB a million transactions.
  std::set<std::int32_t> used_;
};

} // namespace busbar::adapters::ocpp::station
