# The decompressors that pages need, as one target, shoal_codecs. Natively Debian's libraries.
add_library(shoal_codecs INTERFACE)
pkg_check_modules(SHOAL_ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SHOAL_ZLIB REQUIRED IMPORTED_TARGET zlib)
find_library(SHOAL_SNAPPY snappy REQUIRED)
target_link_libraries(shoal_codecs INTERFACE PkgConfig::SHOAL_ZSTD PkgConfig::SHOAL_ZLIB ${SHOAL_SNAPPY})
