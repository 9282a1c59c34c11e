"""How a page looks, measured: what runs off the side, and what can be told from its background."""

from __future__ import annotations

from playwright.sync_api import Page

_OVER = """() => {
  const wide = innerWidth, found = [];
  for (const place of [document.documentElement, ...document.querySelectorAll('[data-testid="stApp"], [data-testid="stMain"]')])
    if (place.scrollWidth > place.clientWidth + 1)
      found.push(`${place.dataset?.testid ?? 'document'} is ${place.scrollWidth} wide in ${place.clientWidth}`);
  const scrolls = e => { for (; e; e = e.parentElement) {
    const how = getComputedStyle(e).overflowX;
    if (e.dataset?.testid === 'stMain') return false;
    if (how === 'auto' || how === 'scroll' || how === 'hidden' || how === 'clip') return true; } return false; };
  for (const e of document.querySelectorAll('[data-testid="stMain"] *')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.height && box.right > wide + 1 && !scrolls(e.parentElement))
      found.push(`<${e.tagName.toLowerCase()} ${e.dataset?.testid ?? e.className}> ends at ${Math.round(box.right)}`);
  }
  return found.slice(0, 5);
}"""
_FAINT = """least => {
  const parse = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const over = (top, below) => top.slice(0, 3).map((v, at) => v * top[3] + below[at] * (1 - top[3]));
  const behind = e => { const layers = [];
    for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3]) layers.push(c); if (c[3] === 1) break; }
    let colour = [255, 255, 255]; for (const layer of layers.reverse()) colour = over(layer, colour); return colour; };
  const found = [];
  for (const e of document.querySelectorAll('[data-testid="stMain"] *, [data-testid="stSidebar"] *')) {
    const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
    const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    if (!text || !box.width || look.visibility === 'hidden' || e.closest('canvas, [aria-hidden="true"], [disabled]')) continue;
    const ground = behind(e), svg = e instanceof SVGElement;
    const ink = parse(svg ? (look.fill === 'none' ? 'rgb(0,0,0)' : look.fill) : look.color);
    let seen = svg ? ink[3] * look.opacity * look.fillOpacity : ink[3];
    for (let p = svg ? null : e; p; p = p.parentElement) seen *= getComputedStyle(p).opacity;
    if (seen < .05) continue;
    const a = light(over([...ink.slice(0, 3), seen], ground)), b = light(ground);
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < least) found.push(`${contrast.toFixed(1)}: ${text.slice(0, 40)}`);
  }
  return [...new Set(found)].slice(0, 8);
}"""


def off_the_side(page: Page) -> list[str]:
    """What is wider than the window."""
    return list(page.evaluate(_OVER))


def faint(page: Page, least: float = 3.0) -> list[str]:
    """Words that hardly stand out from what is behind them, with their contrast."""
    return list(page.evaluate(_FAINT, least))


def background(page: Page) -> tuple[int, ...]:
    """The colour of the page."""
    text = page.evaluate(
        "() => getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor"
    )
    return tuple(int(part) for part in text.removeprefix("rgb(").removesuffix(")").split(","))
