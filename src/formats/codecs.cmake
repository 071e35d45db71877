# The decompressors that pages need, as one target, shoal_codecs: natively Debian's libraries; for WASM the parts of
# their sources that decompress, which ./dev setup puts under .deps/codecs.
if(NOT SHOAL_WASM)
  pkg_check_modules(SHOAL_ZSTD REQUIRED IMPORTED_TARGET libzstd)
  pkg_check_modules(SHOAL_ZLIB REQUIRED IMPORTED_TARGET zlib)
  find_library(SHOAL_SNAPPY snappy REQUIRED)
  add_library(shoal_codecs INTERFACE)
  target_link_libraries(shoal_codecs INTERFACE PkgConfig::SHOAL_ZSTD PkgConfig::SHOAL_ZLIB ${SHOAL_SNAPPY})
  return()
endif()

set(codecs ${SHOAL_DEPS}/codecs)
foreach(codec snappy zlib zstd)
  if(NOT EXISTS ${codecs}/${codec})
    message(FATAL_ERROR "The sources of ${codec} are not in ${codecs}. Run ./dev setup web.")
  endif()
endforeach()

set(zstd_sources
  ${codecs}/zstd/lib/common/entropy_common.c ${codecs}/zstd/lib/common/error_private.c
  ${codecs}/zstd/lib/common/fse_decompress.c ${codecs}/zstd/lib/common/xxhash.c
  ${codecs}/zstd/lib/common/zstd_common.c ${codecs}/zstd/lib/decompress/huf_decompress.c
  ${codecs}/zstd/lib/decompress/zstd_ddict.c ${codecs}/zstd/lib/decompress/zstd_decompress.c
  ${codecs}/zstd/lib/decompress/zstd_decompress_block.c)
set(zlib_sources
  ${codecs}/zlib/adler32.c ${codecs}/zlib/crc32.c ${codecs}/zlib/inffast.c ${codecs}/zlib/inflate.c
  ${codecs}/zlib/inftrees.c ${codecs}/zlib/zutil.c)
set(snappy_sources ${codecs}/snappy/snappy.cc ${codecs}/snappy/snappy-sinksource.cc)

# Speed where bytes are moved; the rest of the module is built for size. One Huffman decoder instead of two, and
# checksum tables made at run time, save 40 KB.
set_source_files_properties(${zstd_sources} PROPERTIES COMPILE_OPTIONS "-O2;-w" COMPILE_DEFINITIONS
  "ZSTD_DISABLE_ASM;ZSTD_STRIP_ERROR_STRINGS;ZSTD_LEGACY_SUPPORT=0;ZSTD_TRACE=0;DYNAMIC_BMI2=0;HUF_FORCE_DECOMPRESS_X1")
set_source_files_properties(${zlib_sources} PROPERTIES COMPILE_OPTIONS "-O2;-w" COMPILE_DEFINITIONS
  "DYNAMIC_CRC_TABLE;NO_GZCOMPRESS")
set_source_files_properties(${snappy_sources} PROPERTIES COMPILE_OPTIONS "-O2;-w" COMPILE_DEFINITIONS
  "HAVE_BUILTIN_EXPECT=1;HAVE_BUILTIN_CTZ=1")

# The one header that snappy's own CMake generates, from its template. (The version in it becomes shoal's; nobody
# reads it.)
set(HAVE_SYS_UIO_H_01 0)
set(snappy_generated ${CMAKE_CURRENT_BINARY_DIR}/snappy)
configure_file(${codecs}/snappy/snappy-stubs-public.h.in ${snappy_generated}/snappy-stubs-public.h)

add_library(shoal_codecs STATIC ${zstd_sources} ${zlib_sources} ${snappy_sources})
target_include_directories(shoal_codecs SYSTEM PUBLIC ${codecs}/zstd/lib ${codecs}/zlib ${codecs}/snappy ${snappy_generated})
