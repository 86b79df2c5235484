#pragma once
// A run of the model in its yard, recorded into memory and fed back.

#include "recording/comparison.hpp"
#include "recording/step_codec.hpp"
#include "site/stepped_site.hpp"
#include "site/step_recorder.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace busbar::tests {

/// Keeps the bytes of each beginning.
class memory_recorder : public site::step_recorder {
public:
  struct segment {
    site::site_beginning start;
    std::shared_ptr<const std::vector<std::uint8_t>> bytes;
  };

  void begin(const site::site_beginning& start) override {
    close();
    start_ = start;
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

  [[nodiscard]] std::vector<segment> take() {
    close();
    writer_ = nullptr;
    return std::exchange(segments_, {});
  }

private:
  void close() {
    if (writer_)
      segments_.push_back(
          {start_, std::make_shared<const std::vector<std::uint8_t>>(writer_->take_bytes())});
  }
  site::site_beginning start_;
  std::unique_ptr<recording::step_writer> writer_;
  std::vector<segment> segments_;
};

struct replay_outcome {
  recording::comparison_counts counts;
  std::optional<recording::effect_difference> first;
  std::uint64_t strays = 0;
  std::uint64_t rounds = 0;
  bool has_failed = false;
};

/// `change`: may alter the site before its first step.
inline replay_outcome
replay(const memory_recorder::segment& from,
       const std::function<void(site::site_beginning&)>& change = {}) {
  auto start = from.start;
  if (change) change(start);
  site::stepped_site it{start};
  recording::comparison compared{start.layout};
  recording::step_reader reader{start.layout};
  reader.open(from.bytes);
  replay_outcome out;
  using found = recording::step_reader::found;
  for (auto next = reader.next(); next != found::nothing; next = reader.next()) {
    if (next == found::failure) {
      out.has_failed = true;
      break;
    }
    if (next == found::effect) {
      compared.recorded(reader.effect());
      continue;
    }
    out.rounds += std::holds_alternative<site::step::round>(reader.step());
    compared.begin(reader.step());
    it.take(reader.step(), compared);
  }
  compared.forget();
  out.counts = compared.counts();
  out.first = compared.first();
  out.strays = it.strays();
  return out;
}

inline std::string text_of(const replay_outcome& out) {
  if (!out.first) return "no difference";
  const auto& it = *out.first;
  return "tick " + std::to_string(it.tick) + ", " + it.input + ", " + it.source + ", " + it.effect +
         ", " + it.field.field + ": recorded " + it.field.recorded + ", replayed " +
         it.field.replayed;
}

} // namespace busbar::tests
