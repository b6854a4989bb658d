
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const tree = document.querySelector(".tree");
  const branches = "details.p, details.step";
  const filter = byId("filter");
  const hits = byId("hits");
  document.querySelectorAll(".search, .acts").forEach((each) => (each.hidden = false));

  // Fold and unfold.
  document.querySelectorAll("[data-tree]").forEach((button) =>
    button.addEventListener("click", () => {
      const open = button.dataset.tree === "open";
      tree.querySelectorAll(branches).forEach((each) => {
        each.open = open && each.querySelector(":scope > .kids") !== null;
      });
    }),
  );

  // The facts of a process with children stay away until asked for: the tree reads better so.
  const facts = document.querySelector("[data-facts]");
  if (tree) tree.classList.add("brief");
  if (facts) {
    facts.addEventListener("click", () => {
      const brief = tree.classList.toggle("brief");
      facts.setAttribute("aria-pressed", String(!brief));
      tree.querySelectorAll("details.p").forEach((each) => {
        if (!each.querySelector(":scope > .kids")) each.open = !brief;
      });
    });
  }

  // A link to a process opens the way to it.
  const reveal = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") each.open = true;
    }
    target.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The filter: rows and cards by their text; a process by its own line, with the way down to it.
  let opened = null;
  const apply = () => {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    document.querySelectorAll("[data-f]").forEach((each) => {
      const hit = !wanted || each.textContent.toLowerCase().includes(wanted);
      each.classList.toggle("miss", !hit);
      if (hit && wanted) count++;
    });
    // A table without a row left goes too, and so does a section without anything left.
    document.querySelectorAll(".scroll, main > section").forEach((each) => {
      const rows = each.querySelectorAll("[data-f]");
      const empty = rows.length > 0 && ![...rows].some((row) => !row.classList.contains("miss"));
      each.classList.toggle("miss", empty);
      const above = each.previousElementSibling;
      if (above && above.tagName === "H3") above.classList.toggle("miss", empty);
    });
    if (tree) {
      const all = [...tree.querySelectorAll(branches)];
      if (wanted && !opened) opened = new Map(all.map((each) => [each, each.open]));
      const kept = new Set();
      for (const each of all) {
        const line = each.querySelector(":scope > summary");
        const more = each.querySelector(":scope > .m");
        const text = line.textContent + " " + (more ? more.textContent : "");
        if (!wanted || !text.toLowerCase().includes(wanted)) continue;
        count++;
        for (let up = each; up && up !== tree && !kept.has(up); up = up.parentElement) {
          if (up.tagName === "DETAILS") kept.add(up);
        }
      }
      for (const each of all) {
        each.classList.toggle("miss", wanted !== "" && !kept.has(each));
        if (wanted) each.open = kept.has(each) && each.querySelector(":scope > .kids") !== null;
        else if (opened) each.open = opened.get(each);
      }
      if (!wanted) opened = null;
    }
    hits.textContent = wanted ? (count === 1 ? "1 match" : count + " matches") : "";
  };
  let pending = 0;
  filter.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(apply, 120);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== filter) {
      event.preventDefault();
      filter.focus();
    } else if (event.key === "Escape" && document.activeElement === filter) {
      filter.value = "";
      apply();
      filter.blur();
    }
  });
  // A printed page has no folds.
  addEventListener("beforeprint", () => {
    const all = tree ? [...tree.querySelectorAll(branches)] : [];
    if (all.length < 3000) all.forEach((each) => (each.open = true));
  });
})();
