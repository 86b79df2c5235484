#include "adapters/http/api/site_feed.hpp"

#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr domain::seconds whole_every{30};

bool is_same(const domain::node_view& a, const domain::node_view& b) {
  return a.limit_now == b.limit_now && a.allowed == b.allowed && a.unmanaged == b.unmanaged &&
         a.power_limit == b.power_limit && a.source == b.source && a.sources == b.sources &&
         a.reserved == b.reserved &&
         a.measured == b.measured && a.power == b.power && a.is_meter_stale == b.is_meter_stale;
}

bool is_same(const domain::station_view& a, const domain::station_view& b) {
  return a.is_healthy == b.is_healthy && a.closed_because == b.closed_because;
}

bool is_same(const domain::battery_view& a, const domain::battery_view& b) {
  return a.capacity == b.capacity && a.energy_to_full == b.energy_to_full &&
         a.departure_need == b.departure_need && a.exported == b.exported &&
         a.export_max == b.export_max;
}

bool is_same(const std::shared_ptr<const domain::battery_view>& a,
             const std::shared_ptr<const domain::battery_view>& b) {
  return a == b || (a && b && is_same(*a, *b));
}

/// `last_heard` and `tracking_samples` grow with every reading; alone they are no news.
bool is_same(const domain::connector_view& a, const domain::connector_view& b) {
  return a.state == b.state && a.is_stale == b.is_stale && a.target == b.target &&
         a.granted == b.granted && a.reserved == b.reserved && a.drawn == b.drawn &&
         a.power == b.power && a.energy_wh == b.energy_wh && a.soc == b.soc &&
         a.because == b.because && a.lifted_by == b.lifted_by && a.acknowledged == b.acknowledged &&
         a.tracking_error == b.tracking_error && a.step == b.step &&
         a.constraint == b.constraint && a.lines_now == b.lines_now &&
         a.used_lines == b.used_lines &&
         a.is_export == b.is_export && is_same(a.battery, b.battery);
}

using write_member = void (*)(text::json_writer&, const domain::site_view&, std::size_t);

/// The members of `table` that differ from `before`, or all where there is no `before`.
template <class Row>
void write_table(text::json_writer& json, const char* name, const domain::site_view& view,
                 const domain::site_view* before, std::vector<Row> domain::site_view::*table,
                 write_member write) {
  json.key(name).begin_array();
  const std::vector<Row>& rows = view.*table;
  for (std::size_t place = 0; place < rows.size(); ++place)
    if (before == nullptr || !is_same(rows[place], (before->*table)[place]))
      write(json, view, place);
  json.end_array();
}

std::string snapshot_json(const domain::site_view& view, const domain::site_view* before,
                          std::uint64_t number) {
  const domain::site& topology = *view.topology;
  text::json_writer json{before == nullptr ? 1'024 + 400 * view.connectors.size() : 4'096};
  json.begin_object().member("site", topology.id.text()).member("number", number);
  json.member("at", domain::text_of(view.at)).member("topology", topology_text(topology));
  json.member("mode", view.mode).member("mode_because", view.mode_because);
  json.member("policy", name_of(topology.split)).member("epoch", view.owner);
  json.member("plan_number", view.plan_number).member("plan_us", view.plan_time.count());
  write_table(json, "nodes", view, before, &domain::site_view::nodes, write_node_state);
  write_table(json, "stations", view, before, &domain::site_view::stations, write_station_state);
  write_table(json, "connectors", view, before, &domain::site_view::connectors,
              write_connector_now);
  json.key("sessions").begin_array();
  for (const domain::session_view& each : view.sessions) write_session_now(json, view, each);
  json.end_array().key("violations").begin_array();
  for (const domain::violation& each : view.violations) write_violation(json, each);
  json.end_array().key("constraints").begin_array();
  for (const domain::node_constraint& each : view.constraints)
    write_node_constraint(json, view, each);
  json.end_array().key("shedding").begin_object();
  write_shedding_members(json, view);
  json.end_object().end_object();
  return json.take();
}

} // namespace

shared_text event_text(const std::string& name, const std::string& json, std::uint64_t id) {
  std::string text = "event: " + name + "\n";
  if (id != 0) text += "id: " + std::to_string(id) + "\n";
  text.reserve(text.size() + json.size() + 10);
  text += "data: ";
  text += json;
  text += "\n\n";
  return std::make_shared<const std::string>(std::move(text));
}

bool site_feed::needs_whole(const domain::site_view& next) const {
  return newest_ == nullptr ||
         newest_->topology->revision != next.topology->revision ||
         newest_->connectors.size() != next.connectors.size() ||
         next.at - last_whole_at_ >= whole_every || next.at < last_whole_at_;
}

shared_text site_feed::advance(std::shared_ptr<const domain::site_view> view) {
  if (view == nullptr || view == newest_ || !is_whole(*view)) return nullptr;
  const bool is_new_whole = needs_whole(*view);
  const auto before = std::exchange(newest_, std::move(view));
  ++number_;
  whole_ = nullptr;
  if (!is_new_whole)
    return event_text("site_delta", snapshot_json(*newest_, before.get(), number_));
  last_whole_at_ = newest_->at;
  return whole();
}

shared_text site_feed::whole() {
  if (newest_ == nullptr) return nullptr;
  if (whole_ == nullptr) whole_ = event_text("site", snapshot_json(*newest_, nullptr, number_));
  return whole_;
}

} // namespace busbar::adapters::http::api
