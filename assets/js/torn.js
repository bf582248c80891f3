// What the browser must do at once, without asking the server. Each module listens on the document, so it keeps
// working when React redraws. Loaded in the head of every page.
import "./big.js";
import "./choice.js";
import "./count.js";
import "./focus.js";
import "./keyboard.js";
import "./money.js";
import "./press.js";
import "./print.js";
import "./session.js";
import "./show.js";
