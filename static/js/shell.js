// What every page of the product runs.

import * as amount from "./amount.js";
import * as forms from "./forms.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as reveal from "./reveal.js";
import * as scan from "./scan.js";
import * as search from "./search.js";
import * as session from "./session.js";
import * as table from "./table.js";
import * as theme from "./theme.js";

for (const part of [theme, reveal, scan, search, table, keys, amount, forms, live, session]) part.start();

// The object header and list header stick below whatever stands at the top, the training band included.
const top = document.querySelector(".frame-top");
if (top) {
  const measure = () => {
    const stays = getComputedStyle(top).position === "sticky";
    document.documentElement.style.setProperty("--stick", stays ? `${top.offsetHeight}px` : "0px");
  };
  new ResizeObserver(measure).observe(top);
  addEventListener("resize", measure);
  measure();
}
