#include "adapters/ocpp/gateway/frame_log.hpp"

#include <utility>

namespace busbar::adapters::ocpp::gateway {

void frame_log::forget_oldest(book& from) {
  const auto size = from.frames.front().text.size();
  from.bytes -= size;
  bytes_ -= size;
  from.frames.pop_front();
}

void frame_log::keep(const std::string& identity, ports::charge_point_frame frame) {
  auto& own = books_[identity];
  own.bytes += frame.text.size();
  bytes_ += frame.text.size();
  own.frames.push_back(std::move(frame));
  const auto is_full = [&] {
    return own.frames.size() > ports::charge_points::kept_frames_max ||
           own.bytes > station_bytes_max || bytes_ > all_bytes_max;
  };
  while (own.frames.size() > 1 && is_full()) forget_oldest(own);
}

std::vector<ports::charge_point_frame> frame_log::of(const std::string& identity) const {
  const auto found = books_.find(identity);
  if (found == books_.end()) return {};
  const auto& frames = found->second.frames;
  return {frames.rbegin(), frames.rend()};
}

} // namespace busbar::adapters::ocpp::gateway
