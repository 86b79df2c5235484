#pragma once
// The journal of a scripted engine.

#include "ports/engine_node.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::tests {

class fake_journal : public ports::engine_node {
public:
  std::uint64_t record(domain::event event, std::optional<domain::session_fact> fact = {}) {
    const std::lock_guard lock{guard_};
    entries_.push_back({++end_, std::move(event), std::move(fact)});
    return end_;
  }
  /// As if its severity kept no more: the entries around it stay.
  void thin_out(std::uint64_t number) {
    const std::lock_guard lock{guard_};
    std::erase_if(entries_, [=](const auto& entry) { return entry.number == number; });
    whole_from_ = std::max(whole_from_, number + 1);
  }
  void forget_journal_before(std::uint64_t number) {
    const std::lock_guard lock{guard_};
    std::erase_if(entries_, [=](const auto& entry) { return entry.number < number; });
    whole_from_ = number;
  }

  [[nodiscard]] std::vector<ports::journal_entry> journal(std::uint64_t after,
                                                           std::size_t count) const override {
    const std::lock_guard lock{guard_};
    std::vector<ports::journal_entry> found;
    for (const auto& each : entries_)
      if (each.number > after && found.size() < count) found.push_back(each);
    return found;
  }
  [[nodiscard]] std::vector<ports::journal_entry>
  journal_before(std::uint64_t before, std::size_t count) const override {
    const std::lock_guard lock{guard_};
    std::vector<ports::journal_entry> found;
    for (auto each = entries_.rbegin(); each != entries_.rend(); ++each)
      if (each->number < before && found.size() < count) found.push_back(*each);
    return found;
  }
  [[nodiscard]] std::uint64_t journal_whole_from() const override {
    const std::lock_guard lock{guard_};
    return whole_from_;
  }
  [[nodiscard]] std::uint64_t journal_end() const override {
    const std::lock_guard lock{guard_};
    return end_;
  }

private:
  mutable std::mutex guard_;
  std::vector<ports::journal_entry> entries_;
  std::uint64_t whole_from_ = 1;
  std::uint64_t end_ = 0;
};

} // namespace busbar::tests
