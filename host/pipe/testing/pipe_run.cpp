// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/testing/pipe_run.hpp"

#include <cstdlib>
#include <filesystem>

#include "host/exit_code.hpp"
#include "host/pipe/left_behind.hpp"

namespace cphost::host::testing {

PipeRun::PipeRun(FakeSource::Abilities abilities) : source(abilities) {
  std::string name = std::filesystem::temp_directory_path() / "cphost_pipe_XXXXXX";
  state_dir_ = ::mkdtemp(name.data());
  target.set_target(
      {{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}, {"_offset", "l"}, {"_held", "l"}});
  config.name = "test";
  config.source = source.stage();
  config.format = format.stage();
  config.sink = target.stage();
  config.errors.sink = errors.stage();
  config.retry_min_ms = config.retry_max_ms = 1;
  config.commit_interval_ms = 5;
  config.block.wait_max_ms = 5;
  config.start_timeout_ms = 20'000;
}

PipeRun::~PipeRun() {
  if (thread_.joinable()) thread_.join();
  while (calls_left_behind() > 0) std::this_thread::yield();  // they use the fakes
  std::filesystem::remove_all(state_dir_);
}

FakeStream& PipeRun::add_stream(const std::string& name, const std::string& fates, int64_t first) {
  FakeStream stream;
  stream.name = name;
  stream.end = first - 1;
  for (const char fate : fates) {
    FakeValue value;
    value.stream = name;
    value.position = ++stream.end;
    const bool digit = fate >= '0' && fate <= '9';
    value.rows = digit ? fate - '0' : 1;
    value.fate = digit ? ' ' : fate;
    stream.records.push_back({value.position, value.text(), fate == 's'});
  }
  return source.streams.emplace_back(std::move(stream));
}

void PipeRun::start() {
  const bool verbose = std::getenv("CPHOST_TEST_LOG") != nullptr;
  const Log log(verbose ? LogLevel::kDebug : LogLevel::kError, LogStyle::kText);
  source.forget_run();
  pipe_ = std::make_unique<Pipe>(config, log, state_dir_);
  thread_ = std::thread([this] { outcome_ = pipe_->run(); });
}

void PipeRun::stop() {
  pipe_->stop();
}

Outcome PipeRun::run() {
  start();
  return finish();
}

std::string PipeRun::run_to_done() {
  const Outcome outcome = run();
  if (outcome.exit_code == kExitDone) return mistakes();
  return "exit " + std::to_string(outcome.exit_code) + ": " + outcome.reason + "\n" + mistakes();
}

Outcome PipeRun::finish() {
  thread_.join();
  const Counters& c = pipe_->counters();
  counts_ = {c.in,     c.inserted, c.rejected, c.filtered, c.dropped,
             c.memory, c.rows,     c.retries,  c.blocks};
  const auto tell = [this](const std::string& what) { problems_ += what + "\n"; };
  const int64_t out = c.inserted + c.rejected + c.filtered + c.dropped;
  if (outcome_.exit_code == 0 && c.in != out) {
    tell("in " + std::to_string(c.in) + " != inserted " + std::to_string(c.inserted) +
         " + rejected " + std::to_string(c.rejected) + " + filtered " + std::to_string(c.filtered) +
         " + dropped " + std::to_string(c.dropped));
  }
  if (c.memory != 0) tell("memory " + std::to_string(c.memory) + " is still charged");
  if (format.decoders_open != 0) tell(std::to_string(format.decoders_open) + " decoders left open");
  return outcome_;
}

std::string PipeRun::missing() const {
  std::string text;
  for (const FakeStream& stream : source.streams) {
    for (const FakeRecord& record : stream.records) {
      const FakeValue value = FakeValue::parse(record.value);
      const auto tell = [&](const std::string& what, int64_t times) {
        text += stream.name + " " + std::to_string(record.position) + " is " + what + " " +
                std::to_string(times) + " times\n";
      };
      const bool bad = record.rejected || (value.fate == 'x') || (value.fate == 'b');
      const int64_t rejected = errors.durable(stream.name, record.position);
      if (rejected != bad) tell("in the error table", rejected);
      for (int32_t i = 0; i < value.rows; ++i) {
        const int64_t written = target.durable(stream.name, record.position, i);
        if (written == !bad) continue;
        tell("written", written);
        text.insert(text.size() - 1, target.tokens_of(stream.name, record.position, i));
      }
    }
  }
  if (source.keeps_positions && !source.all_committed()) text += "not all is committed\n";
  return text;
}

std::string PipeRun::mistakes() const {
  std::string text = missing() + problems();
  if (counts_.dropped != 0) text += std::to_string(counts_.dropped) + " records dropped\n";
  return text;
}

std::string PipeRun::problems() const {
  std::string text = problems_;
  for (const auto& list : {source.problems(), target.problems(), errors.problems()}) {
    for (const std::string& problem : list) text += problem + "\n";
  }
  return text;
}

}  // namespace cphost::host::testing
