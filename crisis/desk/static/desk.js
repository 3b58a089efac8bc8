// Small comforts; every page works without them. No inline code, nothing from elsewhere.
"use strict";

// After a refused form, the summary of what was wrong is read out first.
document.querySelector("[data-focus]")?.focus();
