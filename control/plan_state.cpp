#include "control/plan_state.hpp"

#include <algorithm>
#include <array>

namespace busbar::control {

namespace {

constexpr std::uint8_t version = 5;
/// With seven fields a connector of what its station was told.
constexpr std::uint8_t version_before = 4;

class writer {
public:
  explicit writer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  void add(std::uint8_t byte) { bytes_.push_back(byte); }
  void add(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(bits >> (8 * i));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void add(domain::instant value) { add(std::int64_t{value.time_since_epoch().count()}); }
  void add(domain::milliamperes value) { add(value.count()); }
  template <class Value> void add(const std::optional<Value>& value) {
    add(static_cast<std::uint8_t>(value.has_value() ? 1 : 0));
    if (value) add(*value);
  }
  template <class Value> void add(const domain::maybe<Value>& value) {
    add(std::optional<Value>{value});
  }

private:
  std::vector<std::uint8_t>& bytes_;
};

/// Reading past the end or a presence byte other than 0 and 1 spoils the whole.
class reader {
public:
  explicit reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool is_spoiled() const { return is_spoiled_; }
  [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }
  void read(std::uint8_t& byte) {
    is_spoiled_ = is_spoiled_ || bytes_.empty();
    if (is_spoiled_) return;
    byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
  }
  void read(std::int64_t& value) {
    std::uint64_t bits = 0;
    for (int place = 0; place < 8; ++place) {
      std::uint8_t byte = 0;
      read(byte);
      bits |= std::uint64_t{byte} << (8 * place);
    }
    value = static_cast<std::int64_t>(bits);
  }
  void read(domain::instant& value) {
    std::int64_t count = 0;
    read(count);
    value = domain::instant{domain::microseconds{count}};
  }
  void read(domain::milliamperes& value) {
    std::int64_t count = 0;
    read(count);
    value = domain::milliamperes{count};
  }
  template <class Value> void read(std::optional<Value>& value) {
    std::uint8_t presence = 0;
    read(presence);
    is_spoiled_ = is_spoiled_ || presence > 1;
    if (is_spoiled_ || presence == 0) return;
    read(value.emplace());
  }
  template <class Value> void read(domain::maybe<Value>& value) {
    std::optional<Value> found;
    read(found);
    is_spoiled_ = is_spoiled_ || (found && !domain::maybe<Value>::can_hold(*found));
    if (!is_spoiled_) value = found;
  }

private:
  std::span<const std::uint8_t> bytes_;
  bool is_spoiled_ = false;
};

/// Every field once, in the one order that both directions share. `between` stands for what a
/// version before had there.
template <class Row, class Visit, class Between>
void visit_connector(Row& row, Visit visit, Between between) {
  visit(row.waiting_since);
  visit(row.on_since);
  visit(row.off_since);
  visit(row.away_since);
  visit(row.held_until);
  visit(row.unused_since);
  visit(row.probe_at);
  visit(row.naps);
  visit(row.asleep_as);
  visit(row.idle_since);
  visit(row.reclaimed_to);
  between(visit);
  visit(row.raised_at);
  visit(row.lines_wanted);
  visit(row.lines_decided_at);
  visit(row.lines_ordered_at);
  visit(row.deficit_ma_s);
}

template <class Row, class Visit> void visit_connector(Row& row, Visit visit) {
  visit_connector(row, visit, [](const auto&) {});
}

/// What the version before kept of what its station was told: what is told and acknowledged stands
/// beside it in the record.
template <class Visit> void visit_told(const Visit& visit) {
  domain::maybe<domain::instant> since;
  domain::maybe<domain::milliamperes> in_flight;
  domain::milliamperes acknowledged_before;
  visit(in_flight);
  visit(acknowledged_before);
  for (int field = 0; field < 5; ++field) visit(since);
}

template <class Row, class Visit> void visit_node(Row& row, Visit visit) {
  visit(row.exceeded_since);
  visit(row.kept_since);
}

/// Of a field that is an instant and there: `change` of it.
template <class Change> struct instants {
  Change change;
  void operator()(domain::maybe<domain::instant>& field) const {
    if (field) field = change(*field);
  }
  void operator()(std::optional<domain::instant>& field) const {
    if (field) field = change(*field);
  }
  template <class Other> void operator()(Other&) const {}
};

/// Calls `change` with every instant of every row.
template <class Change> void change_instants(plan_state& state, const Change& change) {
  const instants<Change> visit{change};
  visit(state.at);
  for (auto& row : state.connectors) visit_connector(row, visit);
  for (auto& row : state.nodes) visit_node(row, visit);
}

} // namespace

void follow_clock(plan_state& state, domain::instant now) {
  if (!state.at || *state.at <= now) return;
  const auto back = *state.at - now;
  change_instants(state, [back](domain::instant time) { return time - back; });
}

void clip_to(plan_state& state, domain::instant now, const promises_max& promises) {
  const auto promised = state.connectors;
  change_instants(state, [now](domain::instant time) { return std::min(time, now); });
  for (std::size_t i = 0; i < promised.size(); ++i) {
    const auto& before = promised[i];
    auto& row = state.connectors[i];
    if (before.held_until) row.held_until = std::min(*before.held_until, now + promises.turn);
    if (before.probe_at) row.probe_at = std::min(*before.probe_at, now + promises.nap);
  }
}

std::vector<std::uint8_t> encode(const plan_state& state) {
  std::vector<std::uint8_t> bytes;
  writer out{bytes};
  out.add(version);
  out.add(static_cast<std::int64_t>(state.connectors.size()));
  out.add(static_cast<std::int64_t>(state.nodes.size()));
  out.add(state.at);
  const auto add = [&](const auto& field) { out.add(field); };
  for (const auto& row : state.connectors) visit_connector(row, add);
  for (const auto& row : state.nodes) visit_node(row, add);
  return bytes;
}

std::optional<plan_state> decode(std::span<const std::uint8_t> bytes, std::size_t connectors,
                                 std::size_t nodes) {
  reader in{bytes};
  std::uint8_t found_version = 0;
  std::int64_t found_connectors = 0;
  std::int64_t found_nodes = 0;
  in.read(found_version);
  in.read(found_connectors);
  in.read(found_nodes);
  const bool is_known = found_version == version || found_version == version_before;
  if (in.is_spoiled() || !is_known ||
      found_connectors != static_cast<std::int64_t>(connectors) ||
      found_nodes != static_cast<std::int64_t>(nodes))
    return std::nullopt;
  plan_state state;
  state.connectors.resize(connectors);
  state.nodes.resize(nodes);
  in.read(state.at);
  const auto read = [&](auto& field) { in.read(field); };
  const auto between = [&](const auto& visit) {
    if (found_version == version_before) visit_told(visit);
  };
  for (auto& row : state.connectors) visit_connector(row, read, between);
  for (auto& row : state.nodes) visit_node(row, read);
  const bool are_lines_known = std::ranges::all_of(state.connectors, [](const auto& row) {
    return !row.lines_wanted || *row.lines_wanted == 1 || *row.lines_wanted == 3;
  });
  if (in.is_spoiled() || !in.is_at_end() || !are_lines_known) return std::nullopt;
  return state;
}

} // namespace busbar::control
