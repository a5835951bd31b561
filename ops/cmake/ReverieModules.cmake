# The modules and what each may use: the table of DESIGN section 9 as targets. A test checks the includes against the same table.

# Asio and Beast are compiled once (they say so to all others by BOOST_*_SEPARATE_COMPILATION).
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/beast_sources.cpp CONTENT
"#include <boost/asio/impl/src.hpp>\n#include <boost/asio/ssl/impl/src.hpp>\n#include <boost/beast/src.hpp>\n")
add_library(reverie_beast STATIC ${CMAKE_BINARY_DIR}/beast_sources.cpp)
target_compile_features(reverie_beast PRIVATE cxx_std_23)
target_compile_options(reverie_beast PRIVATE -O1)
target_compile_definitions(reverie_beast PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(reverie_beast PUBLIC Boost::boost OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

reverie_module(events/model LIBS Boost::boost PkgConfig::XXHASH ICU::uc ICU::i18n ${STEMMER_LIBRARY})
reverie_module(events/codec DEPS events/model LIBS nlohmann_json::nlohmann_json simdjson::simdjson PkgConfig::SODIUM)
reverie_module(events/log DEPS events/model events/codec)
reverie_module(events/vault DEPS events/model events/codec LIBS PkgConfig::SODIUM)
reverie_module(events/replay DEPS events/log events/vault)
reverie_module(events/rocksdb DEPS events/log LIBS RocksDB::rocksdb-shared PkgConfig::SODIUM)
reverie_module(events/kafka DEPS events/log LIBS PkgConfig::RDKAFKA)

reverie_module(actors/domain DEPS events/model events/codec LIBS nlohmann_json::nlohmann_json)
reverie_module(actors/effects DEPS actors/domain events/log events/vault
  LIBS reverie_beast Boost::url nlohmann_json::nlohmann_json)
reverie_module(actors/runtime DEPS actors/domain actors/effects events/log events/vault events/codec events/replay LIBS CAF::core CAF::io)

reverie_module(projections/fold APART DEPS events/model events/codec)
reverie_module(projections/postgres DEPS events/model events/codec events/log events/vault actors/effects projections/fold
  LIBS PkgConfig::PQ PkgConfig::SODIUM)
add_subdirectory(${PROJECT_SOURCE_DIR}/migrations) # adds the SQL to projections/postgres
reverie_module(projections/queries DEPS projections/fold projections/postgres actors/effects)
reverie_module(projections/runner DEPS projections/fold projections/postgres events/log events/vault)

# The gateway knows commands, ports and facades by their headers alone; ops/server brings what implements them.
reverie_module(gateway/wire DEPS events/model events/codec LIBS nlohmann_json::nlohmann_json PkgConfig::JWT PkgConfig::SODIUM)
reverie_module(gateway/bridge DEPS gateway/wire events/vault LIBS reverie_beast)
reverie_module(gateway/http DEPS gateway/wire gateway/bridge LIBS reverie_beast prometheus-cpp::core Threads::Threads)

reverie_module(ops/operator DEPS gateway/bridge projections/runner projections/queries actors/runtime events/replay)
reverie_module(ops/server DEPS ops/operator gateway/http gateway/bridge projections/runner projections/queries actors/runtime events/rocksdb
  events/kafka events/replay LIBS spdlog::spdlog CLI11::CLI11 PkgConfig::TOMLPP)
reverie_module(ops/cli DEPS ops/server)
add_executable(reverie ${PROJECT_SOURCE_DIR}/ops/cli/main/main.cpp)
target_link_libraries(reverie PRIVATE reverie_ops_cli)
if(EXISTS ${PROJECT_SOURCE_DIR}/ops/model_server/CMakeLists.txt)
  add_subdirectory(ops/model_server)
endif()
