// SPDX-License-Identifier: Apache-2.0
#include "host/config/pipe_config_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "host/config/errors_stage.hpp"
#include "host/config/host_options.hpp"
#include "host/config/nearest_name.hpp"
#include "host/config/option_binding.hpp"
#include "host/config/option_check.hpp"
#include "host/config/pipe_file.hpp"
#include "host/config/stage_binding.hpp"

namespace cphost::host {
namespace {

namespace fs = std::filesystem;
using Type = ConfigValue::Type;

constexpr size_t kPipesMax = 256;

/// Values of one of the host's own tables, by name.
class HostValues {
 public:
  HostValues(const std::vector<cphost_option>& options, std::shared_ptr<OptionValues> values)
      : options_(options), values_(std::move(values)) {}

  const cphost_value& operator[](std::string_view name) const {
    return (*values_)[option_index(options_, name).value()];
  }
  std::string text(std::string_view name) const {
    const cphost_str& s = (*this)[name].s;
    return s.data == nullptr ? std::string() : std::string(s.data, s.size);
  }

 private:
  const std::vector<cphost_option>& options_;
  std::shared_ptr<OptionValues> values_;
};

class PipeBuilder {
 public:
  PipeBuilder(const ConfigValue& root, const std::string& file, const Connections& shared,
              Registry& registry, Diagnostics& diagnostics)
      : root_(root),
        registry_(registry),
        diagnostics_(diagnostics),
        connections_(shared),
        config_(std::make_unique<PipeConfig>()),
        place_(place_of(file)) {
    config_->file = file;
    connections_.add(root, file, true, diagnostics);
  }

  std::unique_ptr<PipeConfig> build() {
    read_top();
    StageBinder stages(registry_, place_, diagnostics_);
    const std::vector<std::string> none;
    const std::vector<std::string> connected{"connection"};
    if (const ConfigValue* source = table("source", true))
      config_->source = stages.bind("source", with_connection(*source, "[source]"), connected);
    if (const ConfigValue* format = table("format", false))
      config_->format = stages.bind("format", *format, none);
    if (const ConfigValue* sink = table("sink", true)) {
      const size_t errors_before = diagnostics_.error_count();
      const ConfigValue whole = with_connection(*sink, "[sink]");
      config_->sink = stages.bind("sink", whole, {"writers", "connection"});
      const bool sink_is_good = diagnostics_.error_count() == errors_before;
      read_writers(*sink);
      config_->errors = read_errors(root_.find("errors"), whole, config_->sink, sink_is_good,
                                    connections_, stages);
    }
    read_columns();
    read_batch();
    return std::move(config_);
  }

 private:
  BindingPlace place_of(const std::string& file) const {
    BindingPlace place;
    place.file = file;
    place.folder = fs::path(file).parent_path().string();
    place.allow_literal_secrets = allows_literal_secrets(root_);
    return place;
  }

  ConfigValue with_connection(const ConfigValue& table, const std::string& section) {
    return connections_.applied(table, place_.file, section, diagnostics_);
  }

  Location at(const ConfigValue& value) const { return Location{place_.file, value.line}; }

  HostValues bind(const std::vector<cphost_option>& options, const ConfigValue& from,
                  std::string section, std::string owner,
                  const std::vector<std::string>& other_keys) {
    BindingPlace place = place_;
    place.section = std::move(section);
    place.owner = std::move(owner);
    return HostValues(options, bind_options(options, from, other_keys, place, diagnostics_));
  }

  /// The table `name`, or nullptr after an error unless it may be absent.
  const ConfigValue* table(std::string_view name, bool required) {
    const ConfigValue* found = root_.find(name);
    if (found == nullptr && required) {
      diagnostics_.error(
          Location{place_.file, 0},
          fmt::format("[{0}] is missing; a pipe needs it: [{0}] with plugin = \"NAME\"", name));
    }
    if (found != nullptr && !found->is(Type::kTable)) {
      diagnostics_.error(at(*found), fmt::format("{} is {}; a table [{}] is wanted", name,
                                                 describe_value(*found), name));
      return nullptr;
    }
    return found;
  }

  void read_top() {
    const HostValues top =
        bind(pipe_options(), root_, "", "a pipe",
             {"source", "format", "sink", "columns", "batch", "errors", "connections"});
    config_->name = top.text("name");
    if (root_.find("name") == nullptr) name_after_file();
    if (top.text("delivery") == "exactly_once") config_->delivery = Delivery::kExactlyOnce;
    config_->dedup_window_ms = top["dedup_window"].i;
    const std::string expiry = top.text("on_window_expiry");
    config_->on_window_expiry = expiry == "replay" ? WindowExpiry::kReplay
                                : expiry == "skip" ? WindowExpiry::kSkip
                                                   : WindowExpiry::kStop;
    config_->workers = static_cast<uint32_t>(top["workers"].i);
    config_->memory_bytes = top["memory"].i;
    config_->start_timeout_ms = top["start_timeout"].i;
    config_->drain_timeout_ms = top["drain_timeout"].i;
    config_->commit_interval_ms = top["commit_interval"].i;
    config_->columns_only = top["columns_only"].i != 0;
  }

  void name_after_file() {
    config_->name = fs::path(place_.file).stem().string();
    const cphost_option& option = pipe_options()[option_index(pipe_options(), "name").value()];
    if (!parse_check(option)->allows(std::string_view(config_->name))) {
      diagnostics_.error(
          Location{place_.file, 0},
          fmt::format(
              "the file's name {} can't be the name of the pipe, which is {}; set name = \"...\"",
              in_quotes(config_->name), parse_check(option)->allowed()));
    }
  }

  void read_writers(const ConfigValue& sink) {
    ConfigValue own;
    own.line = sink.line;
    if (const ConfigValue* writers = sink.find("writers")) own.set("writers", *writers);
    config_->writers =
        static_cast<uint32_t>(bind(sink_options(), own, "[sink]", "a sink", {})["writers"].i);
  }

  void read_columns() {
    const ConfigValue* columns = table("columns", false);
    if (columns == nullptr) return;
    for (size_t i = 0; i < columns->items.size(); ++i) {
      const ConfigValue& value = columns->items[i];
      ColumnMapping mapping;
      mapping.column = columns->keys[i];
      mapping.path = mapping.column;
      mapping.where = at(value);
      if (value.is(Type::kText)) {
        mapping.path = value.text;
      } else if (value.is(Type::kTable)) {
        const std::string section = fmt::format("[columns] {}:", mapping.column);
        const HostValues own = bind(column_options(), value, section, "a column", {});
        if (own["path"].set != 0) mapping.path = own.text("path");
        mapping.type = own.text("type");
        mapping.default_value = own.text("default");
      } else {
        diagnostics_.error(at(value), fmt::format("[columns] {} is {}; a path in quotes or a table "
                                                  "{{ path, type, default }} is wanted",
                                                  mapping.column, describe_value(value)));
      }
      if (mapping.column.empty() || mapping.path.empty()) {
        diagnostics_.error(at(value), fmt::format("[columns] {}: column and path must not be empty",
                                                  in_quotes(mapping.column)));
      }
      config_->columns.push_back(std::move(mapping));
    }
  }

  void read_batch() {
    const ConfigValue* given = table("batch", false);
    const ConfigValue empty;
    const ConfigValue& from = given != nullptr ? *given : empty;
    const HostValues batch = bind(batch_options(), from, "[batch]", "a batch", {});
    config_->block.rows_max = batch["max_rows"].i;
    config_->block.bytes_max = batch["max_bytes"].i;
    config_->block.wait_max_ms = batch["max_wait"].i;
    config_->poll_records_max = batch["poll_records"].i;
    config_->poll_bytes_max = batch["poll_bytes"].i;
    const ConfigValue* max_bytes = from.find("max_bytes");
    const int64_t room = config_->block_memory_bytes();
    if (config_->memory_bytes <= 0 || config_->block.bytes_max <= room) return;
    if (max_bytes != nullptr && config_->block.bytes_max > config_->memory_bytes) {
      diagnostics_.error(
          at(*max_bytes),
          fmt::format("[batch] max_bytes is {}, more than the pipe's memory; raise `memory`",
                      describe_value(*max_bytes)));
      return;
    }
    config_->block.bytes_max = room;
    if (max_bytes == nullptr) return;
    diagnostics_.warning(
        at(*max_bytes),
        fmt::format("[batch] max_bytes is {}, but `memory` has room for blocks of {} bytes; raise "
                    "`memory` to 10 times max_bytes for each worker",
                    describe_value(*max_bytes), room));
  }

  const ConfigValue& root_;
  Registry& registry_;
  Diagnostics& diagnostics_;
  Connections connections_;
  std::unique_ptr<PipeConfig> config_;
  BindingPlace place_;
};

/// The files that a path on the command line stands for.
std::vector<std::string> files_of(const std::string& path, Diagnostics& diagnostics) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".toml") files.push_back(at->path().string());
  }
  if (error) diagnostics.error(Location{path, 0}, "can't be read: " + error.message());
  if (!error && files.empty())
    diagnostics.error(Location{path, 0}, "this folder has no *.toml file");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::unique_ptr<PipeConfig> build_pipe_config(const ConfigValue& root, const std::string& file,
                                              const Connections& shared, Registry& registry,
                                              Diagnostics& diagnostics) {
  return PipeBuilder(root, file, shared, registry, diagnostics).build();
}

std::vector<std::unique_ptr<PipeConfig>> read_pipes(const std::vector<std::string>& paths,
                                                    const Connections& shared, Registry& registry,
                                                    Diagnostics& diagnostics) {
  std::vector<std::unique_ptr<PipeConfig>> pipes;
  for (const std::string& path : paths) {
    for (const std::string& file : files_of(path, diagnostics)) {
      const std::optional<ConfigValue> root = read_pipe_file(file, diagnostics);
      if (!root) continue;
      std::unique_ptr<PipeConfig> pipe =
          build_pipe_config(*root, file, shared, registry, diagnostics);
      for (const auto& other : pipes) {
        if (other->name != pipe->name) continue;
        diagnostics.error(
            Location{file, 0},
            fmt::format("the name {} is that of the pipe in {} too; give each its own",
                        in_quotes(pipe->name), other->file));
      }
      pipes.push_back(std::move(pipe));
    }
  }
  if (pipes.size() > kPipesMax) {
    diagnostics.error(
        pipes.back()->source.where,
        fmt::format("{} pipes; one process runs at most {}", pipes.size(), kPipesMax));
  }
  return pipes;
}

}  // namespace cphost::host
