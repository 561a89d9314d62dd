"""axe-core in a page of a real browser: `flaws`."""

from pathlib import Path

__all__ = ["flaws"]

_AXE = (Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
_EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AT_REST = "document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity).forEach(one => one.finish())"
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# what is well is not told element by element: that took longer than the looking
_RUN = """only => axe.run({runOnly: only, resultTypes: ['violations'], selectors: false}).then(found => {
    if (found.passes.length + found.incomplete.length === 0) throw new Error('axe-core looked at nothing')
    const html = each => each.nodes.map(node => node.html.slice(0, 160)).join(' | ')
    return found.violations.map(each => `${each.impact} ${each.id}: ${html(each)}`)
})"""


def flaws(page, *, only_contrast: bool = False) -> list[str]:
    """What is wrong with `page`: of each rule its impact, its name and the elements. A page that was looked at in light
    is the same in dark but for its contrast. A page that still comes in is waited for, and colours that glide are looked
    at where they end.
    """
    page.wait_for_load_state("domcontentloaded")  # its styles are there; a live picture never is all there
    page.evaluate(_AT_REST)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_AXE)  # through the debugger: the page's own policy rightly refuses an injected script
    return page.evaluate(_RUN, _CONTRAST if only_contrast else _EVERYTHING)
