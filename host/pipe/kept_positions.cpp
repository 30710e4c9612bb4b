// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/kept_positions.hpp"

#include <cphost/positions.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include "host/pipe/journal.hpp"
#include "host/pipe/retry.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {
namespace {

std::string copied(cphost_str text) {
  return text.data == nullptr ? std::string() : std::string(text.data, text.size);
}

cphost_str passed(const std::string& text) {
  return {text.data(), text.size()};
}

class OfSource : public KeptPositions {
 public:
  OfSource(const PipeConfig& config, Log log)
      : config_(config), log_(std::move(log)), source_(config.source, log_) {
    table_ = source_.component().extension_of<cphost_positions>(source_.get(),
                                                                CPHOST_POSITIONS_EXTENSION);
  }

  std::vector<KeptStream> list(const std::string& to) override {
    std::vector<KeptStream> streams;
    call([&] {
      streams.clear();
      return table_->list(source_.get(), passed(to), &streams, take);
    });
    return streams;
  }

  void set(const std::vector<PositionChange>& changes) override {
    std::vector<cphost_position_change> items;
    for (const PositionChange& change : changes)
      items.push_back({passed(change.name), passed(change.position)});
    const auto count = static_cast<uint32_t>(items.size());
    call([&] { return table_->set(source_.get(), items.data(), count); });
  }

 private:
  static void take(void* to, const cphost_kept_stream* from) {
    static_cast<std::vector<KeptStream>*>(to)->push_back(
        {copied(from->name), copied(from->position), copied(from->note), copied(from->first),
         copied(from->end), copied(from->target), from->lag});
  }

  // Waits out an outage for as long as a pipe does at its start; each call may be repeated.
  template <class F>
  void call(F&& ask) {
    const int64_t give_up_ms = monotonic_ms() + config_.start_timeout_ms;
    Backoff backoff(config_.retry_min_ms, config_.retry_max_ms);
    int32_t status = ask();
    Failure failure;
    while (status < 0) {
      failure = source_.env().take_failure(status);
      const int64_t left_ms = give_up_ms - monotonic_ms();
      if (status != CPHOST_RETRY || left_ms <= 0) break;
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::min<int64_t>(backoff.next_ms(), left_ms)));
      status = ask();
    }
    if (status >= 0) return;
    const StopPipe stop = StopPipe::because(source_.component().name, failure);
    throw status == CPHOST_RETRY ? StopPipe(kExitUnreachable, stop.what()) : stop;
  }

  const PipeConfig& config_;
  Log log_;
  SharedObject source_;
  const cphost_positions* table_ = nullptr;
};

// Its positions are those of records that are done; the source alone knows what lies before and
// behind them.
class OfJournal : public KeptPositions {
 public:
  OfJournal(const std::string& state_folder, const std::string& pipe)
      : journal_(state_folder, pipe) {}

  std::vector<KeptStream> list(const std::string& to) override {
    if (!to.empty() && to != kStart) {
      throw StopPipe(kExitConfig, "\"" + to +
                                      "\": positions in the journal can be set to \"earliest\", "
                                      "which forgets them, or stream by stream");
    }
    std::vector<KeptStream> streams;
    for (const auto& [name, entry] : journal_.entries()) {
      KeptStream stream;
      stream.name = name;
      stream.position = entry.position;
      stream.note = entry.note;
      stream.target = to;
      streams.push_back(std::move(stream));
    }
    return streams;
  }

  void set(const std::vector<PositionChange>& changes) override {
    std::vector<Journal::Update> updates;
    for (const PositionChange& change : changes) {
      if (change.position != kStart) updates.push_back({change.name, change.position, ""});
    }
    try {
      journal_.commit(updates);
      for (const PositionChange& change : changes) {
        if (change.position == kStart) journal_.forget(change.name);
      }
    } catch (const std::runtime_error& error) {
      throw StopPipe(kExitUnreachable, error.what());
    }
  }

 private:
  static constexpr const char* kStart = "earliest";
  Journal journal_;
};

bool shows_positions(const Component& source) {
  return source.extension_of<cphost_positions>(nullptr, CPHOST_POSITIONS_EXTENSION) != nullptr;
}

}  // namespace

OpenRanges open_ranges(const std::string& note) {
  OpenRanges open;
  try {
    for (const NotedRange& range : parse_note(note).ranges) {
      if (!range.is_written()) open.last.push_back(range.last);
    }
  } catch (const BadNote&) {
    open.is_damaged = true;
  }
  return open;
}

std::unique_ptr<KeptPositions> kept_positions(const PipeConfig& config, Log log,
                                              const std::string& state_folder) {
  const Component& source = *config.source.component;
  if (shows_positions(source)) return std::make_unique<OfSource>(config, std::move(log));
  if (source.has_commit) {
    throw StopPipe(kExitConfig, "the source '" + source.name +
                                    "' keeps its positions itself and does not show them");
  }
  try {
    return std::make_unique<OfJournal>(state_folder, config.name);
  } catch (const std::runtime_error& error) {
    throw StopPipe(kExitConfig, error.what());
  }
}

}  // namespace cphost::host
