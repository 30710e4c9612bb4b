// SPDX-License-Identifier: Apache-2.0
#include "topics.hpp"

#include <regex.h>

#include <algorithm>
#include <cphost/status.hpp>

namespace kafka {
namespace {

class Pattern {
 public:
  explicit Pattern(const std::string& text) {
    const int error = ::regcomp(&compiled_, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (error == 0) return;
    char why[256];
    ::regerror(error, &compiled_, why, sizeof why);
    throw cphost::Error(cphost::config, "OPTIONS",
                        "topics: \"" + text + "\" is no regular expression: " + why);
  }
  ~Pattern() { ::regfree(&compiled_); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  bool matches(const std::string& topic) const {
    return ::regexec(&compiled_, topic.c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t compiled_{};
};

// A topic, or a pattern for such ones.
bool is_internal(std::string_view topic) {
  return topic.starts_with("__") || topic.starts_with("^__");
}

bool matches_pattern(const std::vector<std::string>& topics, const std::string& topic) {
  return std::any_of(topics.begin(), topics.end(), [&topic](const std::string& each) {
    return is_pattern(each) && (!is_internal(topic) || is_internal(each)) &&
           Pattern(each).matches(topic);
  });
}

// librdkafka leaves internal topics out altogether or not at all, so a pattern for others would
// subscribe to them as well.
void check_internal(const std::vector<std::string>& topics) {
  const auto internal = std::find_if(topics.begin(), topics.end(),
                                     [](const std::string& each) { return is_internal(each); });
  const auto other = std::find_if(topics.begin(), topics.end(), [](const std::string& each) {
    return is_pattern(each) && !is_internal(each);
  });
  if (internal == topics.end() || other == topics.end()) return;
  throw cphost::Error(cphost::config, "OPTIONS",
                      "topics: \"" + *internal + "\" and the pattern \"" + *other +
                          "\" can't be in one list, because the pattern would select the brokers' "
                          "own topics (__...) too: name the others, or read them by a pipe of "
                          "their own");
}

}  // namespace

void check_topics(const std::vector<std::string>& topics) {
  if (topics.empty()) {
    throw cphost::Error(cphost::config, "OPTIONS", "topics = []: name at least one topic");
  }
  for (const auto& topic : topics) {
    if (topic.empty()) {
      throw cphost::Error(cphost::config, "OPTIONS", "topics: \"\" is no topic's name");
    }
    if (is_pattern(topic)) const Pattern compiled(topic);
  }
  check_internal(topics);
}

bool names_internal_topics(const std::vector<std::string>& topics) {
  return std::any_of(topics.begin(), topics.end(),
                     [](const std::string& each) { return is_internal(each); });
}

bool selects(const std::vector<std::string>& topics, const std::string& topic) {
  return std::find(topics.begin(), topics.end(), topic) != topics.end() ||
         matches_pattern(topics, topic);
}

TopicSizes find_topics(Client& client, const std::vector<std::string>& topics) {
  TopicSizes found;
  bool any_pattern = false;
  for (const auto& topic : topics) {
    any_pattern |= is_pattern(topic);
    if (!is_pattern(topic)) found[topic] = client.count_partitions(topic);
  }
  if (!any_pattern) return found;
  for (const auto& [topic, count] : client.list_topics()) {
    if (matches_pattern(topics, topic)) found[topic] = count;
  }
  return found;
}

}  // namespace kafka
