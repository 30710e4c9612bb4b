// SPDX-License-Identifier: Apache-2.0
// cphost/columns/values.hpp: what parsers find, into columns of any type.
//
//     put_null(column)                                 also put_bool, put_int64, put_uint64,
//                                                      put_double: what the format has typed
//     put_number(column, p, end, reason)               a number literal where it stands
//     put_delimited(column, p, end, delimiter)         a date or UUID where it stands, or nothing
//     put_text(column, text)                           a whole text, unescaped
//     put_...(column.child(0), ...)                    containers: the elements first,
//     column.push_list(), column.push_tuple()          then what holds them
//
// Either a value is pushed, or nothing is and there is a Reason. All is one switch over the kind:
// no virtual call.
#pragma once

#include "explain.hpp"
#include "text_values.hpp"
#include "typed_values.hpp"
