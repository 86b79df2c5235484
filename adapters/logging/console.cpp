#include "adapters/logging/console.hpp"

#include "adapters/logging/line_budget.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <mutex>

namespace busbar::adapters::logging {

namespace {

constexpr std::size_t queue_max = 8'192;

std::string written(const log_line& line, line_format format) {
  return format == line_format::json ? json_of(line) : text_of(line);
}

} // namespace

class console::writer {
public:
  explicit writer(console_settings settings)
      : settings_(settings), pool_(std::make_shared<spdlog::details::thread_pool>(queue_max, 1)),
        lines_(std::make_shared<spdlog::async_logger>(
            "busbar", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool_,
            spdlog::async_overflow_policy::overrun_oldest)) {
    lines_->set_pattern("%v");
    lines_->set_level(spdlog::level::trace);
    lines_->flush_on(spdlog::level::trace);
  }

  void write(const log_line& line) {
    if (!settings_.level || line.level < *settings_.level) return;
    {
      const std::lock_guard lock{guard_};
      if (!budget_.admits(line.kind, line.at)) return;
    }
    lines_->info(spdlog::string_view_t{written(line, settings_.format)});
  }

  void tell_withheld(domain::instant now) {
    std::vector<withheld_lines> told;
    {
      const std::lock_guard lock{guard_};
      told = budget_.take_withheld(now);
    }
    for (const auto& [kind, count] : told) {
      const log_line line{now, domain::severity::warning, "lines_withheld", "", kind,
                          std::to_string(count) + " more lines of this kind were not written"};
      lines_->info(spdlog::string_view_t{written(line, settings_.format)});
    }
  }

private:
  const console_settings settings_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> lines_;
  std::mutex guard_;
  line_budget budget_;
};

console::console(console_settings settings) : writer_(std::make_unique<writer>(settings)) {}

console::~console() = default;

void console::write(const log_line& line) { writer_->write(line); }

void console::write(const domain::event& event) {
  writer_->write(
      {event.at, event.level, event.kind, event.site.text(), event.subject, event.text});
}

void console::tell_withheld(domain::instant now) { writer_->tell_withheld(now); }

} // namespace busbar::adapters::logging
