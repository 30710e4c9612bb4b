// SPDX-License-Identifier: Apache-2.0
#include "host/cli/command_line.hpp"

#include <boost/program_options.hpp>
#include <chrono>
#include <map>
#include <sstream>

#include "host/cli/default_folders.hpp"
#include "host/cli/point_in_time.hpp"
#include "host/config/nearest_name.hpp"

namespace cphost::host {
namespace {

namespace po = boost::program_options;

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> all{{"run", Command::kRun},
                                                  {"plugins", Command::kPlugins},
                                                  {"describe", Command::kDescribe},
                                                  {"check", Command::kCheck},
                                                  {"verify", Command::kVerify},
                                                  {"replay", Command::kReplay},
                                                  {"positions", Command::kPositionsShow},
                                                  {"help", Command::kHelp},
                                                  {"version", Command::kVersion}};
  return all;
}

template <class Enum>
using Choices = std::map<std::string, Enum>;

const Choices<LogLevel>& log_levels() {
  static const Choices<LogLevel> all{{"debug", LogLevel::kDebug},
                                     {"info", LogLevel::kInfo},
                                     {"warning", LogLevel::kWarning},
                                     {"error", LogLevel::kError}};
  return all;
}

const Choices<LogStyle>& log_styles() {
  static const Choices<LogStyle> all{{"text", LogStyle::kText}, {"json", LogStyle::kJson}};
  return all;
}

const Choices<ProgressMode>& progress_modes() {
  static const Choices<ProgressMode> all{{"auto", ProgressMode::kAuto},
                                         {"always", ProgressMode::kAlways},
                                         {"never", ProgressMode::kNever}};
  return all;
}

po::options_description visible_options() {
  po::options_description all("Options", 100);
  all.add_options()                                                                             //
      ("plugins", po::value<std::vector<std::string>>()->value_name("DIR"),                     //
       "folder of plugins; may repeat")                                                         //
      ("pipe", po::value<std::vector<std::string>>()->value_name("FILE"),                       //
       "pipe file, or a folder of *.toml; may repeat")                                          //
      ("connections", po::value<std::vector<std::string>>()->value_name("FILE"),                //
       "file of [connections.NAME] for all pipes; may repeat")                                  //
      ("state", po::value<std::string>()->value_name("DIR"), "where pipes keep their state")    //
      ("log-format", po::value<std::string>()->value_name("FORMAT"), "text (default) or json")  //
      ("log-level", po::value<std::string>()->value_name("LEVEL"),                              //
       "debug, info (default), warning or error")                                               //
      ("progress", po::value<std::string>()->value_name("WHEN"),
       "auto (default), always or never")                                                  //
      ("core-dumps", "let a crash leave a core dump; it holds secrets")                    //
      ("connect", "check: also create the components and ask the target for its columns")  //
      ("runs", po::value<uint64_t>()->value_name("N"),
       "verify: the most runs of positions that a table may have (default 100000)")  //
      ("code", po::value<std::string>()->value_name("CODE"),
       "replay: rejects with this code only")  //
      ("since", po::value<std::string>()->value_name("TIME"),
       "replay: rejected then or later: 2026-01-31, 2026-01-31T12:30:00Z, or 2h (ago)")  //
      ("to", po::value<std::string>()->value_name("PLACE"),
       "positions set: where all streams go on: earliest, latest, or a time")           //
      ("dry-run", "replay, positions set: tell what would change, and change nothing")  //
      ("drop-pending",                                                                  //
       "positions set: forget blocks that exactly-once delivery has left open")         //
      ("markdown", "describe: as Markdown")                                             //
      ("json-schema", "describe: as a JSON Schema")                                     //
      ("version", "print the version")                                                  //
      ("help,h", "print this");
  return all;
}

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  const po::options_description all = visible_options();
  for (const auto& option : all.options()) names.push_back("--" + option->long_name());
  return names;
}

po::variables_map parse_words(const std::vector<std::string>& words) {
  po::options_description all = visible_options();
  all.add_options()("word", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("word", -1);
  po::variables_map given;
  try {
    using namespace po::command_line_style;
    // Without guessing: an abbreviation that works today is ambiguous when an option is added.
    const int style = unix_style & ~allow_guessing;
    po::store(po::command_line_parser(words).options(all).positional(positional).style(style).run(),
              given);
  } catch (const po::unknown_option& error) {
    const std::string name = error.get_option_name();
    throw UsageError("there is no option " + name + did_you_mean(name, option_names()));
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  return given;
}

template <class Enum>
void choose(const po::variables_map& given, const std::string& option, const Choices<Enum>& choices,
            Enum& to) {
  if (given.count(option) == 0) return;
  const std::string& value = given[option].as<std::string>();
  const auto found = choices.find(value);
  if (found == choices.end()) {
    std::string allowed;
    for (const auto& each : choices) allowed += (allowed.empty() ? "" : ", ") + each.first;
    throw UsageError("--" + option + " is \"" + value + "\"; allowed is one of " + allowed);
  }
  to = found->second;
}

std::vector<std::string> texts(const po::variables_map& given, const std::string& option) {
  if (given.count(option) == 0) return {};
  return given[option].as<std::vector<std::string>>();
}

/// What is to be done with the positions, and where to; takes it.
void read_positions(std::vector<std::string>& words, CommandLine& line) {
  if (words.empty() || (words[0] != "show" && words[0] != "set"))
    throw UsageError("positions what? `cphost positions show` or `cphost positions set`");
  if (words[0] == "set") {
    line.command = Command::kPositionsSet;
    line.changes.assign(words.begin() + 1, words.end());
    words.clear();
  } else {
    words.erase(words.begin());
  }
}

/// The command, whose name is the first word; takes it and its arguments.
void read_command(std::vector<std::string> words, CommandLine& line) {
  if (words.empty()) return;
  const auto found = commands().find(words[0]);
  if (found == commands().end()) {
    std::vector<std::string> names;
    for (const auto& each : commands()) names.push_back(each.first);
    throw UsageError("there is no command \"" + words[0] + "\"" + did_you_mean(words[0], names) +
                     " Pipe files are given with --pipe.");
  }
  line.command = found->second;
  words.erase(words.begin());
  if (line.command == Command::kDescribe) {
    if (words.empty())
      throw UsageError("describe what? Name a component, such as in `cphost describe kafka`");
    line.component = words[0];
    words.erase(words.begin());
  }
  if (line.command == Command::kPositionsShow) read_positions(words, line);
  if (!words.empty()) throw UsageError("\"" + words[0] + "\" is one word too many");
}

uint64_t read_runs_max(uint64_t given) {
  constexpr uint64_t kMost = 10'000'000;  // held in memory, some hundred bytes each
  if (given >= 1 && given <= kMost) return given;
  throw UsageError("--runs is " + std::to_string(given) + "; allowed is 1 to " +
                   std::to_string(kMost));
}

int64_t read_since(const std::string& given) {
  using std::chrono::microseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto since =
      parse_point_in_time(given, std::chrono::duration_cast<microseconds>(now).count());
  if (since) return *since;
  throw UsageError("--since is \"" + given +
                   "\"; allowed is a date or time in UTC (2026-01-31, 2026-01-31T12:30:00Z) or a "
                   "duration before now (2h)");
}

void check_combination(const po::variables_map& given, const CommandLine& line) {
  const auto only = [&given](const char* option, bool fits, const char* command) {
    if (given.count(option) != 0 && !fits) {
      throw UsageError(std::string("--") + option + " belongs to `cphost " + command + "`");
    }
  };
  only("connect", line.command == Command::kCheck, "check");
  only("runs", line.command == Command::kVerify, "verify");
  const bool sets = line.command == Command::kPositionsSet;
  const bool replays = line.command == Command::kReplay;
  for (const char* option : {"to", "drop-pending"}) only(option, sets, "positions set");
  for (const char* option : {"code", "since"}) only(option, replays, "replay");
  only("dry-run", sets || replays, "replay` and `cphost positions set");
  if (sets && line.to.empty() && line.changes.empty()) {
    throw UsageError("set to what? Give STREAM=POSITION, or --to PLACE for all streams");
  }
  only("markdown", line.command == Command::kDescribe, "describe");
  only("json-schema", line.command == Command::kDescribe, "describe");
  if (given.count("markdown") != 0 && given.count("json-schema") != 0) {
    throw UsageError("--markdown and --json-schema exclude each other");
  }
  const bool needs_pipe = sets || replays || line.command == Command::kPositionsShow ||
                          line.command == Command::kRun || line.command == Command::kCheck ||
                          line.command == Command::kVerify;
  if (needs_pipe && line.pipes.empty()) {
    throw UsageError("no pipe is given; add --pipe FILE, or see `cphost --help`");
  }
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  const po::variables_map given = parse_words(words);
  CommandLine line;
  if (given.count("help") != 0 || given.count("version") != 0) {
    line.command = given.count("help") != 0 ? Command::kHelp : Command::kVersion;
    return line;
  }
  read_command(texts(given, "word"), line);
  line.plugin_folders = texts(given, "plugins");
  if (line.plugin_folders.empty()) line.plugin_folders.push_back(default_plugin_folder());
  line.pipes = texts(given, "pipe");
  line.connections = texts(given, "connections");
  line.state_folder =
      given.count("state") != 0 ? given["state"].as<std::string>() : default_state_folder();
  if (line.state_folder.empty()) throw UsageError("--state is empty; give a folder");
  choose(given, "log-level", log_levels(), line.log_level);
  choose(given, "log-format", log_styles(), line.log_style);
  choose(given, "progress", progress_modes(), line.progress);
  line.core_dumps = given.count("core-dumps") != 0;
  line.connect = given.count("connect") != 0;
  if (given.count("to") != 0) line.to = given["to"].as<std::string>();
  line.dry_run = given.count("dry-run") != 0;
  line.drop_pending = given.count("drop-pending") != 0;
  if (given.count("markdown") != 0) line.describe_style = DescribeStyle::kMarkdown;
  if (given.count("json-schema") != 0) line.describe_style = DescribeStyle::kJsonSchema;
  if (given.count("runs") != 0) line.runs_max = read_runs_max(given["runs"].as<uint64_t>());
  if (given.count("code") != 0) line.reject_code = given["code"].as<std::string>();
  if (given.count("since") != 0) line.since_us = read_since(given["since"].as<std::string>());
  check_combination(given, line);
  return line;
}

std::string help_text() {
  std::ostringstream out;
  out << "cphost moves streams into ClickHouse, through plugins.\n\n"
         "  cphost --pipe p.toml                  run a pipe until its source is done or SIGTERM "
         "comes\n"
         "  cphost plugins                        list what is installed; runs no plugin code\n"
         "  cphost describe NAME [--markdown|--json-schema]\n"
         "                                        the options of a component: types, defaults, "
         "docs\n"
         "  cphost check --pipe p.toml [--connect]\n"
         "                                        tell every error of a pipe file; creates "
         "nothing\n"
         "  cphost verify --pipe p.toml [--runs N]\n"
         "                                        prove by the positions in the target that "
         "nothing is\n"
         "                                        missing or doubled\n"
         "  cphost replay --pipe p.toml [--code CODE] [--since TIME] [--dry-run]\n"
         "                                        feed rejects through the pipe again, as it is "
         "now\n"
         "  cphost positions show --pipe p.toml   where a pipe that does not run goes on\n"
         "  cphost positions set --pipe p.toml [--to PLACE] [STREAM=POSITION]...\n"
         "                                        go on elsewhere\n\n"
      << visible_options()
      << "\nExit codes: 0 done, 64 usage, 65 verify: not complete, 70 internal error, 75 source or "
         "target unreachable at "
         "start,\n"
         "78 configuration.\n";
  return out.str();
}

}  // namespace cphost::host
