# Every dependency, once: the platform's package where there is one, else a pinned release, checked by its hash.
# Nothing is fetched where the packages are installed. Where one was fetched (wheels of public builders do), it is
# linked statically and the C++ package is not installed, since its users would not find it.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)
set(SYNCLENS_FETCHED "")

# synclens_fetch(NAME VERSION URL SHA256 [OPTION...]): the sources of a release as a part of this build.
macro(synclens_fetch name version url sha256)
  set(how DOWNLOAD_EXTRACT_TIMESTAMP FALSE)
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.28)
    list(APPEND how SYSTEM EXCLUDE_FROM_ALL)
  endif()  # 3.25 knows SYSTEM and hands it on to a command that does not
  message(STATUS "no package ${name}: fetching ${version}")
  FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256} ${how} ${ARGN})
  FetchContent_MakeAvailable(${name})
  list(APPEND SYNCLENS_FETCHED ${name})
  set(${name}_VERSION ${version})
endmacro()

find_package(Threads REQUIRED)

if(NOT WIN32)  # there it is no part of the system, and what is found is some other program's
  find_package(ZLIB QUIET)
endif()
if(NOT ZLIB_FOUND)
  enable_language(C)
  # One file of it is needed, and its own build makes more than that: no folder of its sources is a part of this build.
  synclens_fetch(zlib 1.3.1 https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
                 9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23 SOURCE_SUBDIR none)
  add_library(synclens_zlib STATIC ${zlib_SOURCE_DIR}/crc32.c)
  target_include_directories(synclens_zlib SYSTEM PUBLIC ${zlib_SOURCE_DIR})
  set_target_properties(synclens_zlib PROPERTIES C_VISIBILITY_PRESET hidden)
  add_library(ZLIB::ZLIB ALIAS synclens_zlib)
endif()

find_package(pugixml QUIET)
if(NOT pugixml_FOUND)
  synclens_fetch(pugixml 1.14 https://github.com/zeux/pugixml/releases/download/v1.14/pugixml-1.14.tar.gz
                 2f10e276870c64b1db6809050a75e11a897a8d7456c4be5c6b2e35a11168a015)
endif()

find_package(re2 QUIET CONFIG)
if(NOT re2_FOUND)
  find_package(re2 MODULE QUIET)  # Findre2.cmake: Debian's package has no CMake configuration
endif()
if(NOT re2_FOUND)
  set(RE2_BUILD_TESTING OFF CACHE BOOL "" FORCE)
  synclens_fetch(re2 2023-03-01 https://github.com/google/re2/archive/refs/tags/2023-03-01.tar.gz
                 7a9a4824958586980926a300b4717202485c4b4115ac031822e29aa4ef207e48)
endif()

find_package(date QUIET)
if(NOT date_FOUND)
  if(NOT WIN32)  # there the zones are the standard library's
    set(BUILD_TZ_LIB ON CACHE BOOL "" FORCE)
    set(USE_SYSTEM_TZ_DB ON CACHE BOOL "" FORCE)
  endif()
  synclens_fetch(date 3.0.1 https://github.com/HowardHinnant/date/archive/refs/tags/v3.0.1.tar.gz
                 7a390f200f0ccd207e8cff6757e04817c1a0aec3e327b006b7eb451c57ee3538)
endif()

find_package(tomlplusplus QUIET)
if(NOT tomlplusplus_FOUND)
  synclens_fetch(tomlplusplus 3.4.0 https://github.com/marzer/tomlplusplus/archive/refs/tags/v3.4.0.tar.gz
                 8517f65938a4faae9ccf8ebb36631a38c1cadfb5efa85d9a72e15b9e97d25155)
endif()

if(SYNCLENS_TESTS)
  find_package(doctest QUIET)
  if(NOT doctest_FOUND)
    synclens_fetch(doctest 2.4.11 https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
                   632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186)
  endif()
endif()

if(SYNCLENS_BENCH)
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    set(BENCHMARK_ENABLE_TESTING OFF CACHE BOOL "" FORCE)
    synclens_fetch(benchmark 1.8.3 https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz
                   6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce)
  endif()
endif()

if(SYNCLENS_PYTHON)
  set(PYBIND11_FINDPYTHON ON)
  find_package(pybind11 3 CONFIG REQUIRED)
endif()
