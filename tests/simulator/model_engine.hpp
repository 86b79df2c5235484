#pragma once
// The engine of simulated hours: the model of a site (site/site_model), which hears what a yard
// says and plans once a second, and at once where something cannot wait.

#include "domain/operator_order.hpp"
#include "simulator/outputs.hpp"
#include "site/site_model.hpp"
#include "tests/simulator/plan_audit.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace busbar::tests {

/// What an engine says in one moment.
struct engine_answers {
  std::vector<domain::command_batch> commands;
  std::vector<domain::session_fact> facts;
};

class model_engine {
public:
  explicit model_engine(std::shared_ptr<const domain::site> site);

  [[nodiscard]] engine_answers react(const simulator::outputs& heard, domain::instant now);

  // What it is ordered; it takes these with the next moment.

  void order(const domain::operator_order& order) { inputs_.emplace_back(order); }
  void order(site::profile_errand errand) { inputs_.emplace_back(std::move(errand)); }
  /// A limit on each line, of all that flows there or of the points' sum alone; absent: lifted.
  void impose(domain::node_index node, std::optional<domain::milliamperes> most,
              domain::counted_load counts = domain::counted_load::everything);

  // How it is driven.

  /// Its first plan is made then, and one each second from there.
  void begin_plans(domain::instant first) { next_plan_ = first; }
  /// Every vehicle counts on all lines of its connector: no reading's power is that of its currents
  /// (LIM-8).
  void ignore_lines() { is_blind_ = true; }
  /// Inputs of one moment reach it in a seeded order from now on, not in that of the log.
  void shuffle(std::uint64_t seed) { chance_.emplace(seed); }
  /// The process ends once its state is written; another one reads it and goes on.
  void hand_over(domain::instant now);
  /// KEEP-3: another model reads its state and takes the same inputs; its next `plans` plans are to
  /// be the same, from the same images, and the bytes of its state after them, too.
  /// False while a bill waits for its register: the next owner asks for that anew, and hears of it
  /// at another moment.
  [[nodiscard]] bool read_back(domain::instant now, int plans);

  // What came of it so far.

  [[nodiscard]] std::uint64_t plans() const { return plans_; }
  [[nodiscard]] std::uint64_t grants() const { return grants_; }
  /// Grants above the one before to the same connector.
  [[nodiscard]] std::uint64_t raises() const { return raises_; }
  [[nodiscard]] std::uint64_t events(const std::string& kind, domain::severity level) const;
  [[nodiscard]] site::site_model& model() { return *model_; }
  [[nodiscard]] const site::site_model& model() const { return *model_; }
  /// The newest image that was planned from.
  [[nodiscard]] const control::image& image() const { return model_->desk().image(); }
  /// Plans that were compared with those of a model that was read back.
  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  /// States that were compared, too: of moments at which no start and no stop waited.
  [[nodiscard]] std::uint64_t states_compared() const { return states_compared_; }
  /// Of its plans; null where the site is none that can be judged.
  [[nodiscard]] const plan_audit* audit() const { return audit_ ? &*audit_ : nullptr; }

private:
  void note(const site::site_effects& effects);
  void count(const domain::command& command);
  void compare();
  void compare_states();

  std::shared_ptr<const domain::site> site_;
  std::shared_ptr<const site::site_layout> layout_;
  domain::epoch owner_ = 1;
  std::unique_ptr<site::site_model> model_;
  std::unique_ptr<site::site_model> read_back_;
  int plans_to_compare_ = 0;
  std::uint64_t compared_ = 0;
  bool is_state_compared_ = false;
  std::uint64_t states_compared_ = 0;
  std::optional<plan_audit> audit_;
  std::vector<site::site_input> inputs_;
  std::optional<std::mt19937_64> chance_;
  domain::instant next_plan_{};
  bool is_blind_ = false;
  std::vector<domain::milliamperes> told_;
  std::map<std::pair<std::string, domain::severity>, std::uint64_t> events_;
  std::uint64_t plans_ = 0;
  std::uint64_t raises_ = 0;
  std::uint64_t grants_ = 0;
};

} // namespace busbar::tests
