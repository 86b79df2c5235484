#include "adapters/embedded/journal.hpp"

#include "adapters/embedded/journal_frame.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace busbar::adapters::embedded {

namespace {

namespace fs = std::filesystem;
using byte_list = std::vector<std::uint8_t>;

constexpr std::string_view mark = "busbar.journal.1\n";
constexpr mode_t owner_alone = 0600;

domain::error failed(const fs::path& path, const char* what) {
  return {domain::errc::unavailable, path.string() + ": " + what + ": " + std::strerror(errno)};
}

domain::result<void> write_all(int file, const byte_list& from, const fs::path& path) {
  for (std::size_t done = 0; done < from.size();) {
    const auto count = ::write(file, from.data() + done, from.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(path, "cannot be written");
    done += static_cast<std::size_t>(count);
  }
  if (::fdatasync(file) != 0) return failed(path, "cannot be written");
  return {};
}

/// A name that has changed is on the disk once its folder is.
void sync_folder(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  static_cast<void>(::fsync(opened));
  static_cast<void>(::close(opened));
}

byte_list begun() { return {mark.begin(), mark.end()}; }

} // namespace

journal::~journal() {
  for (const int each : {file_, lock_})
    if (each >= 0) static_cast<void>(::close(each));
}

domain::result<journal::content> journal::open(const fs::path& folder) {
  folder_ = folder;
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    return domain::error{domain::errc::unavailable,
                         folder.string() + ": cannot be made: " + failure.message()};
  if (auto locked = lock(); !locked) return locked.failure();
  fs::remove(folder / "journal.new", failure);
  return read();
}

domain::result<void> journal::lock() {
  const auto place = folder_ / "lock";
  lock_ = ::open(place.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_alone);
  if (lock_ < 0) return failed(place, "cannot be opened");
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return domain::error{domain::errc::conflict,
                       folder_.string() + ": another process keeps its log in this folder"};
}

domain::result<journal::content> journal::read() {
  const bool is_new = !fs::exists(path());
  file_ = ::open(path().c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_alone);
  if (file_ < 0) return failed(path(), "cannot be opened");
  if (is_new) {
    if (auto written = write_all(file_, begun(), path()); !written) return written.failure();
    sync_folder(folder_);
  }
  std::ifstream in(path(), std::ios::binary);
  const byte_list whole{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return failed(path(), "cannot be read");
  if (whole.size() < mark.size() || !std::equal(mark.begin(), mark.end(), whole.begin()))
    return domain::error{domain::errc::malformed, path().string() + ": is no journal of busbar"};
  content made;
  bytes_ = mark.size();
  while (auto entry = take_frame(whole, bytes_)) made.entries.push_back(std::move(*entry));
  if (bytes_ == whole.size()) return made;
  if (auto done = cut(whole, made); !done) return done.failure();
  return made;
}

domain::result<void> journal::cut(const byte_list& whole, content& into) {
  const auto aside = folder_ / ("torn-" + std::to_string(bytes_));
  std::ofstream out(aside, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(whole.data()) + bytes_,
            static_cast<std::streamsize>(whole.size() - bytes_));
  out.close();
  if (!out) return failed(aside, "cannot be written");
  if (::ftruncate(file_, static_cast<off_t>(bytes_)) != 0)
    return failed(path(), "cannot be cut");
  into.note = path().string() + ": " + std::to_string(whole.size() - bytes_) +
              " bytes at its end are torn: cut off, and kept in " + aside.string();
  return {};
}

domain::result<void> journal::take_back() {
  if (is_in_part_ && ::ftruncate(file_, static_cast<off_t>(bytes_)) != 0)
    return failed(path(), "cannot be cut");
  is_in_part_ = false;
  return {};
}

domain::result<void> journal::append(const std::vector<journal_entry>& entries) {
  byte_list frames;
  for (const auto& each : entries) put_frame(frames, each);
  if (auto whole = take_back(); !whole) return whole;
  auto written = write_all(file_, frames, path());
  if (written) {
    bytes_ += frames.size();
    return {};
  }
  is_in_part_ = true;
  if (auto whole = take_back(); !whole) return whole;
  return written;
}

domain::result<void> journal::rewrite(const std::vector<journal_entry>& entries) {
  auto whole = begun();
  for (const auto& each : entries) put_frame(whole, each);
  const auto next = folder_ / "journal.new";
  const int made = ::open(next.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
                          owner_alone);
  if (made < 0) return failed(next, "cannot be opened");
  auto written = write_all(made, whole, next);
  if (written && ::rename(next.c_str(), path().c_str()) != 0)
    written = failed(path(), "cannot be replaced");
  if (!written) {
    static_cast<void>(::close(made));
    static_cast<void>(::unlink(next.c_str()));
    return written;
  }
  sync_folder(folder_);
  static_cast<void>(::close(std::exchange(file_, made)));
  bytes_ = whole.size();
  is_in_part_ = false;
  return {};
}

} // namespace busbar::adapters::embedded
