// SPDX-License-Identifier: Apache-2.0
#include "host/verify/stored_runs.hpp"

#include <cphost/runs.h>
#include <fmt/format.h>

#include <charconv>
#include <cphost/arrow.hpp>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "host/pipe/binding.hpp"
#include "host/pipe/kept_positions.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {
namespace {

// The words by which records say where they stood; the error table has columns for the same three.
constexpr const char* kTopic = "_topic";
constexpr const char* kPartition = "_partition";
constexpr const char* kOffset = "_offset";

cphost_str str(const std::string& text) {
  return {text.data(), text.size()};
}

std::string location(const Stage& stage) {
  return stage.where.file + ":" + std::to_string(stage.where.line) + ": ";
}

StopPipe because(const Stage& stage, const Failure& failure) {
  const std::string who = location(stage) + stage.component->name;
  if (failure.status == CPHOST_RETRY || failure.status == CPHOST_REOPEN)
    return StopPipe(kExitUnreachable, who + ": " + failure.text + " (" + failure.code + ")");
  return StopPipe::because(who, failure);
}

struct Question {
  std::vector<std::string> stream_columns;
  std::string position_column;
  std::vector<cphost_condition> conditions;
};

// What `rows` of the extension is given.
struct Answer {
  size_t stream_columns = 0;
  uint64_t runs = 0;
  StreamRuns streams;

  std::exception_ptr thrown;  // never through the plugin

  static void take(void* ctx, ArrowArray* raw) noexcept {
    auto& answer = *static_cast<Answer*>(ctx);
    try {
      answer.add(UniqueArray(raw));
    } catch (...) {
      answer.thrown = std::current_exception();
    }
  }

  void add(UniqueArray rows) {
    if (rows->n_children != static_cast<int64_t>(stream_columns) + 3 || rows->offset != 0)
      throw StopPipe(kExitInternal, "the sink told runs of another shape than it was asked for");
    const auto column = [&](size_t i) -> const ArrowArray& { return *rows->children[i]; };
    const FixedColumn<int64_t> first(column(stream_columns)), last(column(stream_columns + 1));
    const FixedColumn<uint64_t> times(column(stream_columns + 2));
    for (int64_t i = 0; i < rows->length; ++i) {
      std::vector<std::string> stream;
      for (size_t part = 0; part < stream_columns; ++part)
        stream.emplace_back(bytes_at(column(part), i));
      streams[std::move(stream)].push_back({first[i], last[i], times[i]});
      ++runs;
    }
  }
};

enum class Found : uint8_t { kRuns, kNoTarget, kNoExtension };

// One more run is asked for than may come, to know whether there are more.
Found ask(const Stage& stage, SharedObject& sink, const Question& question, uint64_t runs_max,
          StreamRuns& to) {
  const auto* extension =
      sink.component().extension_of<cphost_runs>(sink.get(), CPHOST_RUNS_EXTENSION);
  if (extension == nullptr) return Found::kNoExtension;
  std::vector<cphost_str> columns;
  for (const std::string& column : question.stream_columns) columns.push_back(str(column));
  cphost_runs_query query{};
  query.struct_size = sizeof query;
  query.stream_column_count = static_cast<uint32_t>(columns.size());
  query.stream_columns = columns.data();
  query.position_column = str(question.position_column);
  query.conditions = question.conditions.data();
  query.condition_count = static_cast<uint32_t>(question.conditions.size());
  query.runs_max = runs_max + 1;
  Answer answer;
  answer.stream_columns = columns.size();
  const int32_t status = extension->runs(sink.get(), &query, &answer, Answer::take);
  if (answer.thrown) std::rethrow_exception(answer.thrown);
  if (status == CPHOST_AGAIN) return Found::kNoTarget;
  if (status < 0) throw because(stage, sink.env().take_failure(status));
  if (answer.runs > runs_max) {
    throw StopPipe(
        kExitIncomplete,
        fmt::format("{}more than {} runs of positions, so many are missing or doubled; --runs lets "
                    "more through",
                    location(stage), runs_max));
  }
  to = std::move(answer.streams);
  return Found::kRuns;
}

// The columns of the target that keep where a record stood.
class Places {
 public:
  Places(const PipeConfig& config, SharedObject& sink, Log& log) : config_(config) {
    SharedObject source(config.source, log);
    int32_t status = source.component().source.schema(source.get(), records_.out());
    if (status < 0) throw because(config.source, source.env().take_failure(status));
    status = sink.component().sink.describe(sink.get(), target_.out());
    if (status == CPHOST_AGAIN)
      throw StopPipe(kExitConfig, location(config.sink) + "the target does not exist yet");
    if (status < 0 && status != CPHOST_UNSUPPORTED)
      throw because(config.sink, sink.env().take_failure(status));
    binding_.emplace(config, *records_.get(), status == CPHOST_OK ? target_.get() : nullptr);
  }

  Question question() const {
    Question question;
    for (const char* name : {kTopic, kPartition, kOffset}) {
      if (find(*records_.get(), name) >= 0) continue;
      throw StopPipe(kExitConfig,
                     fmt::format("{}the records of '{}' have no {}: their positions can't be "
                                 "counted, so there is nothing to verify",
                                 location(config_.source), config_.source.component->name, name));
    }
    if (const std::string topic = binding_->column_filled_from(kTopic); !topic.empty())
      question.stream_columns.push_back(topic);
    question.stream_columns.push_back(wanted(kPartition));
    question.position_column = wanted(kOffset);
    return question;
  }

 private:
  std::string wanted(const char* name) const {
    std::string column = binding_->column_filled_from(name);
    if (!column.empty()) return column;
    throw StopPipe(
        kExitConfig,
        fmt::format("{}no column of the target keeps {}: without _partition and _offset nothing "
                    "can be verified; add a column of that name, or map one in [columns]",
                    location(config_.sink), name));
  }

  const PipeConfig& config_;
  UniqueSchema records_, target_;
  std::optional<Binding> binding_;
};

Question question_of_errors(const PipeConfig& config, bool with_topic) {
  Question question;
  if (with_topic) question.stream_columns.push_back("topic");
  question.stream_columns.push_back("partition");
  question.position_column = "offset";
  static const std::string kPipe = "pipe", kReplayedAt = "replayed_at";
  question.conditions.push_back({str(kPipe), str(config.name)});
  question.conditions.push_back({str(kReplayedAt), {nullptr, 0}});
  return question;
}

void add_note(std::string& to, const std::string& note) {
  to += (to.empty() ? "" : "; ") + note;
}

// "orders/7" is partition 7 of orders, and its position where reading goes on.
void read_committed(const PipeConfig& config, const std::string& state_folder, const Log& log,
                    bool with_topic, StoredRuns& stored) {
  std::vector<KeptStream> streams;
  try {
    streams = kept_positions(config, log, state_folder)->list("");
  } catch (const StopPipe& stop) {
    add_note(stored.note, std::string("what is committed is not known, so each stream ends with "
                                      "the last position found (") +
                              stop.what() + ")");
    return;
  }
  for (const KeptStream& stream : streams) {
    const size_t slash = stream.name.rfind('/');
    int64_t next = 0;
    const char* end = stream.position.data() + stream.position.size();
    const auto [read, error] = std::from_chars(stream.position.data(), end, next);
    if (slash == stream.name.npos || error != std::errc{} || read != end || next < 1) continue;
    std::vector<std::string> key;
    if (with_topic) key.push_back(stream.name.substr(0, slash));
    key.push_back(stream.name.substr(slash + 1));
    stored.committed[std::move(key)] = next - 1;
  }
}

}  // namespace

StoredRuns read_stored_runs(const PipeConfig& config, uint64_t runs_max,
                            const std::string& state_folder, Log log) {
  StoredRuns stored;
  SharedObject sink(config.sink, log);
  const Question question = Places(config, sink, log).question();
  const bool with_topic = question.stream_columns.size() > 1;
  // Before the tables: what is committed by now is in them.
  read_committed(config, state_folder, log, with_topic, stored);
  const Found found = ask(config.sink, sink, question, runs_max, stored.target);
  if (found != Found::kRuns) {
    throw StopPipe(kExitConfig, location(config.sink) +
                                    (found == Found::kNoTarget
                                         ? "the target does not exist"
                                         : "the sink '" + config.sink.component->name +
                                               "' can't tell which positions its target holds"));
  }
  if (!with_topic) {
    add_note(stored.note,
             "no column of the target keeps _topic: positions of several topics can't "
             "be told apart");
  }
  if (!config.errors.enabled) return stored;
  SharedObject errors(config.errors.sink, log);
  if (ask(config.errors.sink, errors, question_of_errors(config, with_topic), runs_max,
          stored.errors) == Found::kNoExtension) {
    add_note(stored.note, "rejects can't be read back, so they are among the missing");
  }
  return stored;
}

}  // namespace cphost::host
