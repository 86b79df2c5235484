#include "recording/delta_codec.hpp"
#include "recording/step_codec.hpp"
#include "recording/step_kinds.hpp"

#include <limits>

namespace busbar::recording {

namespace {

namespace step = site::step;

/// Reads times, places and lists; what the site does not have is refused.
class step_take {
public:
  step_take(byte_reader& in, input_memory& memory) : in_(in), memory_(memory) {}

  std::uint32_t place(std::size_t size) {
    const auto value = in_.number();
    if (value >= size) in_.refuse();
    return value < size ? static_cast<std::uint32_t>(value) : 0;
  }
  void check(std::size_t value, std::size_t size) {
    if (value >= size) in_.refuse();
  }
  domain::instant time() {
    memory_.now += domain::microseconds{in_.signed_number()};
    return memory_.now;
  }
  std::uint64_t tick() {
    memory_.tick += static_cast<std::uint64_t>(in_.signed_number());
    return memory_.tick;
  }
  template <class Value> void list(std::vector<Value>& values, std::vector<Value>& newest) {
    values.clear();
    std::int64_t at = -1;
    for (auto left = in_.count(); left > 0 && !in_.has_failed(); --left) {
      at += in_.signed_number() + 1;
      if (at < 0 || at >= static_cast<std::int64_t>(newest.size())) return in_.refuse();
      auto& value = newest[static_cast<std::size_t>(at)];
      take(in_, value);
      values.push_back(value);
    }
  }
  template <class Value> void whole(std::vector<Value>& values) {
    values.clear();
    for (auto left = in_.count(); left > 0 && !in_.has_failed(); --left)
      take(in_, values.emplace_back());
  }
  template <class Value> void blank(Value& value) {
    value = {};
    take(in_, value);
  }

private:
  byte_reader& in_;
  input_memory& memory_;
};

bool has_places(const domain::operator_order& order, const domain::site& site) {
  const auto is_there = [&](const auto& each) {
    if constexpr (requires { each.node; }) return each.node.value() < site.nodes.size();
    else if constexpr (requires { each.connector; })
      return each.connector.value() < site.connectors.size();
    else return true;
  };
  return std::visit(is_there, order);
}

template <class Value>
const Value* read_slot(byte_reader& in, std::vector<Value>& slots) {
  const auto slot = in.number();
  if (slot >= slots.size()) return nullptr;
  take(in, slots[slot]);
  return &slots[slot];
}

} // namespace

step_reader::step_reader(std::shared_ptr<const site::site_layout> layout)
    : layout_(std::move(layout)), inputs_(*layout_->site), in_({}) {}

void step_reader::open(std::shared_ptr<const std::vector<std::uint8_t>> block) {
  block_ = std::move(block);
  in_ = byte_reader{*block_};
}

step_reader::found step_reader::next() {
  if (in_.is_at_end()) return found::nothing;
  const auto kind = in_.byte();
  if (kind > first_effect_kind) {
    const auto which = static_cast<std::uint8_t>(kind - first_effect_kind);
    if (which > static_cast<std::uint8_t>(effect_kind::state)) return found::failure;
    return read_effect(static_cast<effect_kind>(which)) ? found::effect : found::failure;
  }
  if (kind < first_step_kind) return found::failure;
  return read_step(kind - first_step_kind) ? found::step : found::failure;
}

bool step_reader::read_effect(effect_kind kind) {
  effect_.kind = kind;
  const auto source = in_.number();
  const auto place = static_cast<std::uint32_t>(source == 0 ? 0 : (source - 1) / 2);
  const bool is_station = source != 0 && source % 2 == 0;
  const auto size = is_station ? layout_->site->stations.size() : layout_->bays.size();
  if (source != 0 && (source - 1) / 2 >= size) return false;
  effect_.from = site::desk_source{};
  if (is_station) effect_.from = domain::station_index{place};
  else if (source != 0) effect_.from = site::bay_source{place};
  effect_.bytes = in_.bytes();
  effect_.block = block_;
  return !in_.has_failed();
}

bool step_reader::read_step(std::size_t kind) {
  if (kind <= place_of<step::outcome>) read_input(kind);
  else if (kind <= place_of<step::order>) read_bay_step(kind);
  else if (kind <= place_of<step::decide>) read_desk_step(kind);
  else read_actor_step(kind);
  return !in_.has_failed();
}

void step_reader::read_input(std::size_t kind) {
  step_take in{in_, inputs_};
  const auto stations = layout_->site->stations.size();
  const bool is_of_bay = kind == place_of<step::readings> || kind == place_of<step::results>;
  if (is_of_bay) {
    const auto bay = in.place(layout_->bays.size());
    const auto at = in.time();
    if (kind == place_of<step::results>) {
      in.list(results_, inputs_.results);
      step_ = step::results{bay, at, results_, in_.byte() != 0};
      return;
    }
    in.list(readings_, inputs_.readings);
    in.list(health_, inputs_.health);
    step_ = step::readings{bay, at, readings_, health_};
  } else if (kind == place_of<step::request>) {
    const domain::station_index station{in.place(stations)};
    const auto at = in.time();
    in.blank(request_);
    step_ = step::request{station, at, &request_};
  } else if (kind == place_of<step::direct>) {
    in.blank(direct_);
    in.check(direct_.station.value(), stations);
    step_ = step::direct{&direct_};
  } else if (kind == place_of<step::errand>) {
    in.blank(errand_);
    in.check(errand_.station.value(), stations);
    step_ = step::errand{&errand_};
  } else {
    step_ = step::outcome{domain::station_index{in.place(stations)}};
  }
}

void step_reader::read_bay_step(std::size_t kind) {
  step_take in{in_, inputs_};
  const auto bays = layout_->bays.size();
  if (kind == place_of<step::check>) {
    const auto bay = in.place(bays);
    step_ = step::check{bay, in.time()};
  } else if (kind == place_of<step::report>) {
    const auto both = in.place(2 * bays);
    const auto tick = in.tick();
    step_ = step::report{both / 2, tick, in.time(), both % 2 != 0};
  } else {
    const auto bay = in.place(bays);
    step_ = step::order{bay, in.tick()};
  }
}

void step_reader::read_desk_step(std::size_t kind) {
  step_take in{in_, inputs_};
  if (kind == place_of<step::round>) {
    const auto tick = in.tick();
    step_ = step::round{tick, in.time()};
  } else if (kind == place_of<step::reported>) {
    read_reported();
  } else if (kind == place_of<step::meters>) {
    const auto at = in.time();
    in.list(meters_, inputs_.meters);
    step_ = step::meters{at, meters_};
  } else if (kind == place_of<step::operators>) {
    const auto at = in.time();
    in.blank(by_);
    in.blank(order_);
    if (!has_places(order_, *layout_->site)) in_.refuse();
    step_ = step::operators{&order_, &by_, at};
  } else if (kind == place_of<step::decide>) {
    read_decide();
  }
}

void step_reader::read_actor_step(std::size_t kind) {
  step_take in{in_, inputs_};
  const auto stations = layout_->site->stations.size();
  if (kind == place_of<step::station_actor>) {
    const domain::station_index station{in.place(stations)};
    const auto change = in_.byte();
    in.check(change, static_cast<std::size_t>(step::station_change::answered) + 1);
    const auto done = in_.number();
    const domain::instant since{domain::microseconds{in_.signed_number()}};
    step_ = step::station_actor{station, static_cast<step::station_change>(change), done, since};
  } else if (kind == place_of<step::bay_begun>) {
    step_ = step::bay_begun{in.place(layout_->bays.size())};
  } else if (kind == place_of<step::desk_begun>) {
    step_ = step::desk_begun{};
  } else if (kind == place_of<step::safe_orders>) {
    const auto tick = in.tick();
    const auto now = in.time();
    step_ = step::safe_orders{tick, now, in_.byte() != 0};
  } else if (kind == place_of<step::safe_bay>) {
    step_ = step::safe_bay{in.place(layout_->bays.size())};
  } else if (kind == place_of<step::safe_order>) {
    const domain::station_index station{in.place(stations)};
    const bool is_told = in_.byte() != 0;
    step_ = step::safe_order{station, is_told, in_.number()};
  } else {
    in_.refuse();
  }
}

void step_reader::read_reported() {
  step_take in{in_, inputs_};
  reports_.clear();
  for (auto left = in_.count(); left > 0 && !in_.has_failed(); --left) {
    const auto named = std::make_shared<site::bay_report>();
    named->bay = in.place(layout_->bays.size());
    named->tick = in.tick();
    reports_.push_back(named);
  }
  step_ = step::reported{reports_};
}

void step_reader::read_decide() {
  step_take in{in_, inputs_};
  step::decide it;
  it.tick = in.tick();
  it.now = in.time();
  const auto flags = in_.byte();
  it.has_every_report = (flags & 1) != 0;
  it.has_every_branch = (flags & 2) != 0;
  if (!it.has_every_report) in.whole(sums_);
  if (!it.has_every_branch) in.whole(branches_);
  if (!it.has_every_report) it.sums = sums_;
  if (!it.has_every_branch) it.branches = branches_;
  for (const auto& sum : it.sums) in.check(sum.node.value(), layout_->site->nodes.size());
  for (const auto& each : it.branches) in.check(each.branch, layout_->branches.size());
  step_ = it;
}

std::optional<effect_reader::value> effect_reader::read(const raw_effect& effect) {
  byte_reader in{effect.bytes};
  auto& memory = memory_.of(effect.from);
  value made;
  switch (effect.kind) {
    case effect_kind::command: made = read_slot(in, memory.commands); break;
    case effect_kind::fact: made = read_slot(in, memory.facts); break;
    case effect_kind::event:
      take(in, memory.event);
      made = &memory.event;
      break;
    case effect_kind::decision:
      take(in, memory_.decision);
      made = &memory_.decision;
      break;
    case effect_kind::state:
      take(in, memory_.state);
      made = &memory_.state;
      break;
  }
  const bool is_null = std::visit([](const auto* each) { return each == nullptr; }, made);
  if (is_null || in.has_failed() || !in.is_at_end()) return std::nullopt;
  return made;
}

} // namespace busbar::recording
