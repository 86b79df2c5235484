#include "recording/comparison.hpp"

#include "recording/step_kinds.hpp"

#include <type_traits>
#include <utility>

namespace busbar::recording {

namespace {

namespace step = site::step;

std::string name_of_effect(const domain::command& it) {
  return std::string{"command "} + std::to_string(it.number) + " (" + name_of(it.kind) + ")";
}
std::string name_of_effect(const domain::session_fact& it) {
  return std::string{"session fact "} + name_of(it.kind) + " of " + it.session.text();
}
std::string name_of_effect(const domain::event& it) { return "event " + it.kind; }
std::string name_of_effect(const domain::decision& it) {
  return "decision of plan " + std::to_string(it.plan_number);
}
std::string name_of_effect(const state_record& it) {
  return "state of plan " + std::to_string(it.plan_number);
}

/// The time that a step states; absent where it states none.
std::optional<domain::instant> time_of(const site::site_step& step) {
  return std::visit(
      [](const auto& it) -> std::optional<domain::instant> {
        if constexpr (requires { it.received_at; }) return it.received_at;
        else if constexpr (requires { it.now; }) return it.now;
        else return std::nullopt;
      },
      step);
}

class step_text {
public:
  explicit step_text(const site::site_layout& layout) : layout_(layout) {}
  std::string operator()(const step::readings& it) const {
    return bay(it.bay) + " takes " + std::to_string(it.readings.size()) + " readings and " +
           std::to_string(it.health.size()) + " health reports";
  }
  std::string operator()(const step::results& it) const {
    return bay(it.bay) + " takes " + std::to_string(it.results.size()) + " answers";
  }
  std::string operator()(const step::request& it) const {
    return station(it.station) + " gets request " + it.request->id.text();
  }
  std::string operator()(const step::direct& it) const {
    return station(it.order->station) + " is ordered to " + name_of(it.order->kind);
  }
  std::string operator()(const step::errand& it) const {
    return station(it.errand->station) + " gets an order about profiles";
  }
  std::string operator()(const step::outcome& it) const {
    return "the outcome of " + station(it.station);
  }
  std::string operator()(const step::check& it) const { return bay(it.bay) + " checks deadlines"; }
  std::string operator()(const step::report& it) const { return bay(it.bay) + " reports"; }
  std::string operator()(const step::order& it) const { return bay(it.bay) + " takes its orders"; }
  std::string operator()(const step::round&) const { return "the round begins"; }
  std::string operator()(const step::reported& it) const {
    return "the desk takes " + std::to_string(it.bays.size()) + " reports";
  }
  std::string operator()(const step::meters& it) const {
    return "the desk takes " + std::to_string(it.meters.size()) + " meters";
  }
  std::string operator()(const step::operators&) const { return "the desk takes an order"; }
  std::string operator()(const step::decide&) const { return "the desk decides"; }
  std::string operator()(const step::station_actor& it) const {
    constexpr const char* changes[] = {" begins", " has ended", " stalls", " is given up",
                                       " answers again"};
    return "the actor of " + station(it.station) + changes[static_cast<std::size_t>(it.change)];
  }
  std::string operator()(const step::bay_begun& it) const { return bay(it.bay) + " begins"; }
  std::string operator()(const step::desk_begun&) const { return "the desk begins"; }
  std::string operator()(const step::safe_orders&) const { return "the safe mode's round"; }
  std::string operator()(const step::safe_bay& it) const {
    return bay(it.bay) + " takes its fallbacks";
  }
  std::string operator()(const step::safe_order& it) const {
    return station(it.station) + (it.is_told ? " is told its fallback" : " cannot be told");
  }

private:
  [[nodiscard]] std::string bay(site::bay_index index) const {
    return branch_name(layout_, layout_.bays[index].branch);
  }
  [[nodiscard]] std::string station(domain::station_index index) const {
    return "station:" + layout_.site->stations[index.value()].id.text();
  }
  const site::site_layout& layout_;
};

} // namespace

std::string text_of(const site::site_step& step, const site::site_layout& layout) {
  return std::visit(step_text{layout}, step);
}

std::string text_of(site::effect_source source, const site::site_layout& layout) {
  if (const auto* bay = std::get_if<site::bay_source>(&source))
    return branch_name(layout, layout.bays[bay->bay].branch);
  if (const auto* station = std::get_if<domain::station_index>(&source))
    return "station:" + layout.site->stations[station->value()].id.text();
  return "desk";
}

comparison::comparison(std::shared_ptr<const site::site_layout> layout)
    : layout_(std::move(layout)), reader_(std::make_shared<effect_reader>(*layout_)),
      queues_(2 * (layout_->bays.size() + layout_->site->stations.size()) + 2) {}

comparison::queue& comparison::queue_of(site::effect_source source) {
  return queues_[number_of_source(source)];
}

void comparison::open_file() { reader_ = std::make_shared<effect_reader>(*layout_); }

void comparison::begin(const site::site_step& step) {
  step_ = &step;
  now_ = time_of(step).value_or(now_);
  if (const auto* round = std::get_if<step::round>(&step)) tick_ = round->tick;
}

void comparison::recorded(const raw_effect& effect) {
  auto& own = queue_of(effect.from);
  if (own.replayed.empty()) return own.recorded.push_back({effect, reader_});
  const auto before = std::move(own.replayed.front());
  own.replayed.pop_front();
  std::visit([&](const auto& value) { compare({effect, reader_}, value); }, before);
}

template <class Value> void comparison::replayed(site::effect_source from, const Value& value) {
  auto& own = queue_of(from);
  if (own.recorded.empty()) return own.replayed.push_back(value);
  const auto effect = std::move(own.recorded.front());
  own.recorded.pop_front();
  compare(effect, value);
}

template <class Value> void comparison::compare(const waiting& effect, const Value& value) {
  const auto from = effect.raw.from;
  const auto read = effect.reader->read(effect.raw);
  if (!read)
    return differs(from, name_of_effect(value), {"(bytes)", "not to be read", ""});
  const auto* const* same = std::get_if<const Value*>(&*read);
  if (same == nullptr) {
    const auto recorded = std::visit([](const auto* it) { return name_of_effect(*it); }, *read);
    return differs(from, recorded, {"kind", recorded, name_of_effect(value)});
  }
  auto found = difference_of(**same, value);
  if (found) differs(from, name_of_effect(**same), std::move(*found));
  else if (now_ >= from_) ++counts_.same;
}

void comparison::differs(site::effect_source from, std::string effect, field_difference field) {
  if (now_ < from_) return;
  ++counts_.different;
  last_at_ = now_;
  if (first_) return;
  first_ = effect_difference{now_, tick_, step_ ? text_of(*step_, *layout_) : std::string{},
                             text_of(from, *layout_), std::move(effect), std::move(field)};
}

void comparison::forget() {
  for (auto& own : queues_) {
    counts_.left_recorded += own.recorded.size();
    counts_.left_replayed += own.replayed.size();
    // What is passed over goes on to be what the next one differs from.
    for (const auto& effect : own.recorded) static_cast<void>(effect.reader->read(effect.raw));
    own.recorded.clear();
    own.replayed.clear();
  }
}

void comparison::effect(site::effect_source from, const domain::command& command) {
  replayed(from, command);
}
void comparison::effect(site::effect_source from, const domain::session_fact& fact) {
  replayed(from, fact);
}
void comparison::effect(site::effect_source from, const domain::event& event) {
  replayed(from, event);
}
void comparison::effect(const domain::decision& decision) {
  replayed(site::desk_source{}, decision);
}
void comparison::effect(const domain::site_state& state) {
  replayed(site::desk_source{}, record_of(state));
}

} // namespace busbar::recording
