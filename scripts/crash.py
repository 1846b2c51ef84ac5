"""Is anything lost or repeated when the service is killed? python scripts/crash.py [KILLS] [SEED]

Runs a small service repeatedly on one database, each time killed (SIGKILL) at one of twelve named points, until its
work is done; then counts. Every chat must have every incident's card once; a second card is allowed only after a kill
between sending and recording, and must be marked as a possible repeat.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from crash_child import CHATS, POINTS, TOWNS

# points at which Telegram has accepted a message and the process dies before it has recorded that
AMBIGUOUS = ("after accept", "before record")
CHILD = Path(__file__).with_name("crash_child.py")
LONGEST = 60


def main(kills: int = 60, seed: int = 1) -> int:
    chance = random.Random(seed)
    died: Counter[str] = Counter()
    lost = repeated = unmarked = unexplained = rounds = 0
    while died.total() < kills:
        with tempfile.TemporaryDirectory() as folder:
            db, log = Path(folder) / "crash.db", Path(folder) / "accepted.jsonl"
            here: Counter[str] = Counter()
            for _ in range(12):
                point = chance.choice(POINTS)
                if _live(db, log, point, chance.randrange(1, 12)):
                    break
                here[point] += 1
            while not _live(db, log, "never", 1):
                pass
            died += here
            rounds += 1
            cards = _cards(log)
            lost += sum(not cards[chat, town] for chat in CHATS for town in range(TOWNS))
            again = sum(len(rows) - 1 for rows in cards.values() if rows)
            repeated += again
            unmarked += sum(not row["again"] for rows in cards.values() for row in rows[1:])
            unexplained += max(0, again - sum(here[point] for point in AMBIGUOUS))
    print(f"{died.total()} kills in {rounds} lives of the database, at {dict(sorted(died.items()))}")
    print(f"lost {lost}, repeated {repeated} (not marked {unmarked}, without a kill that explains it {unexplained})")
    return int(bool(lost or unmarked or unexplained))


def _live(db: Path, log: Path, point: str, nth: int) -> bool:
    """Run the service once; did it end with all work done? Any end but that and the kill raises SystemExit."""
    done = subprocess.run(
        [sys.executable, str(CHILD), str(db), str(log), point, str(nth)],
        timeout=LONGEST,
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, -9):
        raise SystemExit(done.stderr.decode())
    return done.returncode == 0


def _cards(log: Path) -> dict[tuple[int, int], list[dict[str, object]]]:
    """The first cards that each chat got about each town's incident, in order."""
    cards: dict[tuple[int, int], list[dict[str, object]]] = {
        (chat, town): [] for chat in CHATS for town in range(TOWNS)
    }
    for line in log.read_text().splitlines():
        row = json.loads(line)
        if row["edit"] is None:
            town = int(row["first"].partition("Town ")[2].split(",")[0].split(":")[0])
            cards[row["chat"], town].append(row)
    return cards


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
