"""Product pictures, drawn from geometry and light: nothing but Pillow, no files, the same pixels on every run.

`draw(spec)` gives a square picture of one product, `draw_hero()` the wide still life of the home page.
"""

from demo.pictures.drawing import SIZE, draw
from demo.pictures.forms import FORMS
from demo.pictures.hero import HERO_SIZE, draw_hero
from demo.pictures.spec import VIEWS, PictureSpec
from demo.pictures.stage import BACKDROPS

__all__ = ["BACKDROPS", "FORMS", "HERO_SIZE", "SIZE", "VIEWS", "PictureSpec", "draw", "draw_hero"]
