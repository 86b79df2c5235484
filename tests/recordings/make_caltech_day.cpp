// Makes the recording of a day of the Caltech garage anew: the sessions that began there on
// 5 March 2019, in a simulated garage, through the model of the site.
//
//   busbar_make_caltech_day SESSIONS.csv OUTPUT.rec

#include "adapters/config/site_file.hpp"
#include "apps/fleet/input_files.hpp"
#include "apps/recorder/site_recorder.hpp"
#include "domain/time_text.hpp"
#include "recording/block.hpp"
#include "simulator/world.hpp"
#include "site/site_model.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>

namespace busbar::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* day = "2019-03-05T";
/// What keeps the file small: a plan, and a reading and a check of health of each connector, every
/// two minutes.
constexpr std::int64_t plan_every_s = 120;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The example, with times that fit a plan every two minutes.
std::string site_text() {
  auto text = text_of(BUSBAR_SOURCE_DIR "/examples/caltech/site.toml");
  const std::string head = "[site]\n";
  text.insert(text.find(head) + head.size(), "lease_s = 600\nstale_after_s = 900\n");
  const std::string timeout = "timeout_s = 120";
  for (auto at = text.find(timeout); at != std::string::npos; at = text.find(timeout, at))
    text.replace(at, timeout.size(), "timeout_s = 1500");
  return text;
}

/// The lines of `sessions` that begin on the day.
std::string sessions_of_the_day(const fs::path& sessions) {
  std::istringstream in(text_of(sessions));
  std::ostringstream out;
  std::string line;
  for (bool is_first = true; std::getline(in, line); is_first = false)
    if (is_first || line.find(std::string{","} + day) != std::string::npos) out << line << '\n';
  return out.str();
}

/// Everything in one block, so that it deflates well.
class one_file : public site::step_recorder {
public:
  one_file(std::string text, fs::path path) : text_(std::move(text)), path_(std::move(path)) {}
  ~one_file() override {
    const std::string mark{recording::file_mark};
    std::vector<std::uint8_t> bytes(mark.begin(), mark.end());
    recording::put_block(bytes, recording::encode(head_));
    recording::put_block(bytes, writer_->take_bytes());
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    std::cout << path_.string() << ": " << bytes.size() << " bytes\n";
  }
  void begin(const site::site_beginning& start) override {
    head_ = head_of(start, {text_, {}});
    writer_ = std::make_unique<recording::step_writer>(start.layout);
  }
  void step(const site::site_step& step) override { writer_->put(step); }
  void effect(site::effect_source from, const domain::command& it) override {
    writer_->put(from, it);
  }
  void effect(site::effect_source from, const domain::session_fact& it) override {
    writer_->put(from, it);
  }
  void effect(site::effect_source from, const domain::event& it) override {
    writer_->put(from, it);
  }
  void effect(const domain::decision& it) override { writer_->put(it); }
  void effect(const domain::site_state& it) override { writer_->put(it); }

private:
  std::string text_;
  fs::path path_;
  recording::recording_head head_;
  std::unique_ptr<recording::step_writer> writer_;
};

simulator::world_settings garage(const fs::path& sessions, const domain::site& site) {
  simulator::world_settings made;
  made.reading_every = made.meter_every = domain::seconds{plan_every_s};
  made.monitor.every = domain::seconds{plan_every_s};
  made.idle_reading_every = domain::seconds{3 * plan_every_s};
  const tests::scratch_folder scratch;
  auto read = read_sessions(scratch.write("day.csv", sessions_of_the_day(sessions)), site, {});
  for (const auto& fault : read.faults.kept()) std::cerr << fault << '\n';
  made.arrivals = std::move(read.values);
  return made;
}

int make(const fs::path& sessions, const fs::path& output) {
  const auto text = site_text();
  const auto loaded = adapters::config::parse_site(text, "caltech");
  if (!loaded.site) {
    std::cerr << adapters::config::text_of(loaded.faults.front()) << '\n';
    return 1;
  }
  auto settings = garage(sessions, *loaded.site);
  if (settings.arrivals.empty()) {
    std::cerr << sessions.string() << ": no session of " << day << '\n';
    return 1;
  }
  simulator::world yard{loaded.site, std::move(settings), 1};
  site::site_model model{site::lay_out(loaded.site), 1};
  // 6:00 in Pasadena.
  const auto begin = *domain::instant_from("2019-03-05T14:00:00Z");
  model.record(std::make_shared<one_file>(text, output), begin);
  for (std::int64_t second = 0; second < 18 * 3'600; ++second) {
    const auto now = begin + domain::seconds{second};
    auto out = yard.step(now);
    std::vector<site::site_input> inputs;
    if (out.telemetry) inputs.emplace_back(std::move(*out.telemetry));
    for (auto& batch : out.results) inputs.emplace_back(std::move(batch));
    for (auto& request : out.requests) inputs.emplace_back(std::move(request));
    if (second % plan_every_s == 0) inputs.emplace_back(site::second_passed{});
    if (inputs.empty()) continue;
    const auto effects = model.apply(inputs, now);
    for (const auto& batch : effects.commands) yard.apply(batch, now);
    for (const auto& fact : effects.facts) yard.apply(fact, now);
  }
  return 0;
}

} // namespace
} // namespace busbar::apps

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "busbar_make_caltech_day SESSIONS.csv OUTPUT.rec\n";
    return 2;
  }
  return busbar::apps::make(arguments[1], arguments[2]);
}
