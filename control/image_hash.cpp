#include "control/image_hash.hpp"

namespace busbar::control {

namespace {

/// FNV-1a by whole words: the parameters of the 64-bit variant, one step for each value.
class word_hash {
public:
  void add(std::uint64_t value) { state_ = (state_ ^ value) * 0x100000001b3ULL; }
  void add(bool value) { add(std::uint64_t{value}); }
  template <class Unit> void add(domain::quantity<Unit> value) {
    add(static_cast<std::uint64_t>(value.count()));
  }
  void add(domain::instant at) { add(static_cast<std::uint64_t>(at.time_since_epoch().count())); }
  template <class Value> void add(const std::optional<Value>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class Value> void add(const domain::maybe<Value>& value) {
    add(std::optional<Value>{value});
  }
  template <class Value> void add(const domain::per_line<Value>& values) {
    for (const auto& value : values) add(value);
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

void add(word_hash& hash, const node_image& node) {
  hash.add(static_cast<std::uint64_t>(node.knowledge));
  hash.add(node.unmanaged);
  hash.add(std::uint64_t{node.live_limits.size()});
  for (const auto& limit : node.live_limits) {
    hash.add(static_cast<std::uint64_t>(limit.source));
    hash.add(limit.current);
    hash.add(limit.power);
  }
  hash.add(std::uint64_t{node.orders.size()});
  for (const auto& order : node.orders) {
    hash.add(static_cast<std::uint64_t>(order.limit.source));
    hash.add(order.limit.current);
    hash.add(order.limit.power);
    hash.add(static_cast<std::uint64_t>(order.counts));
    hash.add(order.guaranteed);
  }
  hash.add(node.unbalanced_max);
  if (node.left_behind != decltype(node.left_behind){}) hash.add(node.left_behind);
  for (const auto& flow : {node.flow, node.unmanaged_sure}) {
    if (!flow) continue;
    hash.add(flow->current);
    hash.add(flow->power);
  }
}

void add(word_hash& hash, const connector_image& connector) {
  hash.add(connector.wants);
  hash.add(connector.is_reachable);
  hash.add(connector.is_available);
  hash.add(connector.drawn);
  if (connector.drawn_ms_ago != 0) hash.add(std::uint64_t{connector.drawn_ms_ago});
  hash.add(connector.told);
  hash.add(connector.acknowledged);
  hash.add(connector.unanswered);
  hash.add(connector.reserve);
  hash.add(connector.excess);
  hash.add(connector.overdraws_since);
  hash.add(connector.may_rise);
  hash.add(connector.owes_answer);
  hash.add(connector.is_read_before_told);
  hash.add(connector.is_zeroed);
  hash.add(connector.is_disobeying);
  hash.add(connector.operator_max);
  hash.add(connector.derated_max);
  hash.add(connector.is_derated);
  hash.add(connector.export_max);
  hash.add(connector.gives_back);
  hash.add(connector.is_export);
  hash.add(connector.lines_now ? std::uint64_t{*connector.lines_now} : std::uint64_t{0});
  hash.add(std::uint64_t{connector.used_lines.value_or(domain::line_set{}).bits()});
  hash.add(connector.vehicle_max);
  hash.add(connector.soc);
  hash.add(connector.soc_target);
  hash.add(connector.soc_reserve);
  hash.add(connector.energy_needed);
  hash.add(connector.energy_delivered);
  hash.add(connector.arrived_at);
  hash.add(connector.departs_at);
}

} // namespace

std::uint64_t hash_of(const image& image) {
  word_hash hash;
  hash.add(image.now);
  hash.add(image.topology->revision);
  for (const auto& node : image.nodes) add(hash, node);
  for (const auto& connector : image.connectors) add(hash, connector);
  hash.add(static_cast<std::uint64_t>(image.shedding_level));
  return hash.value();
}

} // namespace busbar::control
