# SPDX-License-Identifier: Apache-2.0
"""The settings under which the engine reads records: its present defaults, written out.

They are the semantics that cphost promises, so another version's defaults change nothing here.
"""

SEMANTICS = {
    "session_timezone": "UTC",
    "date_time_input_format": "best_effort",
    "date_time_overflow_behavior": "ignore",
    "input_format_allow_errors_num": 0,
    "input_format_allow_errors_ratio": 0,
    "input_format_defaults_for_omitted_fields": 1,
    "input_format_null_as_default": 1,
    "input_format_skip_unknown_fields": 1,
    "input_format_import_nested_json": 0,
    "input_format_column_name_matching_mode": "match_case",
    "input_format_ipv4_default_on_conversion_error": 0,
    "input_format_ipv6_default_on_conversion_error": 0,
    "input_format_json_defaults_for_missing_elements_in_named_tuple": 1,
    "input_format_json_empty_as_default": 0,
    "input_format_json_ignore_unknown_keys_in_named_tuple": 1,
    "input_format_json_ignore_unnecessary_fields": 1,
    "input_format_json_infer_array_of_dynamic_from_array_of_different_types": 1,
    "input_format_json_infer_incomplete_types_as_strings": 1,
    "input_format_json_map_as_array_of_tuples": 0,
    "input_format_json_max_depth": 1000,
    "input_format_json_named_tuples_as_objects": 1,
    "input_format_json_read_arrays_as_strings": 1,
    "input_format_json_read_bools_as_numbers": 1,
    "input_format_json_read_bools_as_strings": 1,
    "input_format_json_read_numbers_as_strings": 1,
    "input_format_json_read_objects_as_strings": 1,
    "input_format_json_throw_on_bad_escape_sequence": 1,
    "input_format_json_try_infer_named_tuples_from_objects": 1,
    "input_format_json_try_infer_numbers_from_strings": 0,
    "input_format_json_use_string_type_for_ambiguous_paths_in_named_tuples_inference_from_objects": 0,
    "input_format_try_infer_dates": 1,
    "input_format_try_infer_datetimes": 1,
    "input_format_try_infer_datetimes_only_datetime64": 0,
    "input_format_try_infer_exponent_floats": 0,
    "input_format_try_infer_integers": 1,
    "input_format_try_infer_variants": 0,
    "json_type_escape_dots_in_keys": 0,
    "type_json_skip_duplicated_paths": 0,
    "type_json_skip_invalid_typed_paths": 0,
    "type_json_allow_duplicated_key_with_literal_and_nested_object": 1,
    "cast_string_to_dynamic_use_inference": 0,
    "cast_string_to_variant_use_inference": 1,
}

# How the inserts are done; none of these has a say in what a value means.
TRANSPORT = {
    "async_insert": 0,
    "input_format_parallel_parsing": 0,
    "insert_deduplicate": 0,
    "deduplicate_insert": "disable",
}

# Types that the engine makes only for those who ask.
CREATION = {
    "allow_suspicious_low_cardinality_types": 1,
    "allow_suspicious_fixed_string_types": 1,
    "allow_suspicious_variant_types": 1,
    "enable_nullable_tuple_type": 1,
}

# How rows are read back: the same text for the same value.
READING = {
    "session_timezone": "UTC",
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_named_tuples_as_objects": 1,
}
