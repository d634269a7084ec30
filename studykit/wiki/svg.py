"""Drawings as files: an SVG without what runs, loads or leads anywhere.

A browser that opens the file itself runs its scripts as the site's own, with no page's policy.

>>> clean_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script><g onload="x"/></svg>')
b'<svg xmlns="http://www.w3.org/2000/svg"><g /></svg>'
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

__all__ = ["SvgError", "clean_svg"]

_SVG = "http://www.w3.org/2000/svg"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "line"),
        *("ellipse", "polyline", "polygon", "text", "tspan", "textPath", "clipPath", "mask"),
        *("linearGradient", "radialGradient", "stop", "pattern", "marker", "style", "image"),
        *("filter", "feGaussianBlur", "feOffset", "feBlend", "feColorMatrix", "feMerge"),
        *("feMergeNode", "feFlood", "feComposite"),
    )
)
_ATTRIBUTE = re.compile(r"(?!on)[A-Za-z][A-Za-z0-9:-]*", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
# In styles and in values: a function that loads, but for one that points into the drawing.
_LOADS = re.compile(
    r"url\(\s*[\"']?(?!#)|@import|expression|image-set|javascript:|\\", re.IGNORECASE
)
_DEEPEST = 100


class SvgError(ValueError):
    """The file is no SVG, or one that no drawing program writes."""


def clean_svg(data: bytes) -> bytes:
    """The drawing with the elements and attributes of the allow-list.

    Raises:
        SvgError: It is no SVG, has entities of its own, or is nested too deeply.
    """
    try:
        root = fromstring(data, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise SvgError(f"this is no SVG that can be read: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise SvgError("this is no SVG: it does not begin with <svg xmlns=…>")
    _clean(root, 0)
    register_namespace("", _SVG)
    register_namespace("xlink", "http://www.w3.org/1999/xlink")
    result: bytes = tostring(root)
    return result


def _clean(element: Element, depth: int) -> None:
    if depth > _DEEPEST:
        raise SvgError(f"more than {_DEEPEST} elements are nested in one another")
    for name, value in list(element.attrib.items()):
        if not _allowed(element.tag, name, value):
            del element.attrib[name]
    for child in list(element):
        space, _, name = str(child.tag).rpartition("}")
        loads = name == "style" and (len(child) or _LOADS.search(child.text or ""))
        if space != f"{{{_SVG}" or name not in _ELEMENTS or loads:
            element.remove(child)
        else:
            _clean(child, depth + 1)


def _allowed(tag: str, name: str, value: str) -> bool:
    if name in _HREFS:
        picture = tag == f"{{{_SVG}}}image" and _PICTURE.fullmatch(value) is not None
        return value.startswith("#") or picture
    return _ATTRIBUTE.fullmatch(name) is not None and _LOADS.search(value) is None
