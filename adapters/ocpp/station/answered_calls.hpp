#pragma once
// OCPP-1: the newest CALLs of a station with their answers. One that comes again, with its id and
// its content, gets the same answer and does nothing twice; the same id with another content is
// another CALL.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::station {

class answered_calls {
public:
  /// Null: not among the newest ones.
  [[nodiscard]] const std::string* find(std::string_view frame) const {
    const auto hash = std::hash<std::string_view>{}(frame);
    for (const auto& each : newest_)
      if (each.hash == hash && each.frame_bytes == frame.size() && !each.answer.empty())
        return &each.answer;
    return nullptr;
  }

  void keep(std::string_view frame, std::string answer) {
    newest_[next_] = {std::hash<std::string_view>{}(frame), frame.size(), std::move(answer)};
    next_ = (next_ + 1) % newest_.size();
  }

private:
  struct entry {
    std::size_t hash = 0;
    std::size_t frame_bytes = 0;
    std::string answer;
  };
  std::array<entry, 4> newest_{};
  std::size_t next_ = 0;
};

} // namespace busbar::adapters::ocpp::station
