"""Every form the studio can draw, and how each stands before the camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.pictures import bags, candles, cookware, cutting, lights, paper, plants, textiles, tools, vessels
from demo.pictures.geometry import Model
from demo.pictures.spec import Wishes


@dataclass(frozen=True)
class Form:
    """A builder and its portrait: camera pitch, share of the frame, and the place of the closer look."""

    build: Callable[[Wishes], Model]
    pitch: float = 16
    fill: float = 0.62
    close: tuple[float, float, float] = (2.0, 0.45, 0.42)
    hung: bool = False
    apart: float = 0.98


FORMS: dict[str, Form] = {
    "vase": Form(vessels.vase, close=(1.9, 0.48, 0.36)),
    "jug": Form(vessels.jug, pitch=17),
    "mug": Form(vessels.mug, pitch=24, fill=0.56, close=(1.8, 0.46, 0.5)),
    "bowl": Form(vessels.bowl, pitch=30, fill=0.62, close=(1.9, 0.4, 0.5)),
    "bowls": Form(vessels.bowls, pitch=26, fill=0.62, close=(1.9, 0.4, 0.45)),
    "plates": Form(vessels.plates, pitch=34, fill=0.70, close=(1.9, 0.35, 0.5)),
    "table lamp": Form(lights.table_lamp, pitch=10, fill=0.70, close=(2.0, 0.45, 0.6)),
    "mushroom lamp": Form(lights.mushroom_lamp, pitch=10, fill=0.62, close=(1.9, 0.42, 0.42)),
    "task lamp": Form(lights.task_lamp, pitch=12, fill=0.70, close=(2.1, 0.36, 0.36)),
    "pendant": Form(lights.pendant, pitch=-9, fill=0.62, close=(1.7, 0.42, 0.60), hung=True),
    "pillar": Form(candles.pillar, pitch=18, fill=0.60),
    "tapers": Form(candles.tapers, pitch=12, fill=0.68, close=(2.1, 0.5, 0.36)),
    "jar candle": Form(candles.jar_candle, pitch=26, fill=0.52, close=(1.8, 0.46, 0.42)),
    "tin candle": Form(candles.tin_candle, pitch=30, fill=0.66, close=(1.8, 0.4, 0.5)),
    "dinner candles": Form(candles.dinner_candles, pitch=36, fill=0.70),
    "cushion": Form(textiles.cushion, pitch=10, fill=0.66, close=(2.2, 0.38, 0.42)),
    "blanket": Form(textiles.blanket, pitch=26, fill=0.74, close=(2.0, 0.4, 0.52)),
    "towels": Form(textiles.towels, pitch=30, fill=0.72, close=(2.0, 0.4, 0.52)),
    "pot": Form(cookware.pot, pitch=22, fill=0.72, close=(1.9, 0.5, 0.42)),
    "saucepan": Form(cookware.saucepan, pitch=32, fill=0.80, close=(1.9, 0.36, 0.5)),
    "kettle": Form(cookware.kettle, pitch=14, fill=0.68, close=(1.9, 0.5, 0.45)),
    "board": Form(cutting.board, pitch=58, fill=0.76, close=(2.0, 0.42, 0.45), apart=0.9),
    "knife": Form(cutting.knife, pitch=66, fill=0.78, close=(2.1, 0.42, 0.55)),
    "knives": Form(cutting.knives, pitch=66, fill=0.78, close=(2.0, 0.42, 0.6)),
    "backpack": Form(bags.backpack, pitch=10, fill=0.74, close=(2.0, 0.45, 0.42)),
    "tote": Form(bags.tote, pitch=12, fill=0.74, close=(2.0, 0.42, 0.48)),
    "pouch": Form(bags.pouch, pitch=14, fill=0.62, close=(2.0, 0.56, 0.44)),
    "drawstring": Form(bags.drawstring, pitch=14, fill=0.62, close=(2.0, 0.48, 0.36)),
    "planter": Form(plants.planter, pitch=13, fill=0.76, close=(1.9, 0.46, 0.56)),
    "window box": Form(plants.window_box, pitch=18, fill=0.78, close=(1.9, 0.42, 0.48)),
    "hanging planter": Form(plants.hanging_planter, pitch=4, fill=0.74, close=(1.9, 0.46, 0.66), hung=True),
    "hand tools": Form(tools.hand_tools, pitch=62, fill=0.78, close=(2.0, 0.42, 0.4)),
    "dibber": Form(tools.dibber, pitch=48, fill=0.70),
    "twine": Form(tools.twine, pitch=28, fill=0.58, close=(1.9, 0.45, 0.5)),
    "scissors": Form(tools.scissors, pitch=66, fill=0.66),
    "brush": Form(tools.brush, pitch=34, fill=0.74, close=(2.0, 0.5, 0.5)),
    "watering can": Form(tools.watering_can, pitch=14, fill=0.76, close=(1.9, 0.5, 0.5)),
    "gift card": Form(paper.gift_card, pitch=56, fill=0.76, close=(2.0, 0.4, 0.45)),
    "booklet": Form(paper.booklet, pitch=56, fill=0.8, close=(2.0, 0.42, 0.5)),
    "mister": Form(tools.mister, pitch=16, fill=0.58, close=(1.9, 0.48, 0.36)),
}
