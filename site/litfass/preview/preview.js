// Shows the page anew when the blog was built anew, and what keeps it from being built.
(() => {
  const OURS = 'script[src^="/-litfass/"]';
  const shown = { ...document.currentScript.dataset };
  const place = `litfass-scroll:${location.pathname}`;
  const frame = frameOf(document);

  // Only while the page can be seen: a browser keeps no more than six connections to one
  // host, and a seventh tab would wait for ever. Each message is the whole state, so nothing
  // is lost in between.
  let events = null;
  function listen() {
    if (document.hidden || events) return;
    events = new EventSource("/-litfass/events");
    events.onmessage = (event) => compare(JSON.parse(event.data));
  }
  function leave() {
    events?.close();
    events = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);

  let told = null;
  let busy = false;
  async function compare(edition) {
    told = edition;
    if (busy) return;
    busy = true;
    for (let one = null; one !== told; ) {
      one = told;
      if (!(await agreed(one))) return reload();
    }
    busy = false;
  }

  // Shows an edition; tells whether that can be done without loading the page anew.
  async function agreed(edition) {
    if (edition.run !== shown.run || edition.files !== shown.files) return false;
    if (edition.pages !== shown.pages && !(await renewed())) return false;
    if (edition.styles !== shown.styles) restyle(edition.styles);
    shown.styles = edition.styles;
    overlay(edition.problems);
    return true;
  }

  // Puts the new page into this one: sooner to be seen than a page that is loaded. What stands
  // around the words must be as it was, and each script must say what it needs, for it does not
  // notice: data-preview="once" or "again".
  async function renewed() {
    const page = frame && (await fetched());
    const marks = page?.querySelector(OURS)?.dataset;
    if (marks?.run !== shown.run || frameOf(page) !== frame) return false;
    const [left, top] = [scrollX, scrollY];
    for (const old of document.head.querySelectorAll("title, meta")) old.remove();
    document.head.prepend(...page.head.querySelectorAll("title, meta"));
    document.documentElement.lang = page.documentElement.lang;
    document.body.replaceWith(page.body);
    scrollTo({ left, top, behavior: "instant" });
    document.head.querySelectorAll('script[data-preview="again"]').forEach(again);
    shown.pages = marks.pages;
    return true;
  }

  async function fetched() {
    try {
      const answer = await fetch(location.href);
      if (!answer.ok || answer.redirected) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return null; // loading will tell why
    }
  }

  // What two pages must have in common for one to take the other's place; null for a page that
  // wants to be loaded.
  function frameOf(page) {
    const around = [...page.querySelectorAll('script, style, link[rel~="stylesheet"]')];
    const parts = around.filter((one) => !one.matches(`${OURS}, script[type*="json"]`));
    const unsaid = (one) => one.matches("script:not(head > [data-preview])");
    if (page.body.hasAttribute("onload") || parts.some(unsaid)) return null;
    return `${parts.map((one) => one.outerHTML).join("\n")}\n`;
  }

  function again(script) {
    const fresh = document.createElement("script");
    for (const { name, value } of script.attributes) fresh.setAttribute(name, value);
    fresh.textContent = script.textContent;
    script.replaceWith(fresh);
  }

  function reload() {
    leave();
    sessionStorage.setItem(place, JSON.stringify([scrollX, scrollY]));
    history.scrollRestoration = "manual";
    location.reload();
  }

  function restyle(number) {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = new URL(link.href);
      if (address.origin !== location.origin) continue;
      address.searchParams.set("litfass", number);
      const fresh = link.cloneNode();
      fresh.href = address;
      fresh.onload = fresh.onerror = () => link.remove();
      link.after(fresh);
    }
  }

  const kept = sessionStorage.getItem(place);
  if (kept) {
    const [left, top] = JSON.parse(kept);
    const scroll = () => scrollTo({ left, top, behavior: "instant" });
    sessionStorage.removeItem(place);
    scroll();
    // Pictures and fonts may still move things; then the browser is in charge again.
    addEventListener("load", () => {
      scroll();
      history.scrollRestoration = "auto";
    });
  }

  const style = `
    :host { color-scheme: light dark; }
    .shade { position: fixed; inset: 0; overflow: auto; padding: 4vh 1rem;
      background: light-dark(#2a221a80, #000000a6); }
    .sheet { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1.5rem 1.5rem;
      border-top: .4rem solid light-dark(#b4321b, #f0714f); border-radius: .25rem;
      box-shadow: 0 1rem 3rem #0007; font: 1rem/1.5 system-ui, sans-serif;
      color: light-dark(#231c15, #f1e9dc); background: light-dark(#fffaf1, #221d18); }
    header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
    h1 { margin: 0; font-size: 1.2rem; }
    button { font: inherit; font-size: .9rem; color: inherit; background: none; cursor: pointer;
      border: 1px solid currentcolor; border-radius: .25rem; padding: .15rem .7rem; }
    button:focus-visible { outline: 3px solid light-dark(#a12a14, #f39a7c); outline-offset: 2px; }
    ol { list-style: none; margin: 1rem 0 0; padding: 0; }
    li { padding: .8rem 0; border-top: 1px solid light-dark(#dccfb8, #463d32); }
    p { margin: .15rem 0; overflow-wrap: anywhere; white-space: pre-line; }
    .where { font: .9rem ui-monospace, Menlo, Consolas, monospace;
      color: light-dark(#a12a14, #f39a7c); }
    .what { font-weight: 600; }
    .hint { color: light-dark(#5f5446, #bcb0a0); }
    footer { margin-top: .6rem; font-size: .9rem; color: light-dark(#5f5446, #bcb0a0); }
  `;

  // Text is always set as text: a post's words must not become part of the page's HTML.
  function element(name, className, text, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  }

  function item(problem) {
    const line = problem.line === null ? "" : `:${problem.line}`;
    const lines = [];
    if (problem.path) lines.push(element("p", "where", problem.path + line));
    lines.push(element("p", "what", problem.message));
    if (problem.hint) lines.push(element("p", "hint", problem.hint));
    for (const one of lines) one.dir = "auto";
    return element("li", problem.severity, "", ...lines);
  }

  let host = null;
  function close() {
    host?.remove();
    host = null;
  }
  addEventListener("keydown", (event) => event.key === "Escape" && close());

  let words = "[]";
  function overlay(problems) {
    if (JSON.stringify(problems) === words) return; // shown already, or put away
    words = JSON.stringify(problems);
    close();
    if (problems.length === 0) return;
    host = document.createElement("litfass-problems");
    const fixed = { all: "initial", display: "block", position: "fixed", "z-index": "2147483647" };
    for (const [name, value] of Object.entries(fixed)) host.style.setProperty(name, value, "important");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
    const shade = element("div", "shade");
    shade.setAttribute("role", "alert");
    shade.lang = "en";
    shadow.append(shade);
    document.documentElement.append(host);
    shade.append(sheetOf(problems));
  }

  function sheetOf(problems) {
    const hide = element("button", "", "Hide");
    hide.type = "button";
    hide.onclick = close;
    const many = problems.length > 1;
    const title = `${many ? `${problems.length} problems keep` : "A problem keeps"} the blog from being built`;
    const behind = shown.pages === "0" ? "The blog appears" : "Behind this are the last good pages. This goes away";
    return element("div", "sheet", "",
      element("header", "", "", element("h1", "", title), hide),
      element("ol", "", "", ...problems.map(item)),
      element("footer", "", `${behind} by itself as soon as everything is mended.`),
    );
  }

  listen();
})();
