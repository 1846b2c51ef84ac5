"""Draw docs/map.png for the user's guide: the map and the chart of invented incidents."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from random import Random

from PIL import Image

from bot.picture.atlas import GazetteerAtlas
from bot.picture.chart import Bucket, ChartData, chart
from bot.picture.incident_map import MapData, Ring, incident_map
from bot.questions.statistics import Usual, describe
from extract.places.gazetteer import Gazetteer
from extract.types import Severity

OUT = Path(__file__).parents[1] / "docs" / "map.png"
DAY = date(2026, 3, 2)
GAP = 24


def main() -> None:
    """Write the two pictures side by side."""
    gazetteer = Gazetteer.open()
    kotri = gazetteer.search("Kotri, Sindh")[0]
    drawn = MapData(
        place=kotri,
        severity=Severity.SEVERE,
        title="SEVERE · bombing",
        subtitle="Kotri, Sindh, Pakistan · 1 Mar 2026",
        ring=Ring(25.39, 68.37, 50, "50 km around Hyderabad"),
    )
    pictures = [incident_map(drawn, GazetteerAtlas(gazetteer)), _chart()]
    images = [Image.open(io.BytesIO(body)).convert("RGB") for body in pictures]
    both = Image.new("RGB", (sum(image.width for image in images) + GAP, images[0].height), (127, 127, 127))
    both.paste(images[0], (0, 0))
    both.paste(images[1], (images[0].width + GAP, 0))
    OUT.parent.mkdir(exist_ok=True)
    both.reduce(2).quantize(128).save(OUT, optimize=True)
    print(OUT)


def _chart() -> bytes:
    chance, buckets = Random(4), []
    for back in range(29, -1, -1):
        number = chance.choice((0, 0, 0, 1, 1, 2)) if back > 6 else chance.choice((1, 2, 3))
        day = DAY - timedelta(days=back)
        killed, injured = number and chance.randrange(4), number and chance.randrange(9)
        buckets.append(Bucket(f"{day.day} {day:%b}", number, killed, injured))
    total, last = sum(one.incidents for one in buckets), sum(one.incidents for one in buckets[-7:])
    killed, injured = sum(one.killed for one in buckets), sum(one.injured for one in buckets)
    figures = ChartData(
        buckets=tuple(buckets),
        head="Incidents a day",
        kinds=(("shooting", total - 14), ("bombing", 6), ("road accident", 4), ("fire", 3), ("kidnapping", 1)),
        usual=4.6 / 7,
        killed=f"killed: at least {killed}",
        injured=f"injured: {injured} to {injured + 11}",
    )
    note = describe(Usual(last, 52, 239, 4.6), "Karachi")
    return chart(figures, title=f"Karachi, Pakistan: {total} incidents", subtitle="last 30 days", note=note)


if __name__ == "__main__":
    main()
