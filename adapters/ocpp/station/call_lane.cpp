#include "adapters/ocpp/station/call_lane.hpp"

#include "ocpp/wire/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::station {

bool call_lane::push(station_call call) {
  if (call.purpose == errand::grant) {
    std::erase_if(queue_, [&](const station_call& each) {
      return each.purpose == errand::grant && each.connector == call.connector;
    });
  }
  if (queue_.size() >= queued_max && call.settled.empty()) return false;
  if (!call.is_decrease) {
    queue_.push_back(std::move(call));
    return true;
  }
  const auto place = std::ranges::find_if(
      queue_, [](const station_call& each) { return !each.is_decrease; });
  queue_.insert(place, std::move(call));
  return true;
}

void call_lane::begin(std::uint64_t link) {
  static_cast<void>(end());
  prefix_ = std::to_string(link) + "-";
}

std::vector<lost_order> call_lane::end() {
  std::vector<lost_order> lost;
  if (outstanding_ && outstanding_->order != 0)
    lost.push_back({outstanding_->order, true, std::move(outstanding_->settled)});
  for (auto& each : queue_)
    if (each.order != 0)
      lost.push_back({each.order, !each.settled.empty(), std::move(each.settled)});
  queue_.clear();
  outstanding_.reset();
  outstanding_id_.clear();
  return lost;
}

bool call_lane::cancel(std::uint64_t order) {
  return std::erase_if(queue_, [&](const station_call& each) {
           return each.order == order && each.settled.empty();
         }) > 0;
}

std::optional<std::string> call_lane::next(domain::instant now) {
  if (outstanding_ || queue_.empty()) return std::nullopt;
  outstanding_ = std::move(queue_.front());
  queue_.pop_front();
  sent_at_ = now;
  outstanding_id_ = prefix_ + std::to_string(++sent_);
  return busbar::ocpp::wire::write_call(outstanding_id_, outstanding_->action,
                                        outstanding_->payload);
}

std::optional<station_call> call_lane::take_answer(std::string_view id) {
  if (!outstanding_ || id != outstanding_id_) return std::nullopt;
  return std::exchange(outstanding_, std::nullopt);
}

std::optional<station_call> call_lane::take_overdue(domain::instant now) {
  if (!outstanding_ || now - sent_at_ < answer_within) return std::nullopt;
  return std::exchange(outstanding_, std::nullopt);
}

} // namespace busbar::adapters::ocpp::station
