# `shoal view`: Debian's cpp-httplib is a compiled library, built with these definitions.
pkg_check_modules(SHOAL_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

shoal_layer(view
  NATIVE_SOURCES page_files.cpp view_command.cpp view_server.cpp
  DEPENDS shoal::base
  NATIVE_DEPENDS Threads::Threads PkgConfig::SHOAL_HTTPLIB
  TESTS view_server_test.cpp)
