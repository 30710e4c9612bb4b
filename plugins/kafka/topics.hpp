// SPDX-License-Identifier: Apache-2.0
// The option `topics`: names, and patterns that begin with '^'.
//
// Patterns are POSIX extended expressions, as librdkafka takes them, which searches for them: a '$'
// ends what would match longer names too. Topics whose names begin with "__" are the brokers' own,
// and belong to a pattern only if it begins so.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client.hpp"

namespace kafka {

inline bool is_pattern(std::string_view topic) {
  return topic.starts_with('^');
}

/// CONFIG for an empty list, an empty name, a pattern that is none, and topics of the brokers
/// beside a pattern for others.
void check_topics(const std::vector<std::string>& topics);

/// By name or by pattern: otherwise librdkafka is told to leave them out, even where it is named.
bool names_internal_topics(const std::vector<std::string>& topics);

/// Whether `topic` is named, or matches a pattern.
bool selects(const std::vector<std::string>& topics, const std::string& topic);

/// Topics and how many partitions they have.
using TopicSizes = std::map<std::string, int32_t>;

/// What there is of `topics` now. CONFIG when a named topic does not exist or may not be read;
/// patterns may match nothing. RETRY when no broker answers.
TopicSizes find_topics(Client& client, const std::vector<std::string>& topics);

}  // namespace kafka
