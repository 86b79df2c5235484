#include "apps/replay/segment_replay.hpp"

#include "recording/step_codec.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace busbar::apps::replay {

namespace {

namespace step = site::step;

site::site_beginning beginning_of(const recording::recording_head& head,
                                  std::shared_ptr<const domain::site> site) {
  site::site_beginning start;
  start.layout = site::lay_out(std::move(site));
  start.owner = head.owner;
  start.table = head.table;
  start.breaker = head.breaker;
  start.decision_every = head.decision_every;
  start.restored = head.state;
  start.claims = head.part == 0 && head.claims;
  start.now = head.begun_at;
  return start;
}

/// Passes effects on and lets facts be seen.
class effect_tee : public site::effect_listener {
public:
  effect_tee(recording::comparison& to, const site::stepped_site& from, const replay_watch& watch)
      : to_(to), from_(from), watch_(watch) {}
  void effect(site::effect_source from, const domain::command& it) override {
    to_.effect(from, it);
  }
  void effect(site::effect_source from, const domain::session_fact& it) override {
    if (watch_.told) watch_.told(from_, it);
    to_.effect(from, it);
  }
  void effect(site::effect_source from, const domain::event& it) override { to_.effect(from, it); }
  void effect(const domain::decision& it) override { to_.effect(it); }
  void effect(const domain::site_state& it) override { to_.effect(it); }

private:
  recording::comparison& to_;
  const site::stepped_site& from_;
  const replay_watch& watch_;
};

class segment_run {
public:
  segment_run(const recording_segment& segment, site::site_beginning start,
              const replay_window& window, const replay_watch& watch, site::stepped_site* before)
      : segment_(segment), window_(window), watch_(watch), start_(std::move(start)),
        site_(std::make_unique<site::stepped_site>(start_, before)), compared_(start_.layout),
        tee_(compared_, *site_, watch_) {
    if (window.from) compared_.count_from(*window.from);
    describe(before != nullptr);
  }

  domain::result<segment_report> run() {
    for (const auto& file : segment_.files) {
      if (is_over_) break;
      recording::step_reader reader{start_.layout};
      compared_.open_file();
      auto read = read_blocks(file.path, [&](std::vector<std::uint8_t> block) {
        reader.open(std::make_shared<const std::vector<std::uint8_t>>(std::move(block)));
        return take_block(reader);
      });
      if (!read) return read.failure();
      if (!read.value().empty()) report_.notes.push_back(std::move(read.value()));
    }
    conclude();
    return report_;
  }

  /// Null where it did not come to the segment's end exactly.
  std::unique_ptr<site::stepped_site> take_site() {
    const bool is_whole = report_.is_exact && !is_over_ && report_.notes.empty();
    return is_whole ? std::move(site_) : nullptr;
  }

private:
  void describe(bool has_before) {
    const auto& head = segment_.files.front().head;
    report_.of = {head.site.text(), head.version, head.owner, head.begun_at};
    report_.files = segment_.files.size();
    if (head.part != 0)
      void_exactness("its first file is not there: it begins from the changelog's state");
    else if (head.takes_over && !has_before)
      void_exactness("it takes over from a segment that is not there, or is not exact");
    else if (!head.is_exact && !head.takes_over)
      void_exactness("steps before it were lost");
  }

  bool take_block(recording::step_reader& reader) {
    using found = recording::step_reader::found;
    while (!is_over_) {
      const auto next = reader.next();
      if (next == found::nothing) return true;
      if (next == found::failure) return false;
      if (next == found::effect) compared_.recorded(reader.effect());
      else take(reader.step());
    }
    return true;
  }

  void take(const site::site_step& step) {
    if (const auto* round = std::get_if<step::round>(&step))
      is_over_ = window_.to && round->now > *window_.to;
    if (is_over_) return;
    ++report_.steps;
    compared_.begin(step);
    site_->take(step, tee_);
    const auto* plan = std::get_if<step::decide>(&step);
    if (plan == nullptr) return;
    ++report_.plans;
    if (watch_.planned) is_over_ = !watch_.planned(*site_, plan->now);
  }

  void void_exactness(std::string why) {
    if (report_.is_exact) report_.why_not_exact = std::move(why);
    report_.is_exact = false;
  }

  void conclude() {
    compared_.forget();
    report_.ended_at = compared_.now();
    report_.counts = compared_.counts();
    report_.first = compared_.first();
    report_.last_difference_at = compared_.last_at();
    report_.strays = site_->strays();
  }

  const recording_segment& segment_;
  const replay_window& window_;
  const replay_watch& watch_;
  site::site_beginning start_;
  std::unique_ptr<site::stepped_site> site_;
  recording::comparison compared_;
  effect_tee tee_;
  segment_report report_;
  bool is_over_ = false;
};

} // namespace

domain::result<segment_report> replay_segment(const recording_segment& segment,
                                              std::shared_ptr<const domain::site> site,
                                              const replay_window& window,
                                              const replay_watch& watch, replay_chain* chain) {
  const auto& head = segment.files.front().head;
  const bool takes_over = chain != nullptr && chain->site && head.takes_over && head.part == 0 &&
                          chain->site->layout().site->id == head.site;
  const auto before = takes_over ? std::move(chain->site) : nullptr;
  segment_run run{segment, beginning_of(head, std::move(site)), window, watch, before.get()};
  auto report = run.run();
  if (chain != nullptr) chain->site = run.take_site();
  return report;
}

} // namespace busbar::apps::replay
