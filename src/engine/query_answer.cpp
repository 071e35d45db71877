#include "engine/query_answer.h"

namespace shoal::engine {

void write_answer(JsonWriter& json, const QueryAnswer& answer) {
  json.key("columns").begin_array();
  for (const std::string& column : answer.columns) json.value(column);
  json.end_array().key("rows").begin_array().begin_array();
  for (const query::Value& value : answer.row) json.raw(query::to_json_text(value));
  json.end_array()
      .end_array()
      .member("rows_scanned", answer.rows_scanned)
      .member("rows_read", answer.rows_read)
      .member("rows_passed", answer.rows_passed);
}

void write_error(JsonWriter& json, const Error& error) {
  json.key("error")
      .begin_object()
      .member("code", error_code_name(error.code))
      .member("message", error.message())
      .end_object();
}

}  // namespace shoal::engine
