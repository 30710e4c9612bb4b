// SPDX-License-Identifier: Apache-2.0
#include "producer.hpp"

#include <utility>

namespace rows {
namespace {

void check(rd_kafka_error_t* error) {
  if (error == nullptr) return;
  const std::string text = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  throw ClientError("transaction: " + text);
}

}  // namespace

Producer::Producer(const Properties& properties, const std::string& topic, Delivered delivered)
    : delivered_(std::move(delivered)) {
  Conf conf = make_conf(properties);
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &Producer::on_delivery);
  handle_ = make_client(RD_KAFKA_PRODUCER, std::move(conf));
  topic_ = rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr);
}

Producer::~Producer() {
  rd_kafka_topic_destroy(topic_);
}

void Producer::produce(std::int32_t partition, std::string_view key, std::string_view value,
                       void* tag) {
  // An empty view may have no address, which librdkafka would take for a null value.
  const char* data = value.empty() ? "" : value.data();
  while (rd_kafka_produce(topic_, partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(data),
                          value.size(), key.empty() ? nullptr : key.data(), key.size(), tag) != 0) {
    const rd_kafka_resp_err_t code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      throw ClientError("produce to partition " + std::to_string(partition) + ": " +
                        rd_kafka_err2str(code));
    }
    rd_kafka_poll(handle_.get(), 20);
    check_failed();
  }
}

void Producer::poll() {
  rd_kafka_poll(handle_.get(), 0);
  check_failed();
}

void Producer::flush(double timeout_seconds) {
  const rd_kafka_resp_err_t code =
      rd_kafka_flush(handle_.get(), static_cast<int>(timeout_seconds * 1000));
  check_failed();
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError(std::to_string(rd_kafka_outq_len(handle_.get())) +
                      " records not acknowledged: " + rd_kafka_err2str(code));
  }
}

void Producer::begin_transaction(double timeout_seconds) {
  check(rd_kafka_init_transactions(handle_.get(), static_cast<int>(timeout_seconds * 1000)));
  check(rd_kafka_begin_transaction(handle_.get()));
}

void Producer::end_transaction(bool commit, double timeout_seconds) {
  const int timeout_ms = static_cast<int>(timeout_seconds * 1000);
  check(commit ? rd_kafka_commit_transaction(handle_.get(), timeout_ms)
               : rd_kafka_abort_transaction(handle_.get(), timeout_ms));
}

void Producer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  Producer& producer = *static_cast<Producer*>(self);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    producer.delivered_(message->partition, message->offset, message->_private);
    return;
  }
  if (producer.failed_++ == 0) {
    producer.first_failure_ = rd_kafka_err2str(message->err);
  }
}

void Producer::check_failed() const {
  if (failed_ > 0) {
    throw ClientError(std::to_string(failed_) +
                      " records not delivered, the first because: " + first_failure_);
  }
}

}  // namespace rows
