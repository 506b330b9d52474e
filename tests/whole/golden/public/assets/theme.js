// Three comforts; the page is whole without them.
(() => {
  const words = document.currentScript.dataset;
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  // The lamp. What equals the system's choice is not kept, so that the page follows it again.
  const keep = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    try {
      if (theme) localStorage.setItem("litfass-theme", theme);
      else localStorage.removeItem("litfass-theme");
    } catch { /* storage is blocked: the choice lasts for this page */ }
  };
  const lamp = document.querySelector(".lamp");
  if (lamp) {
    lamp.hidden = false;
    lamp.addEventListener("click", () => {
      const system = systemDark.matches ? "dark" : "light";
      const chosen = (root.dataset.theme || system) === "dark" ? "light" : "dark";
      keep(chosen === system ? "" : chosen);
    });
  }

  // What scrolls sideways can be reached by the keyboard.
  for (const box of document.querySelectorAll(".prose pre, .prose table")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }

  // Code can be copied, without its prompts and line numbers; only https and loopback allow it.
  const codeIn = (block) => {
    const code = (block.querySelector(".code pre") || block.querySelector("pre")).cloneNode(true);
    for (const part of code.querySelectorAll(".gp, .linenos")) part.remove();
    return code.textContent;
  };
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll(".prose div.highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(codeIn(block));
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    block.append(button);
  }
})();
