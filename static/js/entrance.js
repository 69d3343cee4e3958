// What the pages before sign-in run.

import * as theme from "./theme.js";

theme.start();
document.querySelector(".wrong-summary")?.focus();
