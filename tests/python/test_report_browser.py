"""The HTML report in a browser: what a person sees first, without JavaScript, and that nothing has effect."""

from __future__ import annotations

import os
import shutil
from importlib import resources

import pytest

import hostile
import logs
import synclens
from synclens.report import html

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        playwright = None
    else:
        playwright = sync_playwright
    if playwright is None or CHROMIUM is None:
        message = "needs playwright and Debian's chromium"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture
def show(browser, tmp_path):
    """Opens a page and fails for any complaint on its console and any request but the page itself."""
    contexts, complaints = [], []

    def opened(content, **how):
        file = tmp_path / "report.html"
        file.write_text(content, "utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **how})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def content():
    return html.render(synclens.open(logs.denied()).to_dict())


def test_the_first_screen_answers(show, content):
    page = show(content)
    for shown in (".status", "h1", "header dd >> nth=0", "header dd >> nth=1", "header pre"):
        box = page.locator(shown).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800, shown
    assert page.locator("header pre").inner_text().startswith("Import-Module")


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_sticks_out(show, content, width):
    page = show(content, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 400])
def test_a_phone_shows_the_reason_of_each_check(show, content, width):
    """Beside the others, the column with the reasons would begin outside of the screen."""
    page = show(content, viewport={"width": width, "height": 800})
    reasons = page.locator(".checks td:last-child")
    assert reasons.count() > 5
    for reason in reasons.all():
        box = reason.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(show, content, scheme):
    """Every text has at least 4.5 times the luminance of what is behind it, or the reverse."""
    page = show(content, color_scheme=scheme)
    weak = page.evaluate(
        """() => {
          const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
          const lum = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = (e) => {
            for (let up = e; up; up = up.parentElement) {
              const c = parse(getComputedStyle(up).backgroundColor);
              if (c.length === 3 || c[3] > 0) return c;
            }
            return [255, 255, 255];
          };
          const weak = [];
          document.querySelectorAll("details").forEach((d) => { d.open = true; });
          for (const e of document.querySelectorAll("body *")) {
            if (["SCRIPT", "title"].includes(e.tagName) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
            const style = getComputedStyle(e);
            const ink = e.ownerSVGElement ? parse(style.fill) : parse(style.color);
            const [a, b] = [lum(ink), lum(behind(e))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(`${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
          }
          return weak;
        }"""
    )
    assert weak == []


@pytest.fixture(scope="module")
def axe():
    try:
        import axe_playwright_python
    except ImportError:
        pytest.fail("needs axe") if os.environ.get("CI") == "true" else pytest.skip("needs axe-playwright-python")
    return (resources.files(axe_playwright_python) / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 400)])
def test_axe_finds_no_fault(show, axe, scheme, width):
    """Landmarks, names, order of headings, contrast, keyboard: everything that axe-core judges."""
    page = show(
        html.render(hostile.poisoned("plain words")), color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found["violations"]] == []
    assert {rule["id"] for rule in found["passes"]} >= {
        "color-contrast",
        "landmark-one-main",
        "region",
        "heading-order",
    }


def test_a_command_is_copied_as_it_is(show, content):
    """Lines are set apart and wrapped on the page, but not in what is taken from it."""
    page = show(content)
    taken = page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('header pre')) || getSelection().toString()"
    )
    raw = synclens.open(logs.denied()).to_dict()
    assert taken == next(step["command"] for step in raw["findings"][0]["fix"] if step["command"])


def test_the_chart_fits_the_screen_and_says_what_a_bar_is(show, content):
    wide, narrow = show(content), show(content, viewport={"width": 400, "height": 800})
    assert wide.locator(".chart:visible").count() == narrow.locator(".chart:visible").count() == 1
    assert narrow.locator(".chart.narrow").bounding_box()["width"] <= 400
    titles = wide.locator(".chart.wide title").all_text_contents()
    assert any("contoso.com · errors" in title and "UTC" in title for title in titles)


def test_without_javascript_it_reads(show, content):
    page = show(content, java_script_enabled=False)
    assert page.locator("button").count() == 0
    assert page.locator(".search:visible").count() == 0
    texts = "[...document.querySelectorAll('main h2, main h3, main p, main dd, main td, main pre')].map((e) => e.textContent)"
    assert page.evaluate(texts) == show(content).evaluate(texts)
    page.locator("#findings summary").first.click()
    page.locator("#timeline summary").click()
    assert page.locator("#timeline table").is_visible()


def test_search_copy_and_links(show):
    raw = hostile.diagnosis()
    user = {
        "anchor": None,
        "status": "Failed",
        "last_request": None,
        "last_result": None,
        "cause": "service-error",
        "history": ["one"],
    }
    raw["users"] = [
        {**user, "dn": f"CN={name},OU=Staff,DC=contoso,DC=com"} for name in ("Ada Voss", "Bo Lind", "Cy Tan")
    ]
    page = show(html.render(raw))
    field = page.get_by_label("Find a user")
    field.fill("lind staff")
    assert page.locator(".users > tbody > tr:visible").count() == 1
    assert page.locator("output").inner_text() == "1 of 3 shown"
    field.fill("")
    assert page.locator(".users > tbody > tr:visible").count() == 3
    assert page.locator("button").count() == page.locator(".command").count() > 1
    page.locator("button").first.click()
    page.wait_for_function("document.querySelector('button').textContent !== 'Copy'")
    page.locator("#findings > details > summary").first.click()
    assert page.locator("#finding-1").get_attribute("open") is None
    page.get_by_role("link", name="Why, evidence and documents").first.click()
    page.wait_for_function("document.getElementById('finding-1').open")


def test_the_keyboard_reaches_the_first_link_and_skips(show, content):
    page = show(content)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to what to do"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#do"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_log_that_attacks_has_no_effect(show, javascript):
    page = show(html.render(synclens.open(hostile.export()).to_dict()), java_script_enabled=javascript)
    assert page.evaluate(f"window.{hostile.MARKER}") is None
    assert page.locator("img, iframe, form, object, embed, textarea, main script, main style").count() == 0
    assert page.evaluate("[...document.links].every((a) => a.protocol === 'https:' || a.hash)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert str(4321 * 8765) not in page.content()


def test_nothing_in_the_input_has_effect(show):
    for attack in (*hostile.ATTACKS[:5], " ".join(hostile.ATTACKS)):
        page = show(html.render(hostile.poisoned(attack)))
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate(f"window.{hostile.MARKER}") is None
        assert page.locator("img, iframe, form, object, embed").count() == 0
