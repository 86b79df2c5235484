#pragma once
// Takes the steps of one site from its actors and hands them to the store in blocks: one file an
// hour, and a new one where the site begins anew. By any thread; an entry takes a fraction of a
// microsecond.

#include "apps/recorder/recording_store.hpp"
#include "recording/recording_head.hpp"
#include "recording/step_codec.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace busbar::apps {

/// Of the first file of a segment.
[[nodiscard]] recording::recording_head head_of(const site::site_beginning& start,
                                                recording::site_source source);

class site_recorder : public site::step_recorder {
public:
  /// `source`: where the site comes from, as of now; asked whenever the site begins.
  site_recorder(std::shared_ptr<recording_store> store,
                std::function<recording::site_source()> source);
  /// Hands over what is left.
  ~site_recorder() override;

  void begin(const site::site_beginning& start) override;
  void step(const site::site_step& step) override;
  void end() override;
  void effect(site::effect_source from, const domain::command& command) override;
  void effect(site::effect_source from, const domain::session_fact& fact) override;
  void effect(site::effect_source from, const domain::event& event) override;
  void effect(const domain::decision& decision) override;
  void effect(const domain::site_state& state) override;

private:
  void close();
  void open_file(domain::instant now);
  void begin_segment(domain::instant now);
  void tend(domain::instant now);
  void hand_over(domain::instant now);
  template <class Put> void locked(Put put);

  const std::shared_ptr<recording_store> store_;
  const std::function<recording::site_source()> source_;
  std::mutex guard_;
  std::shared_ptr<const site::site_layout> layout_;
  recording::recording_head head_;
  std::unique_ptr<recording::step_writer> writer_;
  std::string file_;
  domain::instant handed_over_at_{};
};

} // namespace busbar::apps
