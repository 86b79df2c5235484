#include "apps/recorder/recording_store.hpp"

#include "recording/block.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

namespace busbar::apps {

namespace {

namespace fs = std::filesystem;

/// Between two looks at the folder: a part of its bound, so that it is exceeded by little.
std::uint64_t sweep_every(std::uint64_t bytes_max) {
  return std::min<std::uint64_t>(bytes_max / 16, 16u << 20);
}

struct known_file {
  fs::path path;
  std::uint64_t size = 0;
  fs::file_time_type written_at;
};

std::vector<known_file> files_of(const std::string& folder) {
  std::vector<known_file> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::error_code gone;
    if (at->path().extension() != ".rec" || !at->is_regular_file(gone)) continue;
    known_file file{at->path(), at->file_size(gone), at->last_write_time(gone)};
    if (!gone) files.push_back(std::move(file));
  }
  std::ranges::sort(files, {}, &known_file::written_at);
  return files;
}

} // namespace

domain::result<void> recording_store::prepare(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  const auto probe = fs::path(folder) / ".busbar-writes";
  const bool is_open = !failed && std::ofstream(probe).put('x').flush().good();
  std::error_code ignored;
  fs::remove(probe, ignored);
  if (is_open) return {};
  return domain::error{domain::errc::unavailable,
                       folder + ": cannot be written: " +
                           (failed ? failed.message() : std::strerror(errno))};
}

recording_store::recording_store(recording_settings settings) : settings_(std::move(settings)) {
  sweep();
  thread_ = std::thread{[this] { run(); }};
}

recording_store::~recording_store() {
  {
    const std::lock_guard lock{guard_};
    shall_stop_ = true;
  }
  has_work_.notify_one();
  thread_.join();
}

bool recording_store::put(const std::string& file, std::vector<std::uint8_t> bytes) {
  const std::lock_guard lock{guard_};
  if (waiting_bytes_ + bytes.size() > waiting_bytes_max) return false;
  waiting_bytes_ += bytes.size();
  waiting_.push_back({file, std::move(bytes), false});
  has_work_.notify_one();
  return true;
}

void recording_store::close(const std::string& file) {
  const std::lock_guard lock{guard_};
  waiting_.push_back({file, {}, true});
  has_work_.notify_one();
}

void recording_store::run() {
  std::unique_lock lock{guard_};
  for (;;) {
    has_work_.wait(lock, [this] { return shall_stop_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= next.bytes.size();
    lock.unlock();
    write(next);
    lock.lock();
  }
}

void recording_store::write(const piece& next) {
  if (next.is_last) {
    open_.erase(next.file);
    return;
  }
  const auto path = fs::path(settings_.folder) / next.file;
  std::vector<std::uint8_t> bytes;
  const bool is_new = open_.insert(next.file).second;
  if (is_new) {
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    const std::string_view mark{recording::file_mark};
    bytes.assign(mark.begin(), mark.end());
  }
  recording::put_block(bytes, next.bytes);
  std::ofstream out(path, is_new ? std::ios::binary | std::ios::trunc
                                 : std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) say(path.string() + ": cannot be written: " + std::strerror(errno));
  written_ += bytes.size();
  if (!is_new && written_ < sweep_every(settings_.bytes_max)) return;
  written_ = 0;
  sweep();
}

void recording_store::sweep() {
  auto files = files_of(settings_.folder);
  std::uint64_t all = 0;
  for (const auto& file : files) all += file.size;
  const auto oldest = fs::file_time_type::clock::now() - settings_.age_max;
  for (const auto& file : files) {
    if (all <= settings_.bytes_max && file.written_at >= oldest) return;
    const auto name = fs::relative(file.path, settings_.folder).string();
    if (open_.contains(name)) continue;
    std::error_code failed;
    if (fs::remove(file.path, failed)) all -= file.size;
  }
}

void recording_store::say(const std::string& trouble) {
  if (said_.insert(trouble).second && settings_.on_trouble) settings_.on_trouble(trouble);
}

} // namespace busbar::apps
