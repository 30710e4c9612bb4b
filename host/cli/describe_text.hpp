// SPDX-License-Identifier: Apache-2.0
// The options of components for people: plain text for a terminal, Markdown for READMEs. Advanced
// options come last. Pure.
#pragma once

#include <string>
#include <vector>

#include "host/plugins/component.hpp"

namespace cphost::host {

std::string describe_as_text(const std::vector<const Component*>& components);
std::string describe_as_markdown(const std::vector<const Component*>& components);

/// The options that users see: the component's and, for a sink, those of [sink] that are the
/// host's. Advanced ones last.
std::vector<cphost_option> shown_options(const Component& component);

}  // namespace cphost::host
