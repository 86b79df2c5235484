// A site's tick beside its actors, every rule on: the rows of its tables, unmanaged load, limits of
// the moment (breaker heat, peak demand), operators' limits, load shedding, loss of input, the plan
// and its orders. Baseline: the rows alone, copied into the image.

#include "loadtest/load_site.hpp"
#include "site/connector_table.hpp"
#include "site/report_writer.hpp"
#include "site/site_desk.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

namespace {

using namespace busbar;

/// A site whose stations all charge at what they were told, second by second.
class charging_site {
public:
  explicit charging_site(std::size_t stations)
      : layout_(site::lay_out(loadtest::load_site(0, stations))), desk_(layout_) {
    for (std::size_t b = 0; b < layout_->bays.size(); ++b) {
      tables_.emplace_back(layout_, static_cast<site::bay_index>(b), site::table_settings{});
      reports_.push_back(std::make_shared<site::bay_report>());
    }
  }

  /// Readings of all connectors at the next second, and the reports of all bays.
  void read() {
    now_ += std::chrono::seconds{1};
    ++tick_;
    for (std::size_t b = 0; b < tables_.size(); ++b) {
      const auto& rows = tables_[b].rows().connectors;
      std::vector<domain::reading> readings;
      for (std::size_t r = 0; r < rows.size(); ++r)
        readings.push_back(reading_of(rows[r], layout_->bays[b].connectors[r]));
      notices_.clear();
      tables_[b].apply(readings, now_, notices_);
      site::write_report(*reports_[b], tables_[b], {tick_, now_});
    }
  }
  void take() {
    for (const auto& report : reports_) desk_.take(report);
  }
  void decide() {
    desk_.decide(now_);
    orders_ = desk_.orders(tick_, now_);
  }
  /// Every order becomes a command that is answered at once.
  void obey() {
    for (const auto& order : orders_->orders) {
      auto& table = tables_[layout_->rows[order.connector.value()].bay];
      domain::command command;
      command.connector = order.connector;
      command.kind = domain::command_kind::grant;
      command.current = order.current;
      command.lease = domain::seconds{60};
      command.number = ++number_;
      table.issued(command, now_);
      table.apply(domain::command_result{order.connector, command.number,
                                         domain::outcome::accepted, {}, now_},
                  now_, notices_);
    }
  }

private:
  [[nodiscard]] domain::reading reading_of(const site::connector_row& row,
                                           domain::connector_index connector) const {
    domain::reading reading;
    reading.connector = connector;
    reading.measured_at = now_;
    const auto ma = static_cast<std::int32_t>(row.ledger.acknowledged().count());
    reading.current_ma = {ma, ma, ma};
    reading.power_w = ma * 690 / 1'000;
    reading.state = domain::connector_state::supplying;
    return reading;
  }

  std::shared_ptr<const site::site_layout> layout_;
  site::site_desk desk_;
  std::vector<site::connector_table> tables_;
  std::vector<std::shared_ptr<site::bay_report>> reports_;
  std::shared_ptr<const site::plan_orders> orders_;
  std::vector<site::station_notice> notices_;
  domain::instant now_{std::chrono::seconds{1'000'000}};
  std::uint64_t tick_ = 0;
  domain::sequence number_ = 0;
};

void tick_of_a_site(benchmark::State& state) {
  charging_site site{static_cast<std::size_t>(state.range(0))};
  for (auto _ : state) {
    state.PauseTiming();
    site.read();
    state.ResumeTiming();
    site.take();
    site.decide();
    state.PauseTiming();
    site.obey();
    state.ResumeTiming();
  }
}
BENCHMARK(tick_of_a_site)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

void baseline_rows_into_the_image(benchmark::State& state) {
  charging_site site{static_cast<std::size_t>(state.range(0))};
  for (auto _ : state) {
    state.PauseTiming();
    site.read();
    state.ResumeTiming();
    site.take();
  }
}
BENCHMARK(baseline_rows_into_the_image)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
