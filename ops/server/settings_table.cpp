#include "ops/server/settings.hpp"

#include <array>

namespace reverie::ops {

namespace {

using k = setting::kind;

constexpr std::array table{
    setting{"data", k::text, ".reverie", 0, 0, "folder of the log, local state and keys"},
    setting{"config", k::text, "", 0, 0, "the file to read settings from; `reverie.toml` in the data folder when absent"},
    setting{"address", k::text, "127.0.0.1", 0, 0, "address to listen on"},
    setting{"port", k::number, "8080", 0, 65535, "port to listen on; 0 takes a free one"},
    setting{"tls-certificate", k::text, "", 0, 0, "certificate chain (PEM); with tls-key the server speaks TLS"},
    setting{"tls-key", k::text, "", 0, 0, "private key (PEM) of the certificate"},
    setting{"database-url", k::text, "", 0, 0, "Postgres with pgvector: `postgresql://…` or `key=value …`"},
    setting{"database-connections", k::number, "6", 2, 256, "connections for reads"},
    setting{"log", k::text, "rocksdb", 0, 0, "`rocksdb`: the embedded log; `kafka://host:port[,host:port]`: a topic of a Kafka cluster"},
    setting{"partitions", k::number, "4", 1, 1024, "partitions of a new log (on Kafka 64 when not set); an existing one keeps its own"},
    setting{"kafka-topic", k::text, "reverie-events", 0, 0, "the topic of the log, made when it is not there"},
    setting{"kafka-replication", k::number, "0", 0, 64, "replicas the topic must have; 0: a new one gets 3, or one per broker where there are fewer"},
    setting{"kafka-options", k::secret, "", 0, 0, "encryption, sign-in and connections as librdkafka names them: `name=value;name=value`"},
    setting{"node", k::text, "", 0, 0, "with Kafka: this server is one of several, and the others reach it at this `host:port` (not the port of people); empty: it is alone"},
    setting{"node-listen", k::text, "", 0, 0, "the address to listen on for other nodes; empty: the host of `node`"},
    setting{"node-url", k::text, "", 0, 0, "how a browser reaches any of the nodes, for links in the console: `https://{host}:8080` with the `{host}` (and `{port}`) of its `node`"},
    setting{"node-name", k::text, "", 0, 0, "its name in the group for ever: who comes back under it gets the same partitions; empty: `node`"},
    setting{"node-group", k::text, "reverie", 0, 0, "nodes with the same group share the partitions"},
    setting{"node-secret", k::secret, "", 0, 0, "shared by all nodes, at least 16 bytes: what they say to each other is sealed with it"},
    setting{"node-secret-file", k::text, "", 0, 0, "a file whose first line is the shared secret"},
    setting{"node-session-ms", k::number, "6000", 1'000, 1'800'000, "a node that is not heard of this long loses its partitions (the broker's own bounds hold: from 6000)"},
    setting{"node-drain-ms", k::number, "5000", 100, 600'000, "time to finish what was accepted when a partition moves"},
    setting{"node-stall-ms", k::number, "10000", 1'000, 600'000, "a node whose actors stand still this long leaves the group"},
    setting{"state-share", k::text, "", 0, 0, "with Kafka: a folder that all nodes reach; who takes a partition over begins with the newest state shared there instead of the log's start"},
    setting{"state-share-every-ms", k::number, "60000", 100, 86'400'000, "time between two states of a partition that are shared"},
    setting{"web-root", k::text, "", 0, 0, "folder of the built chat page"},
    setting{"samples", k::text, "", 0, 0, "folder of sample cards, loaded at start when they are not there yet"},
    setting{"model", k::on_off, "true", 0, 0, "`false`: the scripted responder and the hashing embedder instead of any model"},
    setting{"model-url", k::text, "", 0, 0, "an OpenAI-compatible endpoint, `http://host:port/v1`"},
    setting{"model-name", k::text, "", 0, 0, "the model to ask for there; also read from REVERIE_MODEL"},
    setting{"model-key", k::secret, "", 0, 0, "its API key"},
    setting{"model-context-tokens", k::number, "8192", 512, 10'000'000, "how much the model can read"},
    setting{"model-small", k::on_off, "false", 0, 0, "give the endpoint's model the short prompt that small models follow"},
    setting{"model-connect-timeout-ms", k::number, "5000", 1, 600'000, "time to reach the endpoint"},
    setting{"model-first-token-timeout-ms", k::number, "60000", 1, 3'600'000, "time to the first piece of a reply"},
    setting{"model-idle-timeout-ms", k::number, "30000", 1, 3'600'000, "time between pieces of a reply"},
    setting{"facts-model", k::text, "", 0, 0, "the model at model-url that finds the facts in messages, a second request for each; none: the rules for English do"},
    setting{"embedding-url", k::text, "", 0, 0, "an OpenAI-compatible endpoint for embeddings"},
    setting{"embedding-model", k::text, "", 0, 0, "the embedding model to ask for there"},
    setting{"embedding-key", k::secret, "", 0, 0, "its API key"},
    setting{"embedding-dimension", k::number, "1536", 8, 4096, "length of its vectors"},
    setting{"next-embedding-url", k::text, "", 0, 0, "a second endpoint for embeddings, whose vectors can be made beside those in use: `reverie vectors`"},
    setting{"next-embedding-model", k::text, "", 0, 0, "the model to ask for there; `hashing` without an address: the built-in one"},
    setting{"next-embedding-key", k::secret, "", 0, 0, "its API key"},
    setting{"next-embedding-dimension", k::number, "1536", 8, 4096, "length of its vectors"},
    setting{"model-server", k::text, "", 0, 0, "the executable that serves local models, started as a child"},
    setting{"model-library-dir", k::text, "", 0, 0, "folder of its libraries"},
    setting{"local-model", k::text, "", 0, 0, "a GGUF chat model for it"},
    setting{"local-embedding-model", k::text, "", 0, 0, "a GGUF sentence-embedding model for it"},
    setting{"master-key", k::secret, "", 0, 0, "32 bytes in hex or base64 that wrap all data keys; a key file in the data folder when absent"},
    setting{"messages-per-minute", k::number, "60", 1, 1'000'000, "messages a person may send in a minute"},
    setting{"connections-per-user", k::number, "32", 1, 100'000, "WebSockets one person may have open"},
    setting{"connections", k::number, "20000", 1, 1'000'000, "connections in all"},
    setting{"heartbeat-ms", k::number, "30000", 100, 600'000, "time between pings on a WebSocket"},
    setting{"entity-idle-ms", k::number, "60000", 100, 86'400'000, "an actor that nobody asked for this long leaves memory"},
    setting{"entity-memory-mib", k::number, "512", 16, 1'048'576, "memory of live actors; the longest unasked leave first"},
    setting{"checkpoint-records", k::number, "20000", 100, 100'000'000, "records between two checkpoints of a partition"},
    setting{"rebuild-events-per-second", k::number, "0", 0, 1'000'000'000, "how fast `reverie rebuild` folds at most; 0: as fast as it goes while live projections keep up"},
    setting{"rebuild-live-p99-ms", k::number, "100", 0, 600'000, "while live commands take longer than this (99th percentile) a rebuild works less of the time; 0: it does not look, and takes the whole machine"},
    setting{"operators-see-full", k::on_off, "true", 0, 0, "`false`: the console shows personal content masked at most, whatever reason is given"},
    setting{"verification-records-per-second", k::number, "20000", 0, 10'000'000, "how fast the log is checked in the background; 0: not at all"},
    setting{"actor-threads", k::number, "0", 0, 1024, "threads of the actor scheduler; 0: one per core"},
    setting{"http-threads", k::number, "1", 1, 256, "threads that serve connections"},
    setting{"stop-deadline-ms", k::number, "10000", 100, 600'000, "time to finish what was accepted when stopping"},
    setting{"log-level", k::text, "info", 0, 0, "trace, debug, info, warn, error"},
    setting{"log-format", k::text, "auto", 0, 0, "json, text, or auto: text on a terminal"},
};

} // namespace

std::span<const setting> all_settings() { return table; }

} // namespace reverie::ops
