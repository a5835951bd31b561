# The three kinds of targets of this project: modules (one per second-level folder), executables, test programs.
add_library(reverie_options INTERFACE)
target_compile_features(reverie_options INTERFACE cxx_std_23)
target_include_directories(reverie_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(reverie_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
  # In a unity source a neighbour's names are in sight, and the file that owns an unnamed namespace is no longer the main one.
  $<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-shadow;-Wshadow=local;-Wno-subobject-linkage>
  -Werror -fno-omit-frame-pointer $<$<CONFIG:Debug>:-O0 -g1> $<$<CONFIG:Release>:-O2 -g1>
  # The optimiser's guesses about a library's insides differ between builds of a compiler: seen, but no reason not to serve.
  $<$<CONFIG:Release>:-Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=restrict
  -Wno-error=null-dereference -Wno-error=free-nonheap-object
  # GCC 14 takes the frame allocator of Asio's coroutines for two that do not match.
  -Wno-mismatched-new-delete>)
target_compile_definitions(reverie_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL
  JSON_USE_IMPLICIT_CONVERSIONS=0)
set(REVERIE_SANITIZE "" CACHE STRING "address, undefined or thread")
if(REVERIE_SANITIZE)
  target_compile_options(reverie_options INTERFACE -fsanitize=${REVERIE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(reverie_options INTERFACE -fsanitize=${REVERIE_SANITIZE})
endif()

# Half of a source's compile time goes into templates of the headers that its neighbours need too: some sources of a module are compiled as one.
set(REVERIE_UNITY_SOURCES 8 CACHE STRING "sources of a module that are compiled together; 1: each alone, for quick small changes")

# reverie_module(<folder> [APART] DEPS <other modules> LIBS <outside libraries>): the library of one second-level folder; events/log
# becomes reverie_events_log with the alias reverie::events_log. A folder without sources becomes an interface library. APART: its
# sources use the same names, each for its own (as folds do for their columns), and are compiled each alone.
function(reverie_module folder)
  cmake_parse_arguments(arg "APART" "" "DEPS;LIBS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main/main\\.cpp$")
  set(deps "")
  foreach(dep IN LISTS arg_DEPS)
    string(REPLACE "/" "_" dep_name ${dep})
    list(APPEND deps reverie_${dep_name})
  endforeach()
  if(sources)
    add_library(reverie_${name} STATIC ${sources})
    target_link_libraries(reverie_${name} PUBLIC reverie_options ${deps} ${arg_LIBS})
    if(REVERIE_UNITY_SOURCES GREATER 1 AND NOT arg_APART)
      set_target_properties(reverie_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${REVERIE_UNITY_SOURCES})
    endif()
  else()
    add_library(reverie_${name} INTERFACE)
    target_link_libraries(reverie_${name} INTERFACE reverie_options ${deps} ${arg_LIBS})
  endif()
  add_library(reverie::${name} ALIAS reverie_${name})
endfunction()

# reverie_tests(<name> FOLDER tests/unit/events DEPS … LIBS … [WHOLE] [TIMEOUT s] [LABELS …]): one GoogleTest program of all
# sources below the folder. Each test becomes a ctest entry; with WHOLE the program is one entry (for tests that share a server).
function(reverie_tests name)
  cmake_parse_arguments(arg "WHOLE" "FOLDER;TIMEOUT" "DEPS;LIBS;LABELS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${arg_FOLDER}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(deps "")
  foreach(dep IN LISTS arg_DEPS)
    string(REPLACE "/" "_" dep_name ${dep})
    list(APPEND deps reverie_${dep_name})
  endforeach()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE reverie_options ${deps} ${arg_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE REVERIE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(arg_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "" PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  endif()
endfunction()

# reverie_bench(<source> DEPS … LIBS …): one Google Benchmark program per source of tests/bench.
function(reverie_bench source)
  cmake_parse_arguments(arg "" "" "DEPS;LIBS" ${ARGN})
  get_filename_component(name ${source} NAME_WE)
  set(deps "")
  foreach(dep IN LISTS arg_DEPS)
    string(REPLACE "/" "_" dep_name ${dep})
    list(APPEND deps reverie_${dep_name})
  endforeach()
  add_executable(bench_${name} ${PROJECT_SOURCE_DIR}/tests/bench/${source})
  target_link_libraries(bench_${name} PRIVATE reverie_options ${deps} ${arg_LIBS} benchmark::benchmark)
endfunction()
