/* Mufakat: a draft that saves itself while one writes. The page works without this file.
   Nothing is kept in the browser's storage: telephones are shared. Without a line the words stay in the page. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-keep]");
  if (!form) return;
  var said = form.dataset;
  var line = form.querySelector("[data-kept]");
  var place = document.querySelector("[data-clash]");
  var OURS = ["csrfmiddlewaretoken", "one_time_key", "version"];
  var QUIET = 2500, RETRY = 15000, PATIENCE = 12000;
  var kept = words();
  var busy = false, stopped = false, waiting = 0, stop = null;

  function words() {
    var pairs = new URLSearchParams(new FormData(form));
    OURS.forEach(function (name) { pairs.delete(name); });
    return pairs.toString();
  }
  function tell(sentence, trouble) {
    line.textContent = sentence;
    line.classList.toggle("strong", Boolean(trouble));
  }
  function later(milliseconds) {
    clearTimeout(waiting);
    if (!stopped) waiting = setTimeout(send, milliseconds);
  }

  function send() {
    var now = words();
    if (stopped || busy || now === kept) return;
    busy = true;
    stop = new AbortController();
    var clock = setTimeout(function () { stop.abort(); }, PATIENCE);
    var asked = { method: "POST", body: new FormData(form), redirect: "manual", signal: stop.signal };
    fetch(said.keep, asked).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
        stopped = true;
        tell(said.signedOut, true);
        return null;
      }
      if (answer.status >= 500) throw new Error("no answer");
      return answer.json().then(function (given) { settle(given, now); });
    }).catch(function () {
      if (stopped) return;
      tell(said.offline, true);
      later(RETRY);
    }).finally(function () {
      clearTimeout(clock);
      busy = false;
      if (words() !== now) later(QUIET);
    });
  }
  function settle(given, sent) {
    if (stopped) return;
    if (given.version) form.elements.version.value = given.version;
    if (given.state === "saved") {
      kept = sent;
      if (place) place.replaceChildren();
      tell(given.said);
      if (words() === sent) document.dispatchEvent(new Event("draft:saved"));
      if (given.edit) history.replaceState(null, "", given.edit);
      return;
    }
    tell(given.said, given.state !== "unsaved");
    if (given.state === "conflict") clash(given.html);
    if (given.state === "refused") stopped = true;
  }
  /* A colleague was faster: both texts are shown, and only the writer's own press of a button saves again. */
  function clash(html) {
    stopped = true;
    var shown = new DOMParser().parseFromString(html, "text/html").body;
    place.replaceChildren.apply(place, Array.from(shown.childNodes));
    place.scrollIntoView({ block: "start" });
  }

  ["input", "change"].forEach(function (kind) {
    form.addEventListener(kind, function () { later(QUIET); });
  });
  form.addEventListener("submit", function () {
    stopped = true;
    clearTimeout(waiting);
    if (stop) stop.abort();
  });
  addEventListener("online", function () { later(0); });
  addEventListener("offline", function () { if (words() !== kept && !stopped) tell(said.offline, true); });
  addEventListener("pageshow", function (event) { if (event.persisted) stopped = false; });
  document.addEventListener("visibilitychange", function () { if (document.hidden) send(); });
})();
