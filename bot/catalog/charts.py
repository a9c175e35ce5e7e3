"""Coverage as pictures: a calendar whose days are the darker the more moments they have, and bars of regions."""

import calendar
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.catalog.coverage import DAYS_IN, Coverage

PAPER, INK, LINE = "#fbf8f0", "#33302a", "#d8d1c0"
# None, 1, 2, 3, 4, 5 and more moments.
SHADES = ("#efe9da", "#ecd9a0", "#dcb95a", "#c9a227", "#96781a", "#63500f")
CELL, GAP, LEFT, ABOVE = 26, 3, 110, 56


def draw_calendar(found: Coverage, path: Path) -> None:
    """A row a month, a square a day."""
    width, height = LEFT + 31 * (CELL + GAP) + 20, ABOVE + 12 * (CELL + GAP) + 56
    image, draw, font = _paper(width, height)
    draw.text((LEFT, 14), f"{found.total:,} moments by day of the year", INK, _font(18))
    for day in range(1, 32):
        draw.text((LEFT + (day - 1) * (CELL + GAP) + CELL / 2, ABOVE - 8), str(day), INK, _font(11), "ms")
    for month, days in enumerate(DAYS_IN, 1):
        top = ABOVE + (month - 1) * (CELL + GAP)
        draw.text((LEFT - 12, top + CELL / 2), calendar.month_name[month], INK, font, "rm")
        for day in range(1, days + 1):
            left, count = LEFT + (day - 1) * (CELL + GAP), found.days[month, day]
            shade = min(count, len(SHADES) - 1)
            draw.rectangle((left, top, left + CELL, top + CELL), SHADES[shade])
            if count:
                ink = PAPER if shade > 3 else INK
                draw.text((left + CELL / 2, top + CELL / 2), str(count), ink, _font(11), "mm")
    for place, shade_colour in enumerate(SHADES):
        left, top = LEFT + place * 70, height - 38
        draw.rectangle((left, top, left + 18, top + 18), shade_colour)
        draw.text((left + 26, top + 9), f"{place}+" if place == len(SHADES) - 1 else str(place), INK, font, "lm")
    image.save(path, optimize=True)


def draw_bars(found: Coverage, path: Path) -> None:
    """A bar a region, by the own country of each moment, and a bar a category."""
    groups = (("By region", found.regions.most_common()), ("By category", found.categories.most_common()))
    rows = sum(len(counts) for _, counts in groups)
    image, draw, font = _paper(760, 40 + rows * 30 + len(groups) * 52)
    top = 20
    for title, counts in groups:
        draw.text((24, top + 8), title, INK, _font(18))
        top += 44
        most = max((count for _, count in counts), default=1)
        for name, count in counts:
            draw.text((210, top + 10), name, INK, font, "rm")
            draw.rectangle((220, top, 220 + 440 * count / most, top + 20), SHADES[3])
            draw.text((228 + 440 * count / most, top + 10), f"{count:,}", INK, font, "lm")
            top += 30
    image.save(path, optimize=True)


def _paper(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw, ImageFont.ImageFont]:
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width - 1, height - 1), outline=LINE)
    return image, draw, _font(14)


def _font(size: int) -> ImageFont.ImageFont:
    """Pillow's own font, so that pictures are the same everywhere."""
    font: ImageFont.ImageFont = ImageFont.load_default(size)  # type: ignore[assignment]  # one kind or the other
    return font
