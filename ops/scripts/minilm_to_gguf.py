"""Writes the sentence-embedding model all-MiniLM-L6-v2 as a Q8_0 GGUF file, from its safetensors weights and WordPiece vocabulary.

usage: minilm_to_gguf.py WEIGHTS.safetensors VOCAB.txt RESULT.gguf

Standard library only. The same input gives the same bytes on every machine, so that the result can be checked by its SHA-256.
"""

import array
import json
import struct
import sys

ALIGNMENT = 32
LAYERS = 6
SPECIAL_TOKENS = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}

# Type numbers of GGUF metadata values, and of tensors.
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TENSOR_F32, TENSOR_Q8_0 = 0, 8

EMBEDDING_TENSORS = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}
LAYER_TENSORS = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
# Tables that are only looked up, never multiplied: they stay in full precision.
KEPT_IN_F32 = {"position_embd.weight", "token_types.weight"}


def pack_string(text):
    encoded = text.encode("utf-8")
    return struct.pack("<Q", len(encoded)) + encoded


class Metadata:
    """The key-value section of a GGUF file."""

    def __init__(self):
        self.entries = []

    def add(self, key, value_type, packed):
        self.entries.append(pack_string(key) + struct.pack("<I", value_type) + packed)

    def string(self, key, text):
        self.add(key, STRING, pack_string(text))

    def uint32(self, key, number):
        self.add(key, UINT32, struct.pack("<I", number))

    def array(self, key, item_type, items):
        self.add(key, ARRAY, struct.pack("<IQ", item_type, len(items)) + b"".join(items))


def describe_model(metadata):
    metadata.string("general.architecture", "bert")
    metadata.string("general.type", "model")
    metadata.string("general.name", "all-MiniLM-L6-v2")
    metadata.string("general.license", "apache-2.0")
    metadata.uint32("general.file_type", 7)  # mostly Q8_0
    metadata.uint32("general.alignment", ALIGNMENT)
    metadata.uint32("bert.block_count", LAYERS)
    metadata.uint32("bert.context_length", 512)
    metadata.uint32("bert.embedding_length", 384)
    metadata.uint32("bert.feed_forward_length", 1536)
    metadata.uint32("bert.attention.head_count", 12)
    metadata.add("bert.attention.layer_norm_epsilon", FLOAT32, struct.pack("<f", 1e-12))
    metadata.add("bert.attention.causal", BOOL, b"\0")
    metadata.uint32("bert.pooling_type", 1)  # mean


def describe_vocabulary(metadata, tokens):
    """WordPiece marks what continues a word ("##ing"), GGUF what begins one (U+2581)."""

    def in_gguf_spelling(token):
        if token in SPECIAL_TOKENS:
            return token
        return token[2:] if token.startswith("##") else "\u2581" + token

    metadata.uint32("tokenizer.ggml.token_type_count", 2)
    metadata.string("tokenizer.ggml.model", "bert")
    metadata.string("tokenizer.ggml.pre", "default")
    metadata.array("tokenizer.ggml.tokens", STRING, [pack_string(in_gguf_spelling(token)) for token in tokens])
    control, normal = 3, 1
    kinds = [control if token in SPECIAL_TOKENS else normal for token in tokens]
    metadata.array("tokenizer.ggml.token_type", INT32, [struct.pack("<i", kind) for kind in kinds])
    roles = {
        "unknown": "[UNK]",
        "seperator": "[SEP]",  # spelt like this in the format
        "padding": "[PAD]",
        "cls": "[CLS]",
        "mask": "[MASK]",
        "bos": "[CLS]",
        "eos": "[SEP]",
    }
    for role, token in roles.items():
        metadata.uint32(f"tokenizer.ggml.{role}_token_id", tokens.index(token))


def quantize_q8_0(raw):
    """Blocks of 32 values: the scale as a half float, then 32 signed bytes, rounded half away from zero."""
    values = array.array("f")
    values.frombytes(raw)
    block_layout = struct.Struct("<e32b")
    packed = bytearray()
    for start in range(0, len(values), 32):
        block = values[start : start + 32]
        scale = max(map(abs, block)) / 127
        factor = 1 / scale if scale else 0.0
        packed += block_layout.pack(scale, *[int(x * factor + (0.5 if x >= 0 else -0.5)) for x in block])
    return bytes(packed)


def gguf_names():
    names = dict(EMBEDDING_TENSORS)
    for layer in range(LAYERS):
        for source, target in LAYER_TENSORS.items():
            for part in ("weight", "bias"):
                names[f"encoder.layer.{layer}.{source}.{part}"] = f"blk.{layer}.{target}.{part}"
    return names


def read_safetensors(path):
    with open(path, "rb") as file:
        (header_bytes,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_bytes))
        return header, file.read()


def pack_tensors(path):
    """The descriptions of all tensors, and their data; both in the order of the source's names."""
    header, blob = read_safetensors(path)
    descriptions, data, offset = [], [], 0
    for source, target in sorted(gguf_names().items()):
        begin, end = header[source]["data_offsets"]
        shape = header[source]["shape"]
        raw, kind = blob[begin:end], TENSOR_F32
        if len(shape) == 2 and target not in KEPT_IN_F32:
            raw, kind = quantize_q8_0(raw), TENSOR_Q8_0
        descriptions.append(
            pack_string(target)
            + struct.pack("<I", len(shape))
            + struct.pack(f"<{len(shape)}Q", *reversed(shape))
            + struct.pack("<IQ", kind, offset)
        )
        raw += b"\0" * (-len(raw) % ALIGNMENT)
        data.append(raw)
        offset += len(raw)
    return descriptions, data


def main(weights, vocabulary, result):
    with open(vocabulary, encoding="utf-8") as file:
        tokens = [line.rstrip("\n") for line in file]
    metadata = Metadata()
    describe_model(metadata)
    describe_vocabulary(metadata, tokens)
    descriptions, data = pack_tensors(weights)
    version = 3
    head = b"GGUF" + struct.pack("<IQQ", version, len(descriptions), len(metadata.entries))
    head += b"".join(metadata.entries) + b"".join(descriptions)
    with open(result, "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT))
        file.writelines(data)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
