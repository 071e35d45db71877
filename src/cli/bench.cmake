# `shoal bench`, which needs no engine.
shoal_layer(bench
  NATIVE_SOURCES bench_command.cpp
  DEPENDS shoal::primitives_bench shoal_json)
