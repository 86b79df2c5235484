#pragma once
// The ground of tests that hold for every log: helpers, and a fixture whose type gives `make_log()`
// and `run_id()`. Every test uses topics and groups of its own, so that a broker can be shared.

#include "ports/event_log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace busbar::adapters::testing {

using domain::errc;
using ports::log_consumer;
using ports::partition_id;
using ports::record;
using ports::shared_bytes;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Longer than a broker needs for anything.
inline constexpr seconds patience{60};

inline shared_bytes bytes_of(const std::string& text) {
  return std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
}
inline std::string text_of(const record& of) {
  return of.value ? std::string{of.value->begin(), of.value->end()} : "(null)";
}
inline std::vector<std::string> texts_of(const std::vector<record>& records) {
  std::vector<std::string> texts;
  for (const auto& each : records) texts.push_back(text_of(each));
  return texts;
}

/// Polls until `count` records are there or patience ends.
inline std::vector<record> take(log_consumer& from, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<record> all;
  while (all.size() < count && std::chrono::steady_clock::now() < deadline)
    for (auto& each : from.poll(count - all.size(), milliseconds{100}))
      all.push_back(std::move(each));
  return all;
}

/// Polls several members in turn until `is_done`; what they got is appended to `all`.
template <class Done>
bool poll_until(std::vector<log_consumer*> members, std::vector<record>& all, Done is_done) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    for (auto* member : members)
      for (auto& each : member->poll(100, milliseconds{20})) all.push_back(std::move(each));
  }
  return true;
}

template <class Fixture> class log_contract : public ::testing::Test {
protected:
  void SetUp() override {
    log_ = fixture_.make_log();
    ASSERT_NE(log_, nullptr);
    auto made = log_->producer();
    ASSERT_TRUE(made) << made.failure().message;
    producer_ = std::move(made.value());
  }

  ports::topic_settings topic(std::int32_t partitions) {
    static std::atomic<int> number{0};
    ports::topic_settings settings;
    settings.name = "contract." + std::to_string(++number) + "." + Fixture::run_id();
    settings.partitions = partitions;
    return settings;
  }
  ports::topic_settings new_topic(std::int32_t partitions) { return create(topic(partitions)); }
  ports::topic_settings create(const ports::topic_settings& settings) {
    const auto created = log_->ensure_topics({settings});
    EXPECT_TRUE(created) << created.failure().message;
    return settings;
  }

  ports::consumer_settings group(const std::string& name, const std::string& of_topic) {
    ports::consumer_settings settings;
    settings.group = name + "." + of_topic;
    settings.topics = {of_topic};
    settings.from_beginning = true;
    return settings;
  }
  std::unique_ptr<log_consumer> consumer(const ports::consumer_settings& settings) {
    auto made = log_->consumer(settings);
    EXPECT_TRUE(made) << made.failure().message;
    return made ? std::move(made.value()) : nullptr;
  }

  void publish(const std::string& to, const std::string& key, const std::string& text) {
    const auto published = producer_->publish(to, key, bytes_of(text));
    ASSERT_TRUE(published) << published.failure().message;
  }
  void flush() {
    const auto flushed = producer_->flush(patience);
    ASSERT_TRUE(flushed) << flushed.failure().message;
  }
  /// Values "1".."count" of one key.
  void publish_numbers(const std::string& to, const std::string& key, int first, int last) {
    for (int number = first; number <= last; ++number) publish(to, key, std::to_string(number));
    flush();
  }

  Fixture fixture_;
  std::shared_ptr<ports::event_log> log_;
  std::unique_ptr<ports::log_producer> producer_;
};

} // namespace busbar::adapters::testing
