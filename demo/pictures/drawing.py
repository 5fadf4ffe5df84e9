"""From a `PictureSpec` to a finished picture."""

from __future__ import annotations

from PIL import Image

from demo.pictures.forms import FORMS, Form
from demo.pictures.geometry import Model
from demo.pictures.spec import PictureSpec, Wishes
from demo.pictures.stage import photograph

SIZE = 1200


def draw(spec: PictureSpec, *, size: int = SIZE) -> Image.Image:
    """A square RGB picture. The same spec and size give the same pixels on every run; unknown forms raise KeyError."""
    form = FORMS[spec.form]
    match spec.view:
        case "group":
            return _group(form, spec, size)
        case "close":
            model = form.build(_wishes(spec, spec.colours, 1.25))
            return photograph(
                model,
                pitch=form.pitch,
                backdrop=spec.backdrop,
                size=size,
                fill=form.fill,
                focus=form.close,
                hung=form.hung,
            )
        case "angle":
            model = form.build(_wishes(spec, spec.colours, 1.0)).turned(52 if form.pitch < 40 else 64)
            pitch = (
                form.pitch + 13
                if form.pitch < 40 and not form.hung
                else form.pitch - 10
                if form.hung
                else form.pitch - 12
            )
            return photograph(model, pitch=pitch, backdrop=spec.backdrop, size=size, fill=form.fill, hung=form.hung)
        case _:
            model = form.build(_wishes(spec, spec.colours, 1.0))
            return photograph(
                model, pitch=form.pitch, backdrop=spec.backdrop, size=size, fill=form.fill, hung=form.hung
            )


def _wishes(spec: PictureSpec, colours: tuple[str, ...], fine: float) -> Wishes:
    return Wishes(colours, dict(spec.options), spec.seed, fine)


def _group(form: Form, spec: PictureSpec, size: int) -> Image.Image:
    """The form once per colourway, side by side, each a little before or behind its neighbour."""
    ways = (spec.colours, *spec.beside)
    whole = Model()
    x = 0.0
    for place, colours in enumerate(ways):
        one = form.build(_wishes(spec, colours, 0.75))
        low, high = one.bounds()
        whole.add(
            one.moved(x=x - low[0], y=0.0 if form.pitch >= 40 or form.hung else (place % 2) * 0.42 * (high[1] - low[1]))
        )
        x += (high[0] - low[0]) * form.apart
    low, high = whole.bounds()
    whole = whole.moved(x=-(low[0] + high[0]) / 2)
    return photograph(whole, pitch=form.pitch, backdrop=spec.backdrop, size=size, fill=0.84, hung=form.hung)
