/* Mufakat: small comforts. Every page works without this file. */
(function () {
  "use strict";
  var dirty = false;
  var escapes = [];

  function leave() {
    var link = document.querySelector("a[data-leave]");
    if (!link) return;
    dirty = false;
    document.documentElement.hidden = true;
    location.replace(link.href);
  }

  /* Leave quickly: the link, or Esc three times. The page leaves the history. */
  document.addEventListener("click", function (event) {
    var target = event.target;
    if (target.closest("a[data-leave]")) {
      event.preventDefault();
      leave();
    }
    document.querySelectorAll("details.lang[open]").forEach(function (menu) {
      if (!menu.contains(target)) menu.open = false;
    });
    var copy = target.closest("button[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        copy.textContent = copy.dataset.done;
      });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.lang[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    escapes = escapes.filter(function (at) { return event.timeStamp - at < 1500; });
    escapes.push(event.timeStamp);
    if (escapes.length > 2) leave();
  });

  /* One press, one answer. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    dirty = false;
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(ready, 8000); /* a download leaves us on the page */
  });
  function ready() {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
    document.querySelectorAll("button[aria-disabled]").forEach(function (button) {
      button.removeAttribute("aria-disabled");
    });
  }
  addEventListener("pageshow", ready);

  /* Search as you filter: the same plain form, sent while one types; only what was found is exchanged. */
  var asked = 0;
  function search(form) {
    var given = new URLSearchParams(new FormData(form));
    Array.from(given).forEach(function (pair) { if (!pair[1]) given.delete(pair[0]); });
    var url = form.action + (String(given) ? "?" + given : "");
    var mine = ++asked;
    fetch(url, { headers: { Accept: "text/html" } }).then(function (answer) { return answer.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").getElementById(form.dataset.live);
      if (mine !== asked || !fresh) return;
      document.getElementById(form.dataset.live).replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", url);
    }).catch(function () { /* the button still works */ });
  }
  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var form = event.target.closest("form[data-live]");
      if (!form || (event.target.type === "search") !== (kind === "input")) return;
      clearTimeout(form.waiting);
      form.waiting = setTimeout(search, kind === "input" ? 350 : 0, form);
    });
  });

  /* Forms marked data-guard ask before typed words are lost. */
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("draft:saved", function () { dirty = false; });
  addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });

  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copy]").forEach(function (button) {
      button.hidden = false;
    });
  }
  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
