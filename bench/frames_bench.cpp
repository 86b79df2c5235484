// A frame of MeterValues of 550 bytes: read, and held to its table strictly. Baselines in the same
// run: simdjson alone on the same text (its parse), and nlohmann's parse, which checks nothing.

#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/present_values.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "ocpp/wire/frame_writer.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <string>

namespace {

using namespace busbar::ocpp;

/// 4 samples with every usual member: 550 bytes.
const std::string& frame_text() {
  static const std::string text =
      R"([2,"6f1c2d4e-0000-4a00-8000-00000000001a","MeterValues",{"connectorId":1,)"
      R"("transactionId":1749284,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z",)"
      R"("sampledValue":[{"value":"15.60","context":"Sample.Periodic","measurand":)"
      R"("Current.Import","phase":"L1","unit":"A"},{"value":"15.40","context":)"
      R"("Sample.Periodic","measurand":"Current.Import","phase":"L2","unit":"A"},)"
      R"({"value":"10430","context":"Sample.Periodic","measurand":"Power.Active.Import",)"
      R"("unit":"W"},{"value":"506121","context":"Sample.Periodic","measurand":)"
      R"("Energy.Active.Import.Register","unit":"Wh"}]}]}])";
  return text;
}

void baseline_simdjson_parse(benchmark::State& state) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(frame_text());
  for (auto _ : state) benchmark::DoNotOptimize(parser.parse(text).error());
  state.counters["bytes"] = static_cast<double>(frame_text().size());
}
BENCHMARK(baseline_simdjson_parse);

void baseline_nlohmann_parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(frame_text()));
}
BENCHMARK(baseline_nlohmann_parse);

void read_frame(benchmark::State& state) {
  wire::frame_reader reader;
  for (auto _ : state) benchmark::DoNotOptimize(reader.read(frame_text()).index());
}
BENCHMARK(read_frame);

void read_and_check_strictly(benchmark::State& state) {
  wire::frame_reader reader;
  for (auto _ : state) {
    const auto read = reader.read(frame_text());
    const auto& frame = std::get<wire::frame>(read);
    const auto which = v16::action_from(frame.action);
    const auto found = v16::check(*which, v16::direction::request, frame.payload,
                                  v16::tolerance_set::none());
    if (!found.is_accepted()) state.SkipWithError("the frame is refused");
  }
}
BENCHMARK(read_and_check_strictly);

void check_alone(benchmark::State& state) {
  wire::frame_reader reader;
  const auto frame = std::get<wire::frame>(reader.read(frame_text()));
  for (auto _ : state)
    benchmark::DoNotOptimize(v16::check(v16::action::meter_values, v16::direction::request,
                                        frame.payload, v16::tolerance_set::none()));
}
BENCHMARK(check_alone);

void samples_to_present_values(benchmark::State& state) {
  wire::frame_reader reader;
  const auto frame = std::get<wire::frame>(reader.read(frame_text()));
  for (auto _ : state) {
    const auto list = v16::read_samples(frame.payload["meterValue"]);
    benchmark::DoNotOptimize(v16::moments_of(list.samples));
  }
}
BENCHMARK(samples_to_present_values);

void write_answer(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(wire::write_result("6f1c2d4e-0000-4a00-8000-00000000001a", "{}"));
}
BENCHMARK(write_answer);

} // namespace

BENCHMARK_MAIN();
