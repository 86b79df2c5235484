// [site] with [site.input], [site.load_shedding], [site.turns], [site.lines]
// and [site.ramp].

#include "adapters/config/site_tables.hpp"
#include "adapters/config/time_zones.hpp"

namespace busbar::adapters::config {

namespace {

constexpr range share{0, 1'000, "permille"};

domain::microseconds from_milliseconds(std::int64_t count) {
  return std::chrono::milliseconds{count};
}

/// The two oldest settings of input may stand in [site] itself.
void read_staleness(table_reader& reader, domain::input_settings& input) {
  using enum domain::stale_input_policy;
  put(input.stale_after, reader.integer("stale_after_s", {2, 3'600, "s"}));
  put(input.when_stale, reader.one_of("when_stale", {safe_zero, hold_last, exclude}));
}

void read_input(table_reader& site, domain::input_settings& input, fault_list& faults) {
  read_staleness(site, input);
  const auto* table = site.table("input");
  if (!table) return;
  using enum domain::stale_input_policy;
  table_reader reader{*table, "site input", faults};
  read_staleness(reader, input);
  for (const auto* field : {"stale_after_s", "when_stale"})
    if (site.has(field) && reader.has(field))
      reader.fail(field, "stands in [site] too: allowed is one place, best [site.input]");
  put(input.hold_max, reader.integer("hold_max_s", {0, 120, "s"}));
  put(input.cycles_max, reader.integer("cycles_max", {1, 100, "cycles"}));
  put(input.cold_start, reader.one_of("cold_start", {safe_zero, hold_last}));
  reader.finish();
}

void read_shedding(table_reader& site, domain::shedding_settings& shedding, fault_list& faults) {
  const auto* table = site.table("load_shedding");
  if (!table) return;
  table_reader reader{*table, "site load_shedding", faults};
  put(shedding.is_enabled, reader.boolean("enabled"));
  put(shedding.rise, reader.integer("rise_permille", {500, 1'200, "permille"}));
  put(shedding.fall, reader.integer("fall_permille", share));
  put(shedding.unexplained, reader.integer("unexplained_permille", share));
  if (const auto dwell = reader.thousandths("dwell_up_s", {0, 600, "s"}))
    shedding.dwell_up = from_milliseconds(*dwell);
  if (const auto dwell = reader.thousandths("dwell_down_s", {1, 3'600, "s"}))
    shedding.dwell_down = from_milliseconds(*dwell);
  reader.require({"fall_permille", shedding.fall.count()}, key_order::below,
                       {"rise_permille", shedding.rise.count()});
  reader.finish();
}

void read_turns(table_reader& site, domain::turn_settings& turns, fault_list& faults) {
  const auto* table = site.table("turns");
  if (!table) return;
  table_reader reader{*table, "site turns", faults};
  put(turns.on_min, reader.integer("on_min_s", {60, 7'200, "s"}));
  put(turns.off_min, reader.integer("off_min_s", {0, 3'600, "s"}));
  put(turns.patience, reader.integer("patience_s", {300, 86'400, "s"}));
  put(turns.blink_max, reader.integer("blink_s", {0, 3'600, "s"}));
  put(turns.asleep_after, reader.integer("asleep_after_s", {10, 3'600, "s"}));
  put(turns.probe_after, reader.integer("probe_after_s", {60, 86'400, "s"}));
  put(turns.reclaim_after, reader.integer("reclaim_after_s", {10, 3'600, "s"}));
  reader.finish();
}

void read_lines(table_reader& site, domain::line_settings& lines, fault_list& faults) {
  const auto* table = site.table("lines");
  if (!table) return;
  table_reader reader{*table, "site lines", faults};
  put(lines.are_learned, reader.boolean("learned"));
  put(lines.changes_at_once,
      reader.integer("changes_at_once",
                     {1, domain::line_settings::changes_at_once_max, "vehicles"}));
  reader.finish();
}

void read_ramp(table_reader& site, std::optional<domain::ramp>& ramping, fault_list& faults) {
  const auto* table = site.table("ramp");
  if (!table) return;
  table_reader reader{*table, "site ramp", faults};
  domain::ramp ramp;
  put(ramp.up_per_second, reader.thousandths("up_a_per_s", {0.001, 1'000, "A/s"}));
  // Thousandths of a kilowatt are watts.
  put(ramp.dc_up_per_second, reader.thousandths("dc_up_kw_per_s", {0.001, 1'000, "kW/s"}));
  put(ramp.dead_band, reader.thousandths("dead_band_a", {0, 10, "A"}));
  reader.finish();
  ramping = ramp;
}

void read_sharing(table_reader& reader, domain::site& site) {
  using enum domain::policy;
  put(site.split,
      reader.one_of("policy", {equal, priority, soc_deficit, earliest_deadline, least_laxity,
                               first_come, greatest_total, plan_ahead}));
  using domain::priority_order;
  put(site.by_priority,
      reader.one_of("priority", {priority_order::weighted, priority_order::strict}));
  put(site.soc_target, reader.integer("soc_target_permille", {1, 1'000, "permille"}));
  put(site.soc_reserve, reader.integer("soc_reserve_permille", share));
  reader.require({"soc_reserve_permille", site.soc_reserve.count()}, key_order::at_most,
                         {"soc_target_permille", site.soc_target.count()});
}

void read_zone(table_reader& reader, domain::site& site) {
  const auto name = reader.text("time_zone", 64);
  if (!name) return;
  auto zone = find_time_zone(*name);
  if (zone) site.zone = std::move(zone).value();
  else reader.fail("time_zone", "\"" + *name + "\" " + zone.failure().message);
}

} // namespace

void read_site_table(const toml::table& table, domain::site& site, site_places& places,
                     fault_list& faults) {
  table_reader reader{table, "site", faults};
  site.id = domain::site_id{reader.required_id("id")};
  site.name = reader.text("name", 128).value_or(site.id.text());
  put(site.nominal, reader.thousandths("nominal_v", {50, 1'000, "V"}));
  read_zone(reader, site);
  read_sharing(reader, site);
  site.currency = reader.text("currency", 3).value_or("EUR");
  put(site.price_per_kwh, reader.millionths("price_per_kwh", {0, 1'000, "per kWh"}));
  put(places.is_continuous, reader.boolean("continuous"));
  put(site.tracking_window, reader.integer("tracking_window", {1, 3'600, "samples"}));
  put(site.lease, reader.integer("lease_s", {6, 3'600, "s"}));
  read_input(reader, site.input, faults);
  read_shedding(reader, site.shedding, faults);
  read_turns(reader, site.turns, faults);
  read_lines(reader, site.lines, faults);
  read_ramp(reader, site.ramping, faults);
  reader.finish();
}

} // namespace busbar::adapters::config
