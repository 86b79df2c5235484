#include "apps/recorder/site_recorder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace busbar::apps {

namespace {

/// A block that is larger goes to the store at once; a smaller one after this time.
constexpr std::size_t block_bytes = 64u << 10;
constexpr domain::seconds block_every{5};

auto hour_of(domain::instant at) { return std::chrono::floor<std::chrono::hours>(at); }

/// The site's id as the name of a folder: what is neither a letter nor a digit nor '-', '_' as %XX.
std::string folder_of(const domain::site_id& site) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string name;
  for (const auto each : site.text()) {
    const auto byte = static_cast<unsigned char>(each);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                          (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_';
    if (is_plain) name += each;
    else (name += '%').append({digits[byte >> 4], digits[byte & 15]});
  }
  return name;
}

std::string text_of(domain::instant at) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<milliseconds>(at - day)};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

} // namespace

recording::recording_head head_of(const site::site_beginning& start,
                                  recording::site_source source) {
  const auto& site = *start.layout->site;
  recording::recording_head head;
  head.version = BUSBAR_VERSION;
  head.site = site.id;
  head.source = std::move(source);
  if (site.configured) head.configured = *site.configured;
  head.topology_hash = site.topology_hash;
  head.revision = site.revision;
  head.owner = start.owner;
  head.table = start.table;
  head.breaker = start.breaker;
  head.decision_every = start.decision_every;
  head.segment = head.begun_at = start.now;
  head.state = start.restored;
  head.claims = start.claims;
  head.is_exact = start.is_exact;
  head.takes_over = !start.is_exact;
  return head;
}

site_recorder::site_recorder(std::shared_ptr<recording_store> store,
                             std::function<recording::site_source()> source)
    : store_(std::move(store)), source_(std::move(source)) {}

site_recorder::~site_recorder() { close(); }

void site_recorder::end() {
  const std::lock_guard lock{guard_};
  close();
}

void site_recorder::close() {
  if (!writer_) return;
  hand_over(handed_over_at_);
  store_->close(file_);
  writer_ = nullptr;
}

void site_recorder::begin(const site::site_beginning& start) {
  auto source = source_();
  const std::lock_guard lock{guard_};
  close();
  layout_ = start.layout;
  const auto before = head_.segment;
  head_ = head_of(start, std::move(source));
  head_.segment = before;
  begin_segment(start.now);
}

void site_recorder::begin_segment(domain::instant now) {
  // Two that begin within a millisecond are two files, in their order.
  using std::chrono::floor, std::chrono::milliseconds;
  const auto earliest = floor<milliseconds>(head_.segment) + milliseconds{1};
  head_.segment = std::max<domain::instant>(now, earliest);
  head_.part = 0;
  open_file(now);
}

void site_recorder::open_file(domain::instant now) {
  head_.begun_at = now;
  file_ = folder_of(head_.site) + '/' + text_of(head_.segment) + '-' +
          std::to_string(head_.part) + ".rec";
  writer_ = std::make_unique<recording::step_writer>(layout_);
  handed_over_at_ = now;
  // Where even this finds no room, the next block does not either, and a segment begins then.
  static_cast<void>(store_->put(file_, recording::encode(head_)));
}

void site_recorder::hand_over(domain::instant now) {
  handed_over_at_ = now;
  if (writer_->size() == 0) return;
  if (store_->put(file_, writer_->take_bytes())) return;
  // What is lost cannot be replayed: what follows begins from the newest state.
  store_->close(file_);
  head_.is_exact = head_.takes_over = false;
  begin_segment(now);
}

void site_recorder::tend(domain::instant now) {
  const bool is_old = now - handed_over_at_ >= block_every;
  if (is_old || writer_->size() >= block_bytes) hand_over(now);
  if (hour_of(now) == hour_of(head_.begun_at)) return;
  hand_over(now);
  store_->close(file_);
  ++head_.part;
  open_file(now);
}

template <class Put> void site_recorder::locked(Put put) {
  const std::lock_guard lock{guard_};
  if (writer_) put(*writer_);
}

void site_recorder::step(const site::site_step& step) {
  locked([&](auto&) {
    // A round may begin a file, with another writer.
    if (const auto* round = std::get_if<site::step::round>(&step)) tend(round->now);
    writer_->put(step);
  });
}

void site_recorder::effect(site::effect_source from, const domain::command& command) {
  locked([&](auto& writer) { writer.put(from, command); });
}
void site_recorder::effect(site::effect_source from, const domain::session_fact& fact) {
  locked([&](auto& writer) { writer.put(from, fact); });
}
void site_recorder::effect(site::effect_source from, const domain::event& event) {
  locked([&](auto& writer) { writer.put(from, event); });
}
void site_recorder::effect(const domain::decision& decision) {
  locked([&](auto& writer) { writer.put(decision); });
}
void site_recorder::effect(const domain::site_state& state) {
  locked([&](auto& writer) {
    writer.put(state);
    head_.state = std::make_shared<const domain::site_state>(state);
  });
}

} // namespace busbar::apps
