#include "recording/delta_codec.hpp"
#include "recording/step_codec.hpp"
#include "recording/step_kinds.hpp"

#include <algorithm>

namespace busbar::recording {

namespace {

namespace step = site::step;

/// The times and lists of one step.
class step_put {
public:
  step_put(byte_writer& out, input_memory& memory) : out_(out), memory_(memory) {}

  void operator()(const step::readings& it) {
    out_.put_unsigned(it.bay);
    put_time(it.received_at);
    put_list(it.readings, memory_.readings, &domain::reading::connector);
    put_list(it.health, memory_.health, &domain::health_report::station);
  }
  void operator()(const step::results& it) {
    out_.put_unsigned(it.bay);
    put_time(it.received_at);
    put_list(it.results, memory_.results, &domain::command_result::connector);
    out_.put_byte(it.are_of_before);
  }
  void operator()(const step::request& it) {
    out_.put_unsigned(it.station.value());
    put_time(it.received_at);
    put(out_, *it.request, domain::driver_request{});
  }
  void operator()(const step::direct& it) { put(out_, *it.order, site::direct_order{}); }
  void operator()(const step::errand& it) { put(out_, *it.errand, site::profile_errand{}); }
  void operator()(const step::outcome& it) { out_.put_unsigned(it.station.value()); }
  void operator()(const step::check& it) {
    out_.put_unsigned(it.bay);
    put_time(it.now);
  }
  void operator()(const step::report& it) {
    out_.put_unsigned(std::uint64_t{it.bay} * 2 + it.has_commands);
    put_tick(it.tick);
    put_time(it.now);
  }
  void operator()(const step::order& it) {
    out_.put_unsigned(it.bay);
    put_tick(it.tick);
  }
  void operator()(const step::round& it) {
    put_tick(it.tick);
    put_time(it.now);
  }
  void operator()(const step::reported& it) {
    out_.put_unsigned(it.bays.size());
    for (const auto& bay : it.bays) {
      out_.put_unsigned(bay->bay);
      put_tick(bay->tick);
    }
  }
  void operator()(const step::meters& it) {
    put_time(it.received_at);
    put_list(it.meters, memory_.meters, &domain::meter_reading::node);
  }
  void operator()(const step::operators& it) {
    put_time(it.now);
    put(out_, *it.by, domain::cause{});
    put(out_, *it.order, domain::operator_order{});
  }
  void operator()(const step::decide& it) {
    put_tick(it.tick);
    put_time(it.now);
    out_.put_byte(static_cast<std::uint8_t>(it.has_every_report + 2 * it.has_every_branch));
    if (!it.has_every_report) put_whole(it.sums);
    if (!it.has_every_branch) put_whole(it.branches);
  }
  void operator()(const step::station_actor& it) {
    out_.put_unsigned(it.station.value());
    out_.put_byte(static_cast<std::uint8_t>(it.change));
    out_.put_unsigned(it.pieces_done);
    out_.put_signed(it.since.time_since_epoch().count());
  }
  void operator()(const step::bay_begun& it) { out_.put_unsigned(it.bay); }
  void operator()(const step::desk_begun&) {}
  void operator()(const step::safe_orders& it) {
    put_tick(it.tick);
    put_time(it.now);
    out_.put_byte(it.are_due);
  }
  void operator()(const step::safe_bay& it) { out_.put_unsigned(it.bay); }
  void operator()(const step::safe_order& it) {
    out_.put_unsigned(it.station.value());
    out_.put_byte(it.is_told);
    out_.put_unsigned(it.pieces_done);
  }

private:
  void put_time(domain::instant at) {
    out_.put_signed((at - memory_.now).count());
    memory_.now = at;
  }
  void put_tick(std::uint64_t tick) {
    out_.put_signed(static_cast<std::int64_t>(tick - memory_.tick));
    memory_.tick = tick;
  }
  /// Each against the newest one of its place.
  template <class Value, class Index>
  void put_list(std::span<const Value> values, std::vector<Value>& newest, Index Value::*place) {
    out_.put_unsigned(values.size());
    std::int64_t before = -1;
    for (const auto& value : values) {
      const auto at = (value.*place).value();
      out_.put_signed(std::int64_t{at} - before - 1);
      before = at;
      put(out_, value, newest[at]);
      newest[at] = value;
    }
  }
  template <class Value> void put_whole(std::span<const Value> values) {
    out_.put_unsigned(values.size());
    for (const auto& value : values) put(out_, value, Value{});
  }

  byte_writer& out_;
  input_memory& memory_;
};

} // namespace

input_memory::input_memory(const domain::site& site)
    : readings(site.connectors.size()), meters(site.nodes.size()), health(site.stations.size()),
      results(site.connectors.size()) {
  for (std::size_t i = 0; i < readings.size(); ++i)
    readings[i].connector = results[i].connector = domain::connector_index{i};
  for (std::size_t i = 0; i < meters.size(); ++i) meters[i].node = domain::node_index{i};
  for (std::size_t i = 0; i < health.size(); ++i) health[i].station = domain::station_index{i};
}

step_writer::step_writer(std::shared_ptr<const site::site_layout> layout)
    : layout_(std::move(layout)), inputs_(*layout_->site), effects_(*layout_) {}

void step_writer::put(const site::site_step& step) {
  byte_writer out{bytes_};
  out.put_byte(static_cast<std::uint8_t>(first_step_kind + step.index()));
  step_put each{out, inputs_};
  std::visit(each, step);
}

void step_writer::put(site::effect_source from, const domain::command& command) {
  byte_writer out{effect_};
  const auto slot = effects_.slot_of(command.connector);
  auto& before = effects_.of(from).commands[slot];
  out.put_unsigned(slot);
  recording::put(out, command, before);
  before = command;
  put_effect(effect_kind::command, from);
}

void step_writer::put(site::effect_source from, const domain::session_fact& fact) {
  byte_writer out{effect_};
  auto& memory = effects_.of(from);
  const auto slot = memory.slot_of(fact.session);
  out.put_unsigned(slot);
  recording::put(out, fact, memory.facts[slot]);
  memory.facts[slot] = fact;
  put_effect(effect_kind::fact, from);
}

void step_writer::put(site::effect_source from, const domain::event& event) {
  byte_writer out{effect_};
  auto& before = effects_.of(from).event;
  recording::put(out, event, before);
  before = event;
  put_effect(effect_kind::event, from);
}

void step_writer::put(const domain::decision& decision) {
  byte_writer out{effect_};
  recording::put(out, decision, effects_.decision);
  effects_.decision = decision;
  put_effect(effect_kind::decision, site::desk_source{});
}

void step_writer::put(const domain::site_state& state) {
  byte_writer out{effect_};
  auto record = record_of(state);
  recording::put(out, record, effects_.state);
  effects_.state = std::move(record);
  put_effect(effect_kind::state, site::desk_source{});
}

void step_writer::put_effect(effect_kind kind, site::effect_source from) {
  byte_writer out{bytes_};
  out.put_byte(static_cast<std::uint8_t>(first_effect_kind + static_cast<std::uint8_t>(kind)));
  out.put_unsigned(number_of_source(from));
  out.put_bytes(effect_);
  effect_.clear();
}

} // namespace busbar::recording
