// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/pipe.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

#include "host/pipe/error_schema.hpp"
#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {
namespace {

UniqueSchema schema_of(SharedObject& source) {
  UniqueSchema schema;
  const int32_t status = source.component().source.schema(source.get(), schema.out());
  if (status < 0)
    throw StopPipe::because(source.component().name, source.env().take_failure(status));
  return schema;
}

std::string location(const Stage& stage) {
  return stage.where.file + ":" + std::to_string(stage.where.line);
}

}  // namespace

// The objects of one run, in the order in which they are made; destroyed in the opposite one.
class Pipe::Run {
 public:
  explicit Run(Pipe& pipe)
      : pipe_(pipe),
        config_(pipe.config_),
        log_(pipe.log_),
        source_(config_.source, log_),
        records_(schema_of(source_)),
        rejects_(config_.errors.stop_at) {
    if (config_.format) format_.emplace(*config_.format, log_);
    check_shape();
    target_ = std::make_shared<Target>(config_.sink, config_.delivery, log_);
    if (config_.errors.enabled) {
      errors_ = std::make_shared<Target>(config_.errors.sink, config_.delivery, log_);
    }
    if (!source_.component().has_commit) journal();
  }

  Outcome run() {
    if (!reach_target()) return {kExitDone, "", true};
    if (errors_ && !reach_error_table()) return {kExitDone, "", true};
    PipeContext context{config_,
                        log_,
                        pipe_.counters_,
                        source_,
                        format_ ? &*format_ : nullptr,
                        target_,
                        target_schema_,
                        errors_,
                        rejects_,
                        *records_.get(),
                        [this]() -> Journal& { return journal(); },
                        pipe_.stop_requests_,
                        halted_};
    std::vector<std::unique_ptr<Worker>> workers;
    for (uint32_t i = 0; i < config_.workers; ++i) {
      workers.push_back(std::make_unique<Worker>(context, i));
    }
    std::vector<std::thread> threads;
    threads.reserve(workers.size());
    for (auto& worker : workers) threads.emplace_back([this, w = worker.get()] { work(*w); });
    for (auto& thread : threads) thread.join();
    workers.clear();
    if (outcome_.exit_code == 0 && rejects_.tripped())
      return {kExitConfig, rejects_.verdict(), false};
    if (outcome_.exit_code == 0) outcome_.stopped = pipe_.stop_requests_ > 0;
    return outcome_;
  }

 private:
  void work(Worker& worker) {
    try {
      worker.run();
    } catch (const StopPipe& stop) {
      fail({stop.exit_code(), stop.what(), false});
    } catch (const BindingError& error) {
      fail({kExitConfig, location(config_.sink) + ": " + error.what(), false});
    } catch (const std::exception& error) {
      fail({kExitInternal, error.what(), false});
    }
  }

  void fail(Outcome outcome) {
    std::lock_guard lock(mutex_);
    if (outcome_.exit_code == 0) outcome_ = std::move(outcome);
    halted_ = true;
  }

  // Whether the source has `_value` decides whether the pipe has a [format].
  void check_shape() {
    const bool bytes = find(*records_.get(), "_value") >= 0;
    if (bytes && !config_.format) {
      throw StopPipe(kExitConfig,
                     location(config_.source) + ": the source '" + config_.source.component->name +
                         "' emits bytes; add a [format], for example plugin = \"json\"");
    }
    if (config_.delivery == Delivery::kExactlyOnce && !is_repeatable()) {
      throw StopPipe(kExitConfig,
                     location(config_.source) + ": what '" + config_.source.component->name +
                         "' reads here can't be read again: use delivery = \"at_least_once\"");
    }
    if (!bytes && config_.format) {
      throw StopPipe(kExitConfig, location(*config_.format) + ": the source '" +
                                      config_.source.component->name +
                                      "' emits rows; remove [format]");
    }
  }

  // A block of an earlier run is told by its positions.
  bool is_repeatable() const {
    const int position = find_role(*records_.get(), "position");
    return position < 0 || metadata(records_.get()->children[position], "cphost.repeatable") != "0";
  }

  // Opened once, by the first who needs it.
  Journal& journal() {
    std::lock_guard lock(journal_mutex_);
    try {
      if (!journal_) journal_.emplace(pipe_.state_dir_, config_.name);
    } catch (const std::runtime_error& error) {
      throw StopPipe(kExitConfig, error.what());
    }
    return *journal_;
  }

  // Describes the target, making it where the pipe may; waits out an outage for start_timeout.
  // False: asked to stop meanwhile.
  bool reach_target() {
    const auto wanted = std::make_shared<const UniqueSchema>(schema_of_mappings(config_));
    return reach("target", config_.sink, target_, [wanted](Target& target) {
      TargetQuestion::Answer answer;
      answer.failure = {CPHOST_CONFIG, "NO_TARGET", "the target does not exist"};
      answer.status = target.describe(answer.schema, answer.failure);
      if (answer.status != CPHOST_AGAIN) return answer;
      const int32_t made = target.prepare(*wanted->get(), 0, answer.failure);
      if (made == CPHOST_UNSUPPORTED) return answer;
      answer.status = made < 0 ? made : target.describe(answer.schema, answer.failure);
      return answer;
    });
  }

  bool reach_error_table() {
    return reach("error table", config_.errors.sink, errors_, [](Target& target) {
      TargetQuestion::Answer answer;
      answer.status = target.prepare(*error_schema().get(), CPHOST_ERROR_TABLE, answer.failure);
      if (answer.status == CPHOST_UNSUPPORTED) answer.status = CPHOST_OK;
      return answer;
    });
  }

  // Nothing when the pipe is asked to stop and there is no answer in the time of a drain.
  std::optional<TargetQuestion::Answer> answer_of(const std::shared_ptr<Target>& target,
                                                  const TargetQuestion::Ask& ask) {
    constexpr int64_t kLookMs = 20;  // after a stop, which does not wake who waits
    TargetQuestion question(target, nullptr);
    question.ask(ask);
    int64_t give_up_ms = -1;
    while (!question.wait(kLookMs)) {
      if (pipe_.stop_requests_ == 0) continue;
      if (give_up_ms < 0) give_up_ms = monotonic_ms() + config_.drain_timeout_ms;
      if (pipe_.stop_requests_ > 1 || monotonic_ms() >= give_up_ms) return std::nullopt;
    }
    return question.take();
  }

  bool reach(const std::string& what, const Stage& stage, const std::shared_ptr<Target>& target,
             const TargetQuestion::Ask& ask) {
    const int64_t give_up_ms = monotonic_ms() + config_.start_timeout_ms;
    Backoff backoff(config_.retry_min_ms, config_.retry_max_ms);
    OutageLog outage(log_, "reaching the " + what);
    while (pipe_.stop_requests_ == 0) {
      const auto answer = answer_of(target, ask);
      if (!answer) return false;
      const int32_t status = answer->status;
      if (status == CPHOST_OK) {
        outage.recovered();
        if (target == target_) target_schema_ = answer->schema;
        return true;
      }
      if (status != CPHOST_RETRY && status != CPHOST_REOPEN) {
        const StopPipe stop =
            StopPipe::because(location(stage) + ": " + stage.component->name, answer->failure);
        throw StopPipe(status == CPHOST_AGAIN ? kExitConfig : stop.exit_code(), stop.what());
      }
      if (monotonic_ms() >= give_up_ms) {
        throw StopPipe(kExitUnreachable, location(stage) + ": the " + what +
                                             " was not reachable for " +
                                             std::to_string(config_.start_timeout_ms / 1000) +
                                             " s (start_timeout): " + answer->failure.text);
      }
      outage.failed(answer->failure);
      pipe_.wait_stop(std::min<int64_t>(backoff.next_ms(), give_up_ms - monotonic_ms() + 1));
    }
    return false;
  }

  Pipe& pipe_;
  const PipeConfig& config_;
  Log& log_;
  SharedObject source_;
  UniqueSchema records_;
  RejectMeter rejects_;
  std::optional<SharedObject> format_;
  std::shared_ptr<Target> target_;
  std::shared_ptr<Target> errors_;
  std::mutex journal_mutex_;
  std::optional<Journal> journal_;
  Target::Schema target_schema_;
  std::atomic<bool> halted_{false};
  std::mutex mutex_;
  Outcome outcome_;
};

Pipe::Pipe(const PipeConfig& config, Log log, std::string state_dir)
    : config_(config), log_(std::move(log)), state_dir_(std::move(state_dir)) {}

Pipe::~Pipe() = default;

Outcome Pipe::run() {
  try {
    return Run(*this).run();
  } catch (const StopPipe& stop) {
    return {stop.exit_code(), stop.what(), false};
  } catch (const BindingError& error) {
    return {kExitConfig, error.what(), false};
  } catch (const std::exception& error) {
    return {kExitInternal, error.what(), false};
  }
}

void Pipe::stop() {
  {
    std::lock_guard lock(mutex_);
    ++stop_requests_;
  }
  stopped_.notify_all();
}

void Pipe::wait_stop(int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                    [&] { return stop_requests_ > 0; });
}

}  // namespace cphost::host
