#pragma once
// OCPP-1: the CALLs to one station, one outstanding at a time, the others in a bounded queue. A
// grant takes the place of an older one of its connector; decreases go first.
//
//   queued --next--> outstanding --answer of its id--> taken
//                        \--no answer in time--> taken as overdue

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "ocpp/wire/error_code.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// What a CALL is for.
enum class errand : std::uint8_t {
  grant,
  /// The default profile of onboarding.
  fallback,
  start,
  stop,
  /// A command of the engine that is done with its answer: reset, unlock, availability, profiles.
  command,
  /// A setting, a trigger, a question: onboarding goes on whatever the answer is.
  onboarding,
  /// An order of an operator, for the API.
  order,
  /// A trigger for meter values.
  sample,
  /// A step of an order of more CALLs than one.
  settings,
  /// The list of tags that the station keeps (list_keeping.hpp).
  local_list,
};

/// What became of one key of an order that sets back settings.
struct settled_setting {
  std::string key;
  std::string wanted;
  /// Absent: the station does not list it.
  std::optional<std::string> found;
  /// The station's status, or the code of its error; empty: not asked yet.
  std::string status;
};

struct station_call {
  errand purpose = errand::onboarding;
  std::string action;
  /// A JSON object.
  std::string payload;
  /// Place in its station, from 0; of grant, start, stop and command.
  std::size_t connector = 0;
  /// Of the command that it serves; 0: none.
  domain::epoch owner = 0;
  domain::sequence number = 0;
  /// grant: less than what the station has.
  bool is_decrease = false;
  /// grant, fallback: which of the forms that its station may take (`learned_form`).
  std::size_t form = 0;
  /// local_list: a difference to what the station has.
  bool is_difference = false;
  /// order, settings: its number.
  std::uint64_t order = 0;
  /// settings: what is known so far; empty: nothing has been sent of it.
  std::vector<settled_setting> settled = {};
};

/// An order that its connection took with it.
struct lost_order {
  std::uint64_t order = 0;
  bool was_sent = false;
  /// As station_call has it.
  std::vector<settled_setting> settled = {};
};

class call_lane {
public:
  static constexpr std::size_t queued_max = 32;
  static constexpr domain::microseconds answer_within = std::chrono::seconds{30};

  /// False where the queue is full. A call with something settled has room: it follows one that
  /// was answered.
  [[nodiscard]] bool push(station_call call);
  /// A connection has begun: ids of its calls are unlike those of every other one.
  void begin(std::uint64_t link);
  /// What waits is forgotten, what is outstanding has no answer; which orders were among them.
  std::vector<lost_order> end();
  /// False: no such order waits, or a part of it has been sent.
  [[nodiscard]] bool cancel(std::uint64_t order);
  /// The frame of the next call, where none is outstanding.
  [[nodiscard]] std::optional<std::string> next(domain::instant now);
  /// The call that `id` belongs to; absent: an answer to nothing.
  [[nodiscard]] std::optional<station_call> take_answer(std::string_view id);
  [[nodiscard]] std::optional<station_call> take_overdue(domain::instant now);
  /// The call that waits for its answer; null: none.
  [[nodiscard]] const station_call* outstanding() const {
    return outstanding_ ? &*outstanding_ : nullptr;
  }
  [[nodiscard]] bool is_idle() const { return !outstanding_ && queue_.empty(); }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }

private:
  std::deque<station_call> queue_;
  std::optional<station_call> outstanding_;
  std::string outstanding_id_;
  domain::instant sent_at_{};
  std::string prefix_;
  std::uint64_t sent_ = 0;
};

} // namespace busbar::adapters::ocpp::station
